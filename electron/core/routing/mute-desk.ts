import type { Clock } from '#core/clock/clock.ts';
import type { AlertRecord } from '#core/store/records.ts';
import type { RoutingConfiguration } from '#shared/routing/model.ts';
import { minuteMs } from '#shared/time.ts';
import { TimeMutes } from './time-mutes.ts';

/**
 * Which open alerts time mutes now, from the configurations of their sources: Alertmanager's list of alerts
 * never says it. What a poll brings is answered from what is known at once; the rest is found out in short
 * turns, so that no storm of alerts holds the core up.
 */
export interface MuteDeskOptions {
  readonly book: {
    openAlerts(): Iterable<AlertRecord>;
    findOpenAlert(fingerprint: string): AlertRecord | undefined;
  };
  /** Whether what a source reports is routed by it: nothing mutes what only others raise. */
  readonly isRouted: (source: string) => boolean;
  /** Of these alerts, what mutes them may be known now or be otherwise. */
  readonly onMoved: (records: readonly AlertRecord[]) => void;
  readonly clock: Clock;
  /** Lets everything else go first; the result takes it back. */
  readonly later?: (callback: () => void) => () => void;
}

/** How long one turn may take. */
const turnMs = 6;
/** Intervals begin and end at whole minutes: looked at just after, for timers are early at times. */
const afterMinuteMs = 20;

export class MuteDesk {
  readonly #options: MuteDeskOptions;
  readonly #later: (callback: () => void) => () => void;
  readonly #mutes = new Map<string, TimeMutes>();
  /** Fingerprints whose routes are still to be found. */
  readonly #unknown = new Set<string>();
  /** Alerts that a turn of time or another configuration may have moved; null while there is nothing to do. */
  #moved: Iterator<AlertRecord> | null = null;
  #cancelTurn: (() => void) | null = null;
  #cancelTick: () => void = () => undefined;

  constructor(options: MuteDeskOptions) {
    this.#options = options;
    this.#later = options.later ?? laterInTheLoop;
  }

  start(): void {
    this.#tick();
  }

  stop(): void {
    this.#cancelTick();
    this.#cancelTurn?.();
    this.#cancelTurn = null;
  }

  /** How a source routes from now on; null where that is not known. */
  set(source: string, configuration: RoutingConfiguration | null): void {
    const wasKnown = this.#mutes.delete(source);
    if (configuration !== null)
      this.#mutes.set(source, new TimeMutes(configuration, this.#options.clock.nowMs()));
    if (wasKnown || configuration !== null) this.#moveAll();
  }

  /** Names of the intervals that mute an alert now wherever it is routed; null where that is not known yet. */
  mutedBy(record: AlertRecord): readonly string[] | null {
    if (record.endedAtMs !== null) return [];
    return this.#mutedBy(record, (mutes) => {
      const known = mutes.known(record.fingerprint);
      if (known === undefined) this.#find(record.fingerprint);
      return known;
    });
  }

  #mutedBy(
    { witnesses }: AlertRecord,
    ask: (mutes: TimeMutes) => readonly string[] | undefined,
  ): readonly string[] | null {
    const reporting = witnesses.filter((witness) => witness.reporting);
    const speaking = reporting.length > 0 ? reporting : witnesses;
    const sources = speaking.map(({ source }) => source).filter(this.#options.isRouted);
    const names = new Set<string>();
    let isKnown = true;
    for (const source of sources) {
      const mutes = this.#mutes.get(source);
      const by = mutes === undefined ? undefined : ask(mutes);
      if (by === undefined) isKnown = false;
      // One that tells somebody is enough: the alert is not muted.
      else if (by.length === 0) return [];
      else for (const name of by) names.add(name);
    }
    return isKnown ? [...names] : null;
  }

  #find(fingerprint: string): void {
    this.#unknown.add(fingerprint);
    this.#cancelTurn ??= this.#later(() => this.#turn());
  }

  #moveAll(): void {
    this.#moved = this.#options.book.openAlerts()[Symbol.iterator]();
    this.#cancelTurn ??= this.#later(() => this.#turn());
  }

  /** Finds routes until its time is over, tells what came of it, and leaves the rest to the next turn. */
  #turn(): void {
    this.#cancelTurn = null;
    const endsAtMs = performance.now() + turnMs;
    const found: AlertRecord[] = [];
    do {
      const record = this.#next();
      if (record === undefined) break;
      if (record === null) continue;
      this.#mutedBy(record, (mutes) => mutes.of(record.fingerprint, record.labels));
      found.push(record);
    } while (performance.now() < endsAtMs);
    if (this.#unknown.size > 0 || this.#moved !== null) this.#cancelTurn = this.#later(() => this.#turn());
    if (found.length > 0) this.#options.onMoved(found);
  }

  /** Null for one that has ended meanwhile; undefined where there is nothing more to do. */
  #next(): AlertRecord | null | undefined {
    const [fingerprint] = this.#unknown;
    if (fingerprint !== undefined) {
      this.#unknown.delete(fingerprint);
      return this.#options.book.findOpenAlert(fingerprint) ?? null;
    }
    const next = this.#moved?.next();
    if (next !== undefined && next.done !== true) return next.value;
    this.#moved = null;
    return undefined;
  }

  #tick(): void {
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    const turned = [...this.#mutes.values()].filter((mutes) => mutes.turn(nowMs));
    if (turned.length > 0) this.#moveAll();
    const nextMs = minuteMs - (nowMs % minuteMs) + afterMinuteMs;
    this.#cancelTick = clock.after(nextMs, () => this.#tick());
  }
}

function laterInTheLoop(callback: () => void): () => void {
  const immediate = setImmediate(callback);
  return () => clearImmediate(immediate);
}
