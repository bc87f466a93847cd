import type { SyncedSource } from '#core/metrics/sync/synced-source.ts';
import type { PrometheusClient } from '#core/sources/prometheus/client.ts';
import { success } from '#shared/result.ts';

/** A Prometheus as it is watched. */
export interface WatchedPrometheus {
  readonly name: string;
  readonly client: PrometheusClient;
  readonly isFresh: () => boolean;
  /** The server's clock minus ours, where it told. */
  readonly clockSkewMs: () => number | null;
}

type Traits = ReturnType<SyncedSource['traits']>;

/** Servers as synchronisation asks them: one object for one client, however often it is asked for. */
export class SyncedSources {
  readonly #known = new WeakMap<PrometheusClient, SyncedSource>();
  readonly #traitsOf: (name: string) => Traits;

  constructor(traitsOf: (name: string) => Traits) {
    this.#traitsOf = traitsOf;
  }

  of(watched: readonly WatchedPrometheus[]): SyncedSource[] {
    return watched.map((one) => {
      const known = this.#known.get(one.client) ?? syncedSourceOf(one, () => this.#traitsOf(one.name));
      this.#known.set(one.client, known);
      return known;
    });
  }
}

export function syncedSourceOf(
  { name, client, isFresh, clockSkewMs }: WatchedPrometheus,
  traits: () => Traits,
): SyncedSource {
  return {
    name,
    isFresh,
    traits,
    clockSkewMs: () => clockSkewMs() ?? 0,
    rawSamples: (selector, windowMs, atMs, signal) => client.rawSamples(selector, windowMs, atMs, { signal }),
    remoteRead: (query, signal) => client.remoteRead(query, { signal }),
    present: async (selector, atMs, signal) => {
      const answer = await client.query(selector, atMs, { signal });
      return answer.ok ? success(answer.value.series.map(({ labels }) => labels)) : answer;
    },
    count: async (selector, atMs, signal) => {
      const answer = await client.query(`count(${selector})`, atMs, { signal });
      return answer.ok ? success(answer.value.series[0]?.values.at(-1) ?? 0) : answer;
    },
    labelNames: async (selector, span, signal) => {
      const answer = await client.labels([selector], span, { signal });
      return answer.ok ? success(answer.value.rows) : answer;
    },
    externalLabels: async (signal) => {
      const answer = await client.globalSettings({ signal });
      return answer.ok ? success(answer.value.externalLabels) : answer;
    },
  };
}
