import { asksForSomebody, type IncidentRow } from '#shared/model/incident.ts';
import { secondMs } from '#shared/time.ts';
import { plainText } from '#shared/text.ts';
import { changesBetween } from '../stores/row-changes.ts';

/**
 * What a screen reader is told of new incidents: one sentence for all of a few seconds, never one each. Where
 * any of them is critical it may interrupt; what is said once is not said again.
 */
export interface Announcement {
  readonly words: string;
  readonly interrupts: boolean;
}

/** How long the first ones are gathered, and how long it is quiet after a sentence. */
export const gatherMs = 3 * secondMs;
export const quietMs = 8 * secondMs;

export class Announcements {
  readonly #say: (announcement: Announcement) => void;
  readonly #known = new Set<number>();
  #rows: readonly IncidentRow[] | null = null;
  #waiting: IncidentRow[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (announcement: Announcement) => void) {
    this.#say = say;
  }

  /** What is listed now. The first list is no news. */
  show(rows: readonly IncidentRow[] | null): void {
    const before = this.#rows;
    if (rows === null || rows === before) return;
    this.#rows = rows;
    for (const row of changesBetween(before ?? [], rows, ({ id }) => id).put) {
      if (this.#known.has(row.id)) continue;
      this.#known.add(row.id);
      if (before !== null && row.state === 'firing' && asksForSomebody(row)) this.#waiting.push(row);
    }
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#tell(), gatherMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    const rows = this.#waiting;
    this.#waiting = [];
    if (rows.length === 0) {
      this.#timer = undefined;
      return;
    }
    this.#timer = setTimeout(() => this.#tell(), quietMs);
    this.#say({ words: wordsOf(rows), interrupts: rows.some(isCritical) });
  }
}

function isCritical({ severity }: IncidentRow): boolean {
  return severity.level === 'critical';
}

function wordsOf(rows: readonly IncidentRow[]): string {
  const critical = rows.filter(isCritical);
  const [first] = critical.length > 0 ? critical : rows;
  if (first === undefined) return '';
  const what = `${plainText(first.title, 120)} ${plainText(first.service, 60)}`.trim();
  if (rows.length === 1) return `New incident, ${first.severity.word}: ${what}`;
  const how = critical.length === 0 ? 'none critical' : `${critical.length} critical`;
  return `${rows.length} new incidents, ${how}, the first ${what}`;
}
