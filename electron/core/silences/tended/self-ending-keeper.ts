import type { AlertRecord, TendedSilenceRecord } from '#core/store/records.ts';
import type { Silence } from '#shared/model/silence.ts';
import { compileSilence } from '#shared/silences/compile-silence.ts';
import { clusterWith } from '../clusters.ts';
import { subjectOf, type Entry } from '../outbox-entry.ts';
import { isHad } from '../preview/silence-preview.ts';
import { isQuietEnough, quietSince } from './quiet.ts';
import { careOf, pauseAfterRefusalMs, type TendingOptions } from './tending-options.ts';
import { clusterOf, isNowhere, isOutOfSight } from './whose-server.ts';

/**
 * Ends silences that nothing has matched for as long as whoever made them said. By the console itself, so
 * nobody's name is in the audit.
 */
interface Watch {
  lastLookMs: number;
  wasFresh: boolean;
  sinceMs: number | null;
}

const byTheConsole = '';

export class SelfEndingKeeper {
  readonly #options: TendingOptions;
  readonly #watches = new Map<string, Watch>();
  /** Matched by something since the last look, even if it is over already. */
  readonly #matched = new Set<string>();
  readonly #refusedAtMs = new Map<string, number>();
  /** Whether it was within reach at the last look; what a console before this one told is known by nobody. */
  readonly #isInReach = new Map<string, boolean>();

  constructor(options: TendingOptions) {
    this.#options = options;
  }

  async look(): Promise<void> {
    const records = this.#records();
    for (const id of this.#watches.keys())
      if (!records.some((record) => record.id === id)) this.#watches.delete(id);
    for (const id of this.#isInReach.keys())
      if (!records.some((record) => record.id === id)) this.#isInReach.delete(id);
    if (records.length === 0) return;
    const open = [...this.#options.book.openAlerts()];
    const rows = new Map(this.#options.silences.rows().map((row) => [row.id, row]));
    const { tended } = this.#options.silences;
    // What a person did to one while others were written down holds.
    for (const record of records)
      if (tended.find(record.id) === record) await this.#tend(record, rows.get(record.id), open);
  }

  /** Alerts that changed: one that came and went between two looks was there. */
  touched(alerts: Iterable<AlertRecord>): void {
    const records = this.#records();
    if (records.length === 0) return;
    const some = [...alerts];
    for (const row of this.#options.silences.rows())
      if (records.some(({ id }) => id === row.id) && this.#isMatched(row, some)) this.#matched.add(row.id);
  }

  heard(entry: Entry): void {
    if (careOf(entry) !== 'self-ending' || entry.shown.by !== byTheConsole) return;
    const { state, id } = entry.shown;
    const { silences, clock } = this.#options;
    const subject = subjectOf(entry);
    if (state === 'failed' && subject !== null) this.#refusedAtMs.set(subject, clock.nowMs());
    // Somebody changed it meanwhile: that holds, and it is looked at anew.
    if (state === 'conflict') void silences.outbox.settle(id, 'theirs', byTheConsole);
  }

  #records(): readonly TendedSilenceRecord[] {
    return this.#options.silences.tended.all().filter(({ care }) => care === 'self-ending');
  }

  async #tend(
    record: TendedSilenceRecord,
    row: Silence | undefined,
    open: readonly AlertRecord[],
  ): Promise<void> {
    const { silences, clock, isFresh } = this.#options;
    const nowMs = clock.nowMs();
    const sources = clusterWith(silences.clusters(), clusterOf(record, row))?.sources ?? [];
    if (isOutOfSight(record, row, silences)) return this.#tellOutOfSight(record, 'is another server now');
    if (sources.length === 0) return this.#tellOutOfSight(record, 'is not asked any more');
    this.#tellInSight(record);
    const isSeen = sources.every(isFresh);
    if (isNowhere(record, row, sources, silences) || row?.state === 'expired') {
      await silences.tended.put({ ...record, endedAtMs: nowMs });
      return;
    }
    if (row?.state !== 'active') return;
    const watch = this.#watchOf(record, sources, nowMs);
    const wasMatched = this.#matched.delete(record.id);
    watch.sinceMs = quietSince(watch.sinceMs, {
      nowMs,
      lastLookMs: watch.lastLookMs,
      wasSeen: isSeen && watch.wasFresh,
      isMatched: wasMatched || this.#isMatched(row, open),
    });
    watch.lastLookMs = nowMs;
    watch.wasFresh = isSeen;
    // While it cannot be seen the journal has no beginning: a start in between counts anew.
    const kept = isSeen ? watch.sinceMs : null;
    if (kept !== record.quietSinceMs) await silences.tended.put({ ...record, quietSinceMs: kept });
    if (isSeen && isQuietEnough(watch.sinceMs, record.endsAfterQuietMs ?? Infinity, nowMs))
      await this.#end(record, row, nowMs);
  }

  /** It stays until its end, which nobody here can bring about: a person has to know. */
  #tellOutOfSight({ id, cluster }: TendedSilenceRecord, why: string): void {
    if (this.#isInReach.get(id) === false) return;
    this.#isInReach.set(id, false);
    this.#options.remind({
      id: noticeOf(id),
      severity: 'warning',
      message: `A silence that was to end by itself cannot be ended from here: ${cluster} ${why}.`,
      nextStep: 'Configure its server again, or end it there: it holds until its end.',
      atMs: this.#options.clock.nowMs(),
    });
  }

  #tellInSight({ id }: TendedSilenceRecord): void {
    if (this.#isInReach.get(id) === true) return;
    this.#isInReach.set(id, true);
    this.#options.takeBack(noticeOf(id));
  }

  async #end(record: TendedSilenceRecord, row: Silence, nowMs: number): Promise<void> {
    const { id, updatedAtMs } = row;
    const { outbox } = this.#options.silences;
    const isPaused = nowMs - (this.#refusedAtMs.get(id) ?? Number.NEGATIVE_INFINITY) < pauseAfterRefusalMs;
    if (isPaused || outbox.unsettled().some((entry) => subjectOf(entry) === id)) return;
    await outbox.put(
      { kind: 'expire', id, seenUpdatedAtMs: updatedAtMs },
      {
        cluster: row.cluster,
        by: byTheConsole,
        holdMs: 0,
        incidentIds: this.#incidentsOf(id),
        care: { care: 'self-ending', incidentId: null, endsAfterQuietMs: record.endsAfterQuietMs },
      },
    );
  }

  /** After a start goes on where the one before it last saw; what was in between is not counted. */
  #watchOf(record: TendedSilenceRecord, sources: readonly string[], nowMs: number): Watch {
    const known = this.#watches.get(record.id);
    if (known !== undefined) return known;
    const seenAtMs = sources.map((source) => this.#options.book.watch(source)?.lastSuccessAtMs ?? nowMs);
    const watch = { lastLookMs: Math.min(nowMs, ...seenAtMs), wasFresh: false, sinceMs: record.quietSinceMs };
    this.#watches.set(record.id, watch);
    return watch;
  }

  #isMatched(row: Silence, alerts: readonly AlertRecord[]): boolean {
    const compiled = compileSilence(row.matchers);
    const theirs = new Set(clusterWith(this.#options.silences.clusters(), row.cluster)?.sources);
    // What cannot be judged is taken for a match: the silence then ends where it was to end.
    if (!compiled.ok) return true;
    return alerts.some((alert) => isHad(alert, theirs) && compiled.value.matches(alert.labels));
  }

  /** Whose timelines tell of it: incidents that are still here and had alerts of it. */
  #incidentsOf(id: string): readonly number[] {
    const { silences, book } = this.#options;
    const row = silences.rows().find((one) => one.id === id);
    const compiled = compileSilence(row?.matchers ?? []);
    if (!compiled.ok) return [];
    const ids = [...book.incidents()].map((incident) => incident.id);
    const isOfIt = (one: number): boolean =>
      book.alertsOf(one).some(({ labels }) => compiled.value.matches(labels));
    return ids.filter(isOfIt).slice(-mostTold);
  }
}

const mostTold = 20;

function noticeOf(id: string): string {
  return `silence-out-of-sight ${id}`;
}
