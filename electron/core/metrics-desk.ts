import { systemClock } from '#core/clock/clock.ts';
import { queryCommands } from '#core/commands/query-commands.ts';
import type { AskedPrometheus } from '#core/metric-sources.ts';
import { QueryDesk } from '#core/metrics/query-desk.ts';
import { QueryThreads } from '#core/metrics/query-threads.ts';
import { SourceTraits } from '#core/metrics/source-traits.ts';
import { SampleSync } from '#core/metrics/sync/sample-sync.ts';
import { ShownExpressions, type ShownExpression } from '#core/metrics/sync/shown-expressions.ts';
import type { Store } from '#core/store/store.ts';
import { dropReading } from '#core/drop-reading.ts';
import { SyncedSources, type WatchedPrometheus } from '#core/synced-sources.ts';
import { drop } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';

/**
 * Everything about metrics that is asked in PromQL: joins the servers, the kept samples and the query
 * threads, and answers the commands about them.
 */
export interface MetricsDeskOptions {
  readonly dataDirectory: string;
  readonly store: Store;
  readonly sources: () => readonly AskedPrometheus[];
  readonly servers: () => readonly WatchedPrometheus[];
  readonly nowMs: () => number;
}

export class MetricsDesk {
  readonly queries: QueryDesk;
  readonly sync: SampleSync;
  readonly #options: MetricsDeskOptions;
  readonly #threads: QueryThreads;
  readonly #traits: SourceTraits;
  readonly #shown: ShownExpressions;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MetricsDeskOptions) {
    const { dataDirectory, store, sources, servers, nowMs } = options;
    this.#options = options;
    this.#threads = new QueryThreads({ dataDirectory });
    this.#traits = new SourceTraits(store, nowMs);
    this.queries = new QueryDesk({
      sources,
      kept: this.#threads,
      traitsOf: (name) => this.#traits.of(name),
      nowMs,
    });
    const synced = new SyncedSources((name) => this.#traits.known(name));
    this.sync = new SampleSync({ sources: () => synced.of(servers()), store, clock: systemClock });
    this.#shown = new ShownExpressions(nowMs);
    this.sync.watch(() => this.#shown.watched());
  }

  start(): void {
    this.#timer = setInterval(() => this.#learn(), minuteMs);
    this.sync.start();
  }

  /** A source is in sight again: it may be another server, or another version, by now. */
  sourceReturned(): void {
    this.#traits.doubt();
    this.#learn();
    this.sync.resume();
  }

  /** A window looks at this: it is kept answerable. Without a source it is whichever comes first. */
  show(shown: ShownExpression): void {
    const source = shown.source === '' ? this.#options.servers()[0]?.name : shown.source;
    if (source !== undefined && this.#shown.note({ ...shown, source })) this.sync.lookAgain();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#stopping.abort();
    this.#threads.close();
    drop(this.sync.stop(), 'what is under way is taken back, and ends by itself');
  }

  handlers(): ReturnType<typeof queryCommands> {
    return queryCommands(this.queries);
  }

  #learn(): void {
    dropReading(
      this.#traits.learn(this.#options.sources(), this.#stopping.signal),
      'traits that are not learned are asked for again',
    );
  }
}
