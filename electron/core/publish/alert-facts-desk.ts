import type { AlertRecord } from '#core/store/records.ts';
import type { AlertFacts, AlertsPatch, IncidentAlerts } from '#shared/model/alert-facts.ts';
import { localRulesSource } from '#shared/model/rule.ts';

interface OpenAlerts {
  findOpenAlert(fingerprint: string): AlertRecord | undefined;
}

interface Mutes {
  /** Names of the time intervals that mute an alert now; null where it is not known. */
  mutedBy(record: AlertRecord): readonly string[] | null;
}

interface Heard {
  readonly source: string;
  readonly alerts: readonly {
    readonly fingerprint: string;
    readonly receivers?: readonly string[] | null;
  }[];
}

/**
 * What windows filter by, alert by alert. Receivers are of the last poll and of no use to anyone else, so
 * they are kept here and not in the journal: until a source has spoken they are unknown.
 */
export class AlertFactsDesk {
  readonly #book: OpenAlerts;
  readonly #publish: (patch: AlertsPatch) => void;
  /** By source, then fingerprint, as of its last poll. */
  readonly #told = new Map<string, ReadonlyMap<string, readonly string[]>>();
  /** By source, whether it tells of receivers: one that does not knows of no silences and inhibitions either. */
  readonly #routes = new Map<string, boolean>();
  readonly #shown = new Map<number, Map<string, AlertFacts>>();
  /** Fingerprints whose receivers are not shown yet. */
  readonly #waiting = new Set<string>();
  /** How often each source was forgotten: what was on its way then is of the one before. */
  readonly #forgot = new Map<string, number>();
  #mutes: Mutes = { mutedBy: () => null };

  /** @param known alerts of the incidents that the book holds. */
  constructor(book: OpenAlerts, known: readonly AlertRecord[], publish: (patch: AlertsPatch) => void) {
    this.#book = book;
    this.#publish = publish;
    this.show(known);
  }

  /** Who knows from now on what time mutes. */
  askMutes(mutes: Mutes): void {
    this.#mutes = mutes;
  }

  /** All that is known, for a window that begins to follow. */
  current(): IncidentAlerts[] {
    return [...this.#shown].map(([incidentId, alerts]) => ({ incidentId, alerts: [...alerts.values()] }));
  }

  /**
   * A poll came in. What it says of receivers is shown with what follows from it, or with `flush`.
   * @returns steps of one alert each; of no effect where its source is forgotten before they are done.
   */
  hear(heard: Heard): Iterable<void> {
    return this.#hearing(heard, this.#timesForgot(heard.source));
  }

  *#hearing({ source, alerts }: Heard, forgot: number): Generator<void> {
    const before = this.#told.get(source);
    const told = new Map<string, readonly string[]>();
    const changed: string[] = [];
    for (const { fingerprint, receivers } of alerts) {
      yield;
      if (receivers === undefined || receivers === null) continue;
      const known = before?.get(fingerprint);
      const isSame = known !== undefined && sameNames(known, receivers);
      told.set(fingerprint, isSame ? known : receivers);
      if (!isSame) changed.push(fingerprint);
    }
    if (forgot !== this.#timesForgot(source)) return;
    this.#told.set(source, told);
    this.#hearWhetherItRoutes({ source, alerts });
    for (const fingerprint of changed) this.#waiting.add(fingerprint);
  }

  /**
   * These alerts are new or have changed.
   * @param anew incidents that have no others than these: what else was shown of them is gone.
   */
  show(records: Iterable<AlertRecord>, anew: readonly number[] = []): void {
    for (const id of anew) this.#shown.delete(id);
    const upsert: AlertFacts[] = [];
    for (const record of records) {
      let alerts = this.#shown.get(record.incidentId);
      if (alerts === undefined) this.#shown.set(record.incidentId, (alerts = new Map()));
      const facts = this.#factsOf(record, alerts.get(record.fingerprint));
      alerts.set(record.fingerprint, facts);
      this.#waiting.delete(record.fingerprint);
      upsert.push(facts);
    }
    if (upsert.length > 0 || anew.length > 0) this.#publish({ upsert, forget: [...anew] });
  }

  /** Shows what was heard of alerts that did not change otherwise. */
  flush(): void {
    const records = [...this.#waiting].flatMap((fingerprint) => this.#book.findOpenAlert(fingerprint) ?? []);
    this.#waiting.clear();
    this.show(records);
  }

  /** What mutes these alerts may be otherwise than it is shown. */
  remute(records: readonly AlertRecord[]): void {
    this.show(
      records.filter((record) => {
        const shown = this.#shown.get(record.incidentId)?.get(record.fingerprint);
        if (shown === undefined) return false;
        const [before, now] = [shown.mutedBy, this.#mutes.mutedBy(record)];
        return before === null || now === null ? before !== now : !sameNames(before, now);
      }),
    );
  }

  /** These sources are gone, or are asked otherwise: what they told is of no use. */
  forgetSources(sources: readonly string[]): void {
    for (const source of sources) {
      this.#forgot.set(source, this.#timesForgot(source) + 1);
      this.#told.delete(source);
      this.#routes.delete(source);
    }
  }

  forget(incidentIds: readonly number[]): void {
    for (const id of incidentIds) this.#shown.delete(id);
    if (incidentIds.length > 0) this.#publish({ upsert: [], forget: [...incidentIds] });
  }

  /** What a filter asks of an alert that need not be shown yet. */
  of(record: AlertRecord): AlertFacts {
    return this.#factsOf(record, this.#shown.get(record.incidentId)?.get(record.fingerprint));
  }

  #timesForgot(source: string): number {
    return this.#forgot.get(source) ?? 0;
  }

  #hearWhetherItRoutes({ source, alerts }: Heard): void {
    if (alerts.length === 0 || source === localRulesSource) return;
    const routes = alerts.some(({ receivers }) => receivers !== undefined && receivers !== null);
    if (this.#routes.get(source) === routes) return;
    this.#routes.set(source, routes);
    for (const { fingerprint } of alerts) this.#waiting.add(fingerprint);
  }

  #factsOf(record: AlertRecord, before: AlertFacts | undefined): AlertFacts {
    const sources = record.witnesses.map(({ source }) => source);
    // No Alertmanager routes what only the console's own rules raise, and none mutes it.
    const isOurs = sources.every((source) => source === localRulesSource);
    const isToldBy = (routes: boolean): boolean =>
      sources.some((source) => this.#routes.get(source) === routes);
    // Where only a Prometheus tells it, an Alertmanager that is not known here may hide it: nobody told.
    const isUntold = isToldBy(false) && !isToldBy(true);
    const mutedBy = isOurs ? [] : isUntold ? null : this.#mutes.mutedBy(record);
    const told = sources.flatMap((source) => this.#told.get(source)?.get(record.fingerprint) ?? []);
    return {
      incidentId: record.incidentId,
      fingerprint: record.fingerprint,
      labels: record.labels,
      state: record.state,
      startsAtMs: record.startsAtMs,
      ended: record.endedAtMs !== null,
      silencedBy: isUntold ? null : [...record.silencedBy],
      inhibitedBy: isUntold ? null : [...record.inhibitedBy],
      receivers:
        told.length > 0 ? [...new Set(told)] : isOurs ? [] : isUntold ? null : (before?.receivers ?? null),
      mutedBy: mutedBy === null ? null : [...mutedBy],
      sources,
    };
  }
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}
