import type { Clock } from '#core/clock/clock.ts';
import type { SampleSyncState } from '#shared/model/sample-sync.ts';
import { drop, failed, type Result } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import { DemandReader, type WatchedExpression } from './demands.ts';
import { Lanes } from './lanes.ts';
import type { Step } from './source-plan.ts';
import { SourceSync, type KeptSpan, type SamplesRequest, type SyncStore } from './source-sync.ts';
import type { SyncedSource } from './synced-source.ts';

/**
 * Follows what is watched into the cache, so that it can be asked when no server answers: new samples every
 * half minute, and in the time between the history that is wanted. Owns who is asked when; what is asked is
 * decided by each source's plan.
 *
 * Nothing that is kept is ever taken back by what a server answers later: of each moment the newest answer
 * counts, and a moment it does not have stays as it was. A server that lost its data, or another one under
 * the same name, therefore adds to what is kept and takes nothing away.
 */
export interface SampleSyncOptions {
  /** The sources there are now; another object under a name is another client. */
  readonly sources: () => readonly SyncedSource[];
  readonly store: SyncStore;
  readonly clock: Clock;
}

/** What somebody wants to be answerable. Asked for again and again: it says what is so now. */
export type WatchProvider = () => readonly WatchedExpression[];

const mostSourcesAtOnce = 2;
const readDemandsMs = 15 * secondMs;
const longestWaitMs = 2 * secondMs;

export class SampleSync {
  readonly #options: SampleSyncOptions;
  readonly #providers = new Set<WatchProvider>();
  readonly #lanes = new Lanes(mostSourcesAtOnce);
  readonly #syncs = new Map<string, SourceSync>();
  readonly #readers = new Map<string, DemandReader>();
  readonly #running = new Set<Promise<void>>();
  #demandsReadAtMs = Number.NEGATIVE_INFINITY;
  #first = 0;
  #isRunning = false;
  #cancelTimer: () => void = () => undefined;

  constructor(options: SampleSyncOptions) {
    this.#options = options;
  }

  /** @returns what ends it. */
  watch(provider: WatchProvider): () => void {
    this.#providers.add(provider);
    return () => this.#providers.delete(provider);
  }

  start(): void {
    this.#isRunning = true;
    this.#turn();
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#cancelTimer();
    for (const sync of this.#syncs.values()) sync.stop();
    await Promise.all(this.#running);
  }

  /** What is watched is another now: looked at soon, once for all that changes together. */
  lookAgain(): void {
    this.#demandsReadAtMs = Number.NEGATIVE_INFINITY;
    if (!this.#isRunning) return;
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(0, () => this.#turn());
  }

  /** A source or the machine is back. */
  resume(): void {
    for (const sync of this.#syncs.values()) sync.plan.resume();
    this.lookAgain();
  }

  /** Fetches samples now, before what is only due: for evidence, whose server may be gone in a minute. */
  async keep(request: SamplesRequest, signal: AbortSignal): Promise<Result<KeptSpan, string>> {
    this.#adopt();
    const sync = this.#syncs.get(request.source);
    if (sync === undefined) return failed(`there is no source ${request.source}`);
    await this.#lanes.enter(request.source);
    try {
      return await sync.keep(request, signal);
    } finally {
      this.#left(request.source);
    }
  }

  state(): SampleSyncState {
    const nowMs = this.#options.clock.nowMs();
    return [...this.#syncs.values()].map((sync) => sync.state(nowMs));
  }

  #turn(): void {
    this.#cancelTimer();
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    const age = nowMs - this.#demandsReadAtMs;
    if (age >= readDemandsMs || age < 0) this.#readDemands(nowMs);
    let nextMs = nowMs + longestWaitMs;
    const syncs = [...this.#syncs.values()];
    // Each time another one is first, so that with many sources none waits for ever.
    this.#first = (this.#first + 1) % Math.max(1, syncs.length);
    for (const sync of [...syncs.slice(this.#first), ...syncs.slice(0, this.#first)]) {
      if (!sync.source.isFresh()) continue;
      const turn = sync.plan.next(nowMs, sync.settledMs());
      if (turn.kind === 'wait') nextMs = Math.min(nextMs, turn.untilMs);
      else if (this.#lanes.tryEnter(sync.source.name)) this.#run(sync, turn.step);
    }
    this.#cancelTimer = clock.after(Math.max(0, nextMs - nowMs), () => this.#turn());
  }

  #run(sync: SourceSync, step: Step): void {
    const work = sync.carryOut(step).finally(() => {
      this.#running.delete(work);
      this.#left(sync.source.name);
    });
    this.#running.add(work);
    drop(work, 'failures to ask are the plan’s, which goes on from them');
  }

  #left(source: string): void {
    this.#lanes.leave(source);
    if (this.#isRunning) this.#turn();
  }

  #readDemands(nowMs: number): void {
    this.#demandsReadAtMs = nowMs;
    this.#adopt();
    const watched = Map.groupBy(
      [...this.#providers].flatMap((provider) => provider()),
      ({ source }) => source,
    );
    for (const [name, sync] of this.#syncs) {
      const reader = this.#readers.get(name) ?? new DemandReader();
      this.#readers.set(name, reader);
      sync.want(
        reader.read(watched.get(name) ?? [], nowMs, sync.source.traits(), (selector) =>
          sync.plan.isFollowed(selector, nowMs),
        ),
      );
    }
  }

  /** The sources as they are now. One that is asked otherwise than before starts from what the cache has. */
  #adopt(): void {
    const { sources, store, clock } = this.#options;
    const now = new Map(sources().map((source) => [source.name, source]));
    for (const [name, sync] of this.#syncs) {
      if (now.get(name) === sync.source) continue;
      sync.stop();
      this.#syncs.delete(name);
      this.#readers.delete(name);
    }
    for (const [name, source] of now)
      if (!this.#syncs.has(name)) this.#syncs.set(name, new SourceSync(source, store, () => clock.nowMs()));
  }
}
