import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { openStore } from '#core/store/store.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { KeptQueryReader } from './kept-query-reader.ts';

const isFull = process.env['OPSSIGHT_FULL'] !== undefined;
const queries = isFull ? 5_000 : 240;
const seriesCount = 300;
const madeLabelBytes = 1_048_576;
const atMs = 600_000;

/** Each query is another one, and makes other labels than all before it. */
const shapes: readonly ((index: number) => string)[] = [
  (index) => `label_replace(up, "made", "made-by-${index}-of-$1", "instance", "(.*)")`,
  (index) => `sum without (l${index}) (up)`,
  (index) => `sum by (instance, l${index}) (up{instance=~"instance-[${index % 7}-9].*"})`,
  (index) => `count_values("value_${index}", up + ${index})`,
  (index) => `up * on (instance, l${index}) up{instance!="${index}"}`,
  (index) => `label_join(up, "joined_${index}", "-${index}-", "instance", "job")`,
];

it('holds no more after thousands of different queries than after some', { timeout: 120_000 }, async () => {
  const cleanup = new Cleanup();
  try {
    const reader = await readerOver(cleanup);
    const answerAll = (from: number, to: number): void => {
      for (let index = from; index < to; index++) reader(shapes[index % shapes.length]?.(index) ?? '');
    };
    answerAll(0, queries / 4);
    const early = usedBytes();
    answerAll(queries / 4, queries);
    expect((usedBytes() - early) / 1_048_576).toBeLessThan(8);
  } finally {
    await cleanup.run();
  }
});

async function readerOver(cleanup: Cleanup): Promise<(query: string) => void> {
  const dataDirectory = temporaryFolder(cleanup);
  const opened = await openStore({
    dataDirectory,
    safeMode: false,
    onNotice: ({ message }) => expect.unreachable(message),
    nowMs: Date.now,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  cleanup.add(() => opened.value.close());
  const timesMs = Float64Array.of(atMs - 60_000, atMs);
  const kept = await opened.value.putSamples({
    source: 'p',
    selector: 'up',
    fromMs: 0,
    toMs: atMs,
    fetchedAtMs: atMs,
    incidentId: null,
    series: Array.from({ length: seriesCount }, (_, index) => ({
      labels: { __name__: 'up', instance: `instance-${index}`, job: 'node' },
      timesMs,
      values: Float64Array.of(index, index),
    })),
  });
  if (!kept.ok) throw new Error(kept.failure.message);
  const reader = new KeptQueryReader(madeLabelBytes);
  cleanup.add(() => {
    reader.close();
  });
  const traits = { semantics: 'v3', lookbackMs: 300_000, subqueryStepMs: 60_000 } as const;
  const times = { fromMs: atMs, toMs: atMs, stepMs: 0 };
  const limits = { deadlineMs: Number.POSITIVE_INFINITY, nowMs: () => 0, isCancelled: () => false };
  return (query) => {
    const answer = reader.answer(
      dataDirectory,
      { source: 'p', query, times, traits, explain: false },
      limits,
    );
    expect(answer.kind).toBe('answered');
  };
}

function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('garbage cannot be collected');
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
