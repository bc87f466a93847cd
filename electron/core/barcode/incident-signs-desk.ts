import { inSlices } from '#core/clock/slices.ts';
import type { AlertRecord, IncidentRecord } from '#core/store/records.ts';
import type { AlertFacts, AlertsPatch } from '#shared/model/alert-facts.ts';
import { maxEarlierSpans, type IncidentSigns } from '#shared/model/incident-signs.ts';
import { labelOf } from '#shared/model/labels.ts';
import { drop } from '#shared/result.ts';
import { dayMs } from '#shared/time.ts';

/**
 * What the inbox shows beside the rows: the barcode of each group over a day, and what keeps an incident
 * from notifying. The day's incidents are in memory; nothing is read for it. Told of those incidents alone
 * of which there is something to tell: most fire for the first time and notify.
 */
export interface IncidentSignsOptions {
  readonly book: {
    incidents(): Iterable<IncidentRecord>;
    incident(id: number): IncidentRecord | undefined;
    findOpenAlert(fingerprint: string): AlertRecord | undefined;
  };
  readonly publish: (upsert: readonly IncidentSigns[], remove: readonly number[]) => void;
  readonly nowMs: () => number;
  /** Runs a task a little later: many changes of one moment are one patch. */
  readonly later: (task: () => void) => void;
}

export class IncidentSignsDesk {
  readonly #options: IncidentSignsOptions;
  readonly #groups = new Map<string, Set<number>>();
  readonly #groupOf = new Map<number, string>();
  readonly #alerts = new Map<number, Map<string, AlertFacts>>();
  readonly #shown = new Map<number, IncidentSigns>();
  readonly #touched = new Set<number>();
  #isDue = false;

  constructor(options: IncidentSignsOptions) {
    this.#options = options;
    for (const { id } of options.book.incidents()) this.#touch(id);
  }

  current(): IncidentSigns[] {
    return [...this.#shown.values()];
  }

  /** These incidents are new or have changed. */
  applied(incidents: Iterable<{ readonly id: number }>): void {
    for (const { id } of incidents) this.#touch(id);
  }

  /** What is known of alerts has changed. */
  heard({ upsert, forget }: AlertsPatch): void {
    for (const id of forget) {
      this.#alerts.delete(id);
      this.#touch(id);
    }
    for (const facts of upsert) {
      let alerts = this.#alerts.get(facts.incidentId);
      if (alerts === undefined) this.#alerts.set(facts.incidentId, (alerts = new Map()));
      alerts.set(facts.fingerprint, facts);
      this.#touch(facts.incidentId);
    }
  }

  #touch(id: number): void {
    this.#touched.add(id);
    if (!this.#isDue) this.#showLater();
  }

  #showLater(): void {
    this.#isDue = true;
    this.#options.later(() => drop(inSlices(this.#showing()), 'it cannot fail'));
  }

  /** In steps of one incident each: a storm touches thousands. What is touched meanwhile is shown later. */
  *#showing(): Generator<void> {
    const due = this.#regroup();
    const upsert: IncidentSigns[] = [];
    const remove: number[] = [];
    for (const id of due) {
      yield;
      const signs = this.#signsOf(id);
      const before = this.#shown.get(id);
      if (signs === null) {
        if (this.#shown.delete(id)) remove.push(id);
      } else if (before === undefined || !isSame(before, signs)) {
        this.#shown.set(id, signs);
        upsert.push(signs);
      }
    }
    if (upsert.length + remove.length > 0) this.#options.publish(upsert, remove);
    this.#isDue = false;
    if (this.#touched.size > 0) this.#showLater();
  }

  /** Puts what was touched into its group. @returns whose signs may be others: theirs, and their group's. */
  #regroup(): ReadonlySet<number> {
    const due = new Set<number>();
    for (const id of this.#touched) {
      due.add(id);
      const key = this.#options.book.incident(id)?.groupKey;
      const before = this.#groupOf.get(id);
      if (key !== before && before !== undefined) this.#leave(id, before);
      if (key === undefined) continue;
      this.#groupOf.set(id, key);
      let group = this.#groups.get(key);
      if (group === undefined) this.#groups.set(key, (group = new Set()));
      group.add(id);
      for (const member of group) due.add(member);
    }
    this.#touched.clear();
    return due;
  }

  #leave(id: number, key: string): void {
    this.#groupOf.delete(id);
    const group = this.#groups.get(key);
    group?.delete(id);
    if (group?.size === 0) this.#groups.delete(key);
  }

  #signsOf(id: number): IncidentSigns | null {
    const incident = this.#options.book.incident(id);
    if (incident === undefined) return null;
    const earlier = this.#earlierThan(incident);
    const open = [...(this.#alerts.get(id)?.values() ?? [])].filter(({ ended }) => !ended);
    const isMutedByTime = open.length > 0 && open.every(({ mutedBy }) => (mutedBy?.length ?? 0) > 0);
    const silencedBy = eachOnce(open.flatMap((facts) => facts.silencedBy ?? []));
    const inhibitedBy = eachOnce(open.flatMap((facts) => facts.inhibitedBy ?? [])).map((by) =>
      this.#nameOf(by),
    );
    const mutedBy = isMutedByTime ? eachOnce(open.flatMap((facts) => facts.mutedBy ?? [])) : [];
    if (earlier.length + silencedBy.length + inhibitedBy.length + mutedBy.length === 0) return null;
    return { id, earlier, silencedBy, inhibitedBy: eachOnce(inhibitedBy), mutedBy };
  }

  /** When its group fired within the day before it opened. */
  #earlierThan({ id, groupKey, openedAtMs }: IncidentRecord): [number, number][] {
    const sinceMs = this.#options.nowMs() - dayMs;
    const spans: [number, number][] = [];
    for (const member of this.#groups.get(groupKey) ?? []) {
      const other = this.#options.book.incident(member);
      if (member === id || other === undefined || other.resolvedAtMs === null) continue;
      if (other.openedAtMs > openedAtMs || other.resolvedAtMs < sinceMs) continue;
      spans.push([other.openedAtMs, other.resolvedAtMs]);
    }
    return spans.sort(([left], [right]) => left - right).slice(-maxEarlierSpans);
  }

  #nameOf(fingerprint: string): string {
    const name = labelOf(this.#options.book.findOpenAlert(fingerprint)?.labels ?? {}, 'alertname');
    return name === '' ? fingerprint : name;
  }
}

/** Names of one incident's mutes: an incident of thousands of alerts has few of them. */
const maxNames = 20;

function eachOnce(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted().slice(0, maxNames);
}

function isSame(left: IncidentSigns, right: IncidentSigns): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
