import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Series } from '#shared/model/series.ts';
import { openStore } from '#core/store/store.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import type { KeptQuestion } from './kept-query.ts';
import { QueryThreads, type QueryThreadsOptions } from './query-threads.ts';

const hourMs = 3_600_000;
/** In the order of the instances as texts. */
const lastValues = Array.from({ length: 10_000 }, (_, index) => `instance-${index}`)
  .sort()
  .map((instance) => Number(instance.slice('instance-'.length)));
let cleanup: Cleanup;
let folder: string;
let keep: (series: readonly Series[], selector: string) => Promise<void>;

beforeEach(async () => {
  cleanup = new Cleanup();
  folder = temporaryFolder(cleanup);
  const opened = await openStore({
    dataDirectory: folder,
    safeMode: false,
    onNotice: ({ message }) => expect.unreachable(message),
    nowMs: Date.now,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  cleanup.add(() => opened.value.close());
  const timesMs = Float64Array.from({ length: 241 }, (_, index) => index * 15_000);
  keep = async (series, selector) => {
    const window = { source: 'p', fromMs: 0, toMs: hourMs, fetchedAtMs: hourMs, incidentId: null };
    const kept = await opened.value.putSamples({ ...window, selector, series });
    if (!kept.ok) throw new Error(kept.failure.message);
  };
  const values = timesMs.map((_, index) => index);
  await keep([{ labels: { __name__: 'up', job: 'a' }, timesMs, values }], 'up');
});

afterEach(() => cleanup.run());

function threads(options: Partial<QueryThreadsOptions> = {}): QueryThreads {
  const made = new QueryThreads({ dataDirectory: folder, ...options });
  cleanup.add(() => made.close());
  return made;
}

function question(query: string, stepMs = 0): KeptQuestion {
  return {
    source: 'p',
    query,
    times: { fromMs: hourMs / 2, toMs: hourMs, stepMs },
    traits: { semantics: 'v3', lookbackMs: 300_000, subqueryStepMs: 60_000 },
    explain: false,
  };
}

/** The longest turn of this thread's event loop, by the time it worked: other threads and processes do not count. */
class LongestTurn {
  #longestMicroseconds = 0;
  #used = usedMicroseconds();
  #isStopped = false;

  constructor() {
    const turn = (): void => {
      this.#look();
      if (!this.#isStopped) setImmediate(turn);
    };
    setImmediate(turn);
  }

  /** @returns milliseconds. */
  stop(): number {
    this.#look();
    this.#isStopped = true;
    return this.#longestMicroseconds / 1_000;
  }

  #look(): void {
    const used = usedMicroseconds();
    this.#longestMicroseconds = Math.max(this.#longestMicroseconds, used - this.#used);
    this.#used = used;
  }
}

function usedMicroseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** Long enough to be cancelled in, and short where it is not. */
const long = 'sum_over_time(sum_over_time(up[10m:1ms])[10m:10ms])';

describe('query threads', () => {
  it('answer over what the store has committed', async () => {
    const one = threads();
    expect(await one.ask(question('up'), 10_000)).toMatchObject({
      kind: 'answered',
      result: {
        kind: 'vector',
        series: [{ labels: { __name__: 'up', job: 'a' }, values: Float64Array.of(120) }],
      },
      fetchedAtMs: hourMs,
    });
    const ranges = await Promise.all(
      [30_000, 60_000, 120_000].map((stepMs) => one.ask(question('up', stepMs), 10_000)),
    );
    const points = ranges.map((answer) =>
      answer.kind === 'answered' && answer.result.kind === 'matrix'
        ? answer.result.series[0]?.values.length
        : answer,
    );
    expect(points).toEqual([61, 31, 16]);
    expect(one.running).toBe(2);
  });

  it('hand large answers over in pieces, between which the core does what else it has to do', async () => {
    await keep(
      Array.from({ length: 10_000 }, (_, index) => ({
        labels: { __name__: 'many', instance: `instance-${index}`, job: 'node', zone: `${index % 7}` },
        timesMs: Float64Array.of(hourMs / 2, hourMs),
        values: Float64Array.of(index, index),
      })),
      'many',
    );
    const one = threads();
    for (const stepMs of [0, 30_000]) {
      const turns = new LongestTurn();
      const answer = await one.ask(question('many', stepMs), 30_000);
      const longestMs = turns.stop();
      const series = answer.kind === 'answered' && 'series' in answer.result ? answer.result.series : [];
      expect(series.map(({ values }) => values.at(-1)).join()).toBe(lastValues.join());
      expect(longestMs).toBeLessThan(20);
    }
  });

  it('end a query once nobody wants it, and go on with the next', async () => {
    const one = threads({ threads: 1 });
    await one.ask(question('up'), 10_000);
    const stop = new AbortController();
    const answer = one.ask(question(long), 60_000, stop.signal);
    const next = one.ask(question('up'), 10_000);
    stop.abort();
    expect(await answer).toMatchObject({ kind: 'unanswered', cause: 'cancelled' });
    expect(await next).toMatchObject({ kind: 'answered' });
  });

  it('end a query at its deadline', async () => {
    const one = threads({ threads: 1 });
    await one.ask(question('up'), 10_000);
    expect(await one.ask(question(long), 50)).toMatchObject({
      kind: 'refused',
      problem: { kind: 'timeout' },
    });
  });

  it('take no more than can wait', async () => {
    const one = threads({ threads: 1, maxWaiting: 1 });
    const answers = [1, 2, 3].map(() => one.ask(question('up'), 10_000));
    const kinds = (await Promise.all(answers)).map((answer) =>
      answer.kind === 'unanswered' ? answer.cause : answer.kind,
    );
    expect(kinds).toEqual(['answered', 'answered', 'busy']);
  });

  it('fail the question of one that dies, and no other', async () => {
    const dies =
      "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(3));";
    const script = new URL(`data:text/javascript,${encodeURIComponent(dies)}`);
    const one = threads({ threads: 1, script });
    const answers = await Promise.all([1, 2].map(() => one.ask(question('up'), 10_000)));
    expect(answers).toMatchObject([
      { kind: 'unanswered', cause: 'broken' },
      { kind: 'unanswered', cause: 'broken' },
    ]);
    expect(one.running).toBe(0);
  });

  it('say where there is no cache to read', async () => {
    const empty = new QueryThreads({ dataDirectory: temporaryFolder(cleanup) });
    cleanup.add(() => empty.close());
    expect(await empty.ask(question('up'), 10_000)).toMatchObject({ kind: 'unreadable', isDamaged: false });
  });

  it('are ended once nothing has been asked for a while', async () => {
    const one = threads({ idleMs: 10 });
    await one.ask(question('up'), 10_000);
    await expect.poll(() => one.running).toBe(0);
  });
});
