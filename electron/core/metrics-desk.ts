import { queryCommands } from '#core/commands/query-commands.ts';
import type { AskedPrometheus } from '#core/metric-sources.ts';
import { QueryDesk } from '#core/metrics/query-desk.ts';
import { QueryThreads } from '#core/metrics/query-threads.ts';
import { SourceTraits } from '#core/metrics/source-traits.ts';
import type { Store } from '#core/store/store.ts';
import { dropReading } from '#core/drop-reading.ts';
import { minuteMs } from '#shared/time.ts';

/**
 * Everything about metrics that is asked in PromQL: joins the servers, the kept samples and the query
 * threads, and answers the commands about them.
 */
export interface MetricsDeskOptions {
  readonly dataDirectory: string;
  readonly store: Store;
  readonly sources: () => readonly AskedPrometheus[];
  readonly nowMs: () => number;
}

export class MetricsDesk {
  readonly queries: QueryDesk;
  readonly #options: MetricsDeskOptions;
  readonly #threads: QueryThreads;
  readonly #traits: SourceTraits;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MetricsDeskOptions) {
    const { dataDirectory, store, sources, nowMs } = options;
    this.#options = options;
    this.#threads = new QueryThreads({ dataDirectory });
    this.#traits = new SourceTraits(store, nowMs);
    this.queries = new QueryDesk({
      sources,
      kept: this.#threads,
      traitsOf: (name) => this.#traits.of(name),
      nowMs,
    });
  }

  start(): void {
    this.#timer = setInterval(() => this.#learn(), minuteMs);
  }

  /** A source is in sight again: it may be another server, or another version, by now. */
  sourceReturned(): void {
    this.#traits.doubt();
    this.#learn();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#stopping.abort();
    this.#threads.close();
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
