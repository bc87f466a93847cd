import type { Clock } from '#core/clock/clock.ts';
import type { IncidentRecord } from '#core/store/records.ts';
import { drop } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import type { BookDraft, IncidentBook } from './incident-book.ts';
import { wakeBecause } from './snoozing.ts';
import { forget } from './verdicts.ts';

/**
 * What becomes of verdicts by time alone: what was put off wakes, and an acknowledgement that nobody came
 * back to is over. The wall clock decides, which may jump and does not run while the machine sleeps: it is
 * looked at when something is due and every few seconds, never trusted to a timer alone.
 */
export interface VerdictTimerOptions {
  readonly book: Pick<IncidentBook, 'incidents'>;
  /** Takes a change in its turn: the desk's. */
  readonly record: (change: (draft: BookDraft) => void) => Promise<void>;
  /** How long an acknowledgement holds to which nobody comes back; 0 for as long as it takes. */
  readonly comeBackAfterMs: () => number;
  readonly clock: Pick<Clock, 'nowMs' | 'after'>;
}

const longestWaitMs = 10 * secondMs;

export class VerdictTimer {
  readonly #options: VerdictTimerOptions;
  #cancel: () => void = () => undefined;
  #isStarted = false;
  #nextAtMs = Number.POSITIVE_INFINITY;

  constructor(options: VerdictTimerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isStarted = true;
    this.look();
  }

  stop(): void {
    this.#isStarted = false;
    this.#cancel();
  }

  /** A draft is in the book. */
  applied(draft: Pick<BookDraft, 'touchedIncidents'>): void {
    for (const incident of draft.touchedIncidents())
      if (this.#dueAtMs(incident) < this.#nextAtMs) return this.look();
  }

  /** Does what is due and waits for what is next. */
  look(): void {
    if (!this.#isStarted) return;
    this.#cancel();
    const { book, clock, record } = this.#options;
    const nowMs = clock.nowMs();
    let inMs = longestWaitMs;
    const due: number[] = [];
    for (const incident of book.incidents()) {
      const atMs = this.#dueAtMs(incident);
      if (atMs <= nowMs) due.push(incident.id);
      else inMs = Math.min(inMs, atMs - nowMs);
    }
    this.#nextAtMs = nowMs + inMs;
    this.#cancel = clock.after(inMs, () => this.look());
    if (due.length === 0) return;
    const done = record((draft) => {
      for (const id of due) this.#act(draft, id, clock.nowMs());
    });
    drop(done, 'it is written when the disk takes it');
  }

  /** Judged anew in its turn: a person may have been quicker. */
  #act(draft: BookDraft, id: number, nowMs: number): void {
    const incident = draft.incident(id);
    if (incident === undefined || this.#dueAtMs(incident) > nowMs) return;
    if (wakesAtMs(incident) <= nowMs) wakeBecause(draft, id, nowMs, 'its time has come');
    if (this.#comesBackAtMs(incident) <= nowMs) forget(draft, id, nowMs);
  }

  #dueAtMs(incident: IncidentRecord): number {
    if (incident.resolvedAtMs !== null || incident.mergedInto !== null) return Number.POSITIVE_INFINITY;
    return Math.min(wakesAtMs(incident), this.#comesBackAtMs(incident));
  }

  /** One that is put off until later is not forgotten before that. */
  #comesBackAtMs({ acknowledgedBy, acknowledgedAtMs, verdicts }: IncidentRecord): number {
    const comeBackAfterMs = this.#options.comeBackAfterMs();
    if (acknowledgedBy === null || comeBackAfterMs === 0) return Number.POSITIVE_INFINITY;
    const handledAtMs = Math.max(acknowledgedAtMs ?? 0, verdicts.handledAtMs ?? 0);
    return Math.max(handledAtMs + comeBackAfterMs, verdicts.snoozed?.untilMs ?? 0);
  }
}

function wakesAtMs({ verdicts }: IncidentRecord): number {
  return verdicts.snoozed?.untilMs ?? Number.POSITIVE_INFINITY;
}
