import { expect, test, type TestContext } from 'vitest';
import { SampleSync } from '#core/metrics/sync/sample-sync.ts';
import { settleMs } from '#core/metrics/sync/source-sync.ts';
import type { SyncedSource } from '#core/metrics/sync/synced-source.ts';
import { openSourceHttp } from '#core/sources/http.ts';
import { PrometheusClient } from '#core/sources/prometheus/client.ts';
import { sourceFailure } from '#core/sources/source-failure.ts';
import { openStore, type Store } from '#core/store/store.ts';
import { syncedSourceOf } from '#core/synced-sources.ts';
import type { SyncedSelector } from '#shared/model/sample-sync.ts';
import { keyOfLabels, type Labels } from '#shared/model/labels.ts';
import { failed } from '#shared/result.ts';
import { remoteWrite, staleMarker } from '#support/remote-write.ts';
import { startSampleServer } from '#support/sample-server.ts';
import type { ServerProcess } from '#support/server-process.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { generations, type Generation } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from './generations.ts';

/**
 * Samples followed from real servers into a real store, compared by their bits with what was written: history,
 * what comes meanwhile and late, ends of series, a time in which the server is away. Time is the test's own; it
 * goes on only while nothing is asked.
 */
const minuteMs = 60_000;
const intervalMs = 15_000;
const historyMs = 40 * minuteMs;
const source = 'p';

/** Moves from one timer to the next, and only when no question is under way. */
class Time {
  nowMs: number;
  #timers: { readonly atMs: number; readonly callback: () => void }[] = [];
  #questions = 0;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  readonly clock = {
    nowMs: () => this.nowMs,
    monotonicMs: () => this.nowMs,
    random: () => 0.5,
    after: (delayMs: number, callback: () => void) => {
      const timer = { atMs: this.nowMs + delayMs, callback };
      this.#timers.push(timer);
      return () => void (this.#timers = this.#timers.filter((one) => one !== timer));
    },
  };

  async during<Value>(question: Promise<Value>): Promise<Value> {
    this.#questions++;
    try {
      return await question;
    } finally {
      this.#questions--;
    }
  }

  async goOn(untilMs: number): Promise<void> {
    for (;;) {
      // What follows on an answer has its turn before time goes on.
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (this.#questions > 0) continue;
      const next = this.#timers.toSorted((left, right) => left.atMs - right.atMs)[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      this.#timers = this.#timers.filter((one) => one !== next);
      next.callback();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }
}

interface Written {
  readonly labels: Labels;
  readonly samples: Map<number, bigint>;
}

const staleBits = new BigUint64Array(staleMarker.buffer)[0] ?? 0n;
const bits = new BigUint64Array(1);
const asNumber = new Float64Array(bits.buffer);

function bitsOf(value: number): bigint {
  asNumber[0] = value;
  return bits[0] ?? 0n;
}

/** What the server was given. */
class Feed {
  readonly series: Written[] = [
    { __name__: 'm', job: 'steady' },
    { __name__: 'm', job: 'odd' },
    { __name__: 'm', job: 'ends' },
    { __name__: 'm', job: 'ended' },
    { __name__: 'm', job: 'gaps' },
    { __name__: 'own', cluster: 'c9', job: 'steady' },
    { __name__: 'own', job: 'gaps' },
  ].map((labels): Written => ({ labels: Object.fromEntries(Object.entries(labels)), samples: new Map() }));
  readonly #startMs: number;
  readonly #server: ServerProcess;

  constructor(server: ServerProcess, startMs: number) {
    this.#server = server;
    this.#startMs = startMs;
  }

  /** Both ends included. @param isLate which of the samples are not there yet. */
  async write(
    fromMs: number,
    toMs: number,
    isLate: (timeMs: number) => boolean = () => false,
  ): Promise<void> {
    const batch = this.series.map(({ labels, samples }) => {
      const added: [number, bigint][] = [];
      const first = Math.ceil((fromMs - this.#startMs) / intervalMs);
      for (let index = first; this.#startMs + index * intervalMs <= toMs; index++) {
        const timeMs = this.#startMs + index * intervalMs;
        const value = valueAt(labels['job'] ?? '', index);
        if (value !== null && !isLate(timeMs) && !samples.has(timeMs)) added.push([timeMs, value]);
      }
      for (const [timeMs, value] of added) samples.set(timeMs, value);
      const values = new Float64Array(BigUint64Array.from(added, ([, value]) => value).buffer);
      return { labels, timesMs: Float64Array.from(added, ([timeMs]) => timeMs), values };
    });
    await remoteWrite(
      this.#server.url,
      batch.filter(({ timesMs }) => timesMs.length > 0),
    );
  }
}

/** Index of the scrape after which a series is no more. */
const endOf: Readonly<Record<string, number>> = { ended: 50, ends: 170 };

function valueAt(job: string, index: number): bigint | null {
  const end = endOf[job];
  if (end !== undefined && index >= end) return index === end ? staleBits : null;
  if (job === 'gaps' && (index % 7 === 3 || (index > 60 && index < 90))) return null;
  if (job !== 'odd') return bitsOf(Math.sin(index) * 1e6);
  // Prometheus' own NaN among them, whose bits no query tells.
  if (index % 5 === 2) return 0x7ff8_0000_0000_0001n;
  return bitsOf([0.1 + 0.2, Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, 5e-324][index % 5] ?? 0);
}

interface Stage {
  readonly time: Time;
  readonly feed: Feed;
  readonly store: Store;
  readonly sync: SampleSync;
  readonly server: ServerProcess;
  readonly startMs: number;
  isFresh: boolean;
  asked: string[];
}

async function stageOf(
  generation: Generation,
  context: TestContext,
  offersRemoteRead: boolean,
): Promise<Stage> {
  const place = await placeFor(generation, context);
  const server = await startSampleServer(place, { global: '  external_labels: { cluster: "c1" }\n' });
  const startMs = Math.floor(Date.now() / minuteMs) * minuteMs - 120 * minuteMs;
  const time = new Time(startMs + historyMs + settleMs);
  const store = await opened(`${place.folder}/store`, context);
  const http = openSourceHttp(sourceSettings({ kind: 'prometheus', url: server.url }));
  context.onTestFinished(() => http.close());
  const stage: { isFresh: boolean; asked: string[] } = { isFresh: true, asked: [] };
  const traits = { lookbackMs: 5 * minuteMs, subqueryStepMs: minuteMs };
  const watched = { name: source, client: new PrometheusClient(http), clockSkewMs: () => null };
  const asked = counted(
    syncedSourceOf({ ...watched, isFresh: () => stage.isFresh }, () => traits),
    time,
    stage.asked,
    offersRemoteRead,
  );
  const sync = new SampleSync({
    sources: () => [asked],
    store: {
      putSamples: (samples) => time.during(store.putSamples(samples)),
      coverage: (...range) => time.during(store.coverage(...range)),
    },
    clock: time.clock,
  });
  context.onTestFinished(() => sync.stop());
  return Object.assign(stage, { time, store, server, startMs, sync, feed: new Feed(server, startMs) });
}

async function opened(dataDirectory: string, context: TestContext): Promise<Store> {
  const store = await openStore({
    dataDirectory,
    safeMode: false,
    onNotice: () => undefined,
    nowMs: Date.now,
  });
  if (!store.ok) throw new Error(store.failure.message);
  context.onTestFinished(() => store.value.close());
  return store.value;
}

function counted(one: SyncedSource, time: Time, asked: string[], offersRemoteRead: boolean): SyncedSource {
  const count = <Value>(what: string, answer: Promise<Value>): Promise<Value> => {
    asked.push(what);
    return time.during(answer);
  };
  const refused = failed(sourceFailure('not-this-api', 'It offers no remote read.', ''));
  return {
    ...one,
    rawSamples: (...args) => count(`query ${args[0]}`, one.rawSamples(...args)),
    remoteRead: (...args) =>
      count('remote read', offersRemoteRead ? one.remoteRead(...args) : Promise.resolve(refused)),
    present: (...args) => count('present', one.present(...args)),
    count: (...args) => count('count', one.count(...args)),
    labelNames: (...args) => count('names', one.labelNames(...args)),
    externalLabels: (...args) => count('external labels', one.externalLabels(...args)),
  };
}

/** History, five minutes of following with late samples, five without a server, and what came of them. */
async function play(stage: Stage): Promise<number> {
  const { feed, time, sync, server, startMs } = stage;
  const followFromMs = startMs + historyMs + 2 * minuteMs;
  await feed.write(startMs, followFromMs);
  sync.watch(() =>
    ['rate(m[5m])', 'own'].map((expression) => ({
      source,
      expression,
      keepMs: time.nowMs - startMs,
      priority: 'rule',
    })),
  );
  sync.start();
  await time.goOn(followFromMs);
  // From here on the server has each scrape eight seconds late, and one in four half a minute later still.
  for (let nowMs = followFromMs; nowMs < followFromMs + 5 * minuteMs; nowMs += intervalMs) {
    await time.goOn(nowMs + 8_000);
    await feed.write(
      followFromMs,
      nowMs,
      (timeMs) => timeMs > nowMs - 30_000 && (timeMs / intervalMs) % 4 === 0,
    );
  }
  await time.goOn(time.nowMs + minuteMs);
  stage.isFresh = false;
  await server.stop();
  await time.goOn(time.nowMs + 5 * minuteMs);
  await server.start();
  // Of the time without the server the second half is written after all.
  await feed.write(time.nowMs - 2.5 * minuteMs, time.nowMs);
  stage.isFresh = true;
  sync.resume();
  const endMs = time.nowMs - settleMs;
  await time.goOn(time.nowMs + 3 * minuteMs);
  return endMs;
}

async function kept(
  store: Store,
  selector: string,
  fromMs: number,
  toMs: number,
): Promise<Map<string, Map<number, bigint>>> {
  const { series, covered } = await store.samples(source, selector, fromMs, toMs);
  expect(covered.map((window) => [window.fromMs, window.toMs])).toEqual([[fromMs, toMs]]);
  return new Map(
    series.map(({ labels, timesMs, values }) => {
      const own = new BigUint64Array(values.buffer, values.byteOffset, values.length);
      return [keyOfLabels(labels), new Map([...timesMs].map((timeMs, index) => [timeMs, own[index] ?? 0n]))];
    }),
  );
}

function written(feed: Feed, name: string, fromMs: number, toMs: number): Map<string, Map<number, bigint>> {
  const own = feed.series.filter(({ labels }) => labels['__name__'] === name);
  return new Map(
    own.map(({ labels, samples }) => [
      keyOfLabels(labels),
      new Map(
        [...samples].filter(([timeMs]) => timeMs >= fromMs && timeMs <= toMs).toSorted(([a], [b]) => a - b),
      ),
    ]),
  );
}

function withoutMarkers(series: Map<string, Map<number, bigint>>): Map<string, Map<number, bigint>> {
  return new Map(
    [...series].map(([key, samples]) => [
      key,
      new Map([...samples].filter(([, value]) => value !== staleBits)),
    ]),
  );
}

function withAnyNaN(series: Map<string, Map<number, bigint>>): Map<string, Map<number, bigint>> {
  const told = (value: bigint): bigint => (value === 0x7ff8_0000_0000_0001n ? bitsOf(Number.NaN) : value);
  return new Map(
    [...series].map(([key, samples]) => [
      key,
      new Map([...samples].map(([timeMs, value]) => [timeMs, told(value)])),
    ]),
  );
}

function stateOf(sync: SampleSync, selector: string): SyncedSelector | undefined {
  return sync.state()[0]?.selectors.find((one) => one.selector === selector);
}

const cases = generations.map((generation) => ({ generation, name: generationNames[generation] }));

test.for(cases)('followed by remote read, stale markers and all: $name', async ({ generation }, context) => {
  const stage = await stageOf(generation, context, true);
  const endMs = await play(stage);
  const { store, feed, startMs, sync } = stage;
  expect(await kept(store, 'm', startMs, endMs)).toEqual(written(feed, 'm', startMs, endMs));
  // A series that has the external label itself cannot be told from one to which it was added.
  const own = withoutMarkers(await kept(store, 'own', startMs, endMs));
  expect(own).toEqual(written(feed, 'own', startMs, endMs));
  expect(stateOf(sync, 'm')).toMatchObject({ way: 'remote-read', series: 3, refusal: '' });
  expect(stateOf(sync, 'own')).toMatchObject({ way: 'query' });
  expect(stage.asked).not.toContain('query m');
});

test.for(cases)(
  'followed by queries, ends of series found out by looking: $name',
  async ({ generation }, context) => {
    const stage = await stageOf(generation, context, false);
    const endMs = await play(stage);
    const { store, feed, startMs, sync } = stage;
    const found = await kept(store, 'm', startMs, endMs);
    const expected = written(feed, 'm', startMs, endMs);
    expect(withoutMarkers(found)).toEqual(withAnyNaN(withoutMarkers(expected)));
    expect(stateOf(sync, 'm')).toMatchObject({ way: 'query', refusal: '' });
    // It ended while it was followed: marked once, after its last sample, at most a window and a rest later.
    const ends = [...found].find(([key]) => key.includes('"ends"'))?.[1] ?? new Map<number, bigint>();
    const marked = [...ends].filter(([, value]) => value === staleBits).map(([timeMs]) => timeMs);
    const endedAtMs = startMs + (endOf['ends'] ?? 0) * intervalMs;
    expect(marked).toHaveLength(1);
    expect(marked[0]).toBeGreaterThanOrEqual(endedAtMs - intervalMs);
    expect(marked[0]).toBeLessThan(endedAtMs + 2 * minuteMs);
    expect([...ends.keys()].at(-1)).toBe(marked[0]);
  },
);
