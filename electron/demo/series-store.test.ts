import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queryInstant, queryRange } from '#shared/promql/engine.ts';
import { MemorySource } from '#shared/promql/model/memory-source.ts';
import type { RawSeries } from '#shared/promql/model/samples.ts';
import type { LabelMatcher, MatchOperator } from '#shared/promql/syntax/ast.ts';
import { SeriesStore } from './series-store.ts';

const never = (): boolean => false;
const allOfTime = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** The live samples within the window, without what may lie beside it. */
function samplesOf(series: readonly RawSeries[], fromMs: number, toMs: number): unknown {
  return series.flatMap(({ labels, timesMs, values, stale }) => {
    const samples = Array.from(timesMs, (timeMs, place) => [
      timeMs,
      stale?.[place] ?? 0,
      values[place],
    ]).filter(([timeMs = 0]) => timeMs >= fromMs && timeMs <= toMs);
    // A store may keep silent about a series that was gone all the while.
    return samples.some(([, isStale]) => isStale === 0) ? [{ labels: labels.toLabels(), samples }] : [];
  });
}

const metric = fc.constantFrom('a', 'b', 'c');
const matcher: fc.Arbitrary<LabelMatcher> = fc.record({
  name: fc.constantFrom('__name__', 'x', 'block', 'absent'),
  operator: fc.constantFrom<MatchOperator>('=', '!=', '=~', '!~'),
  value: fc.constantFrom('', 'a', 'b', '0', '1', 'a|b', 'a|a', '[ab]', '.+', 'x.*'),
});
/** Of each block its series' names, how much it keeps, and rows of values (NaN: gone), a second apart. */
const blocks = fc.array(
  fc.record({
    names: fc.array(metric, { minLength: 1, maxLength: 3 }),
    capacity: fc.integer({ min: 1, max: 12 }),
    rows: fc.array(fc.array(fc.constantFrom(1, 2, 3, Number.NaN), { minLength: 3, maxLength: 3 }), {
      maxLength: 20,
    }),
  }),
  { maxLength: 4 },
);

test('gives what a source gives that is told each sample, however often the oldest went', () => {
  fc.assert(
    fc.property(
      blocks,
      fc.array(matcher, { maxLength: 3 }),
      fc.integer({ min: 0, max: 21_000 }),
      fc.integer({ min: 0, max: 21_000 }),
      (given, matchers, fromMs, lengthMs) => {
        const store = new SeriesStore();
        const told = new MemorySource();
        given.forEach(({ names, capacity, rows }, number) => {
          const sets = names.map((name, x) => ({ __name__: name, x: String(x), block: String(number) }));
          const block = store.addBlock(sets, capacity);
          // Asked meanwhile, as queries between scrapes do.
          rows.forEach((row, index) => {
            block.append(index * 1_000, Float64Array.from(row), Number.isNaN);
            store.select([], 0, index * 1_000);
          });
          const kept = store.select([{ name: 'block', operator: '=', value: String(number) }], ...allOfTime);
          const oldestMs = Math.min(...kept.map(({ timesMs }) => timesMs[0] ?? 0));
          sets.forEach((labels, column) => {
            const series = told.series(told.labels.ofLabels(labels));
            rows.forEach((row, index) => {
              const value = row[column] ?? Number.NaN;
              if (index * 1_000 < oldestMs) return;
              if (Number.isNaN(value)) series.appendStale(index * 1_000);
              else series.append(index * 1_000, value);
            });
          });
        });
        const toMs = fromMs + lengthMs;
        expect(samplesOf(store.select(matchers, fromMs, toMs), fromMs, toMs)).toEqual(
          samplesOf(told.select(matchers, fromMs, toMs), fromMs, toMs),
        );
      },
    ),
  );
});

test('of a full block the oldest fifth goes, and what was gone there is forgotten', () => {
  const store = new SeriesStore();
  const block = store.addBlock([{ __name__: 'a' }], 10);
  for (let index = 0; index < 10; index++)
    block.append(index, Float64Array.of(index), (value) => value === 1 || value === 9);
  block.append(10, Float64Array.of(10), never);
  const [series] = store.select([], 0, 20);
  expect([...(series?.timesMs ?? [])]).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect([...(series?.stale ?? [])]).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0]);
});

test('series of one block share their times, and the same window shows the same times again', () => {
  const store = new SeriesStore();
  const block = store.addBlock([{ __name__: 'a' }, { __name__: 'b' }], 10);
  block.append(5, Float64Array.of(1, 2), never);
  const [first, second] = store.select([], 0, 20);
  expect(first?.timesMs).toBe(second?.timesMs);
  expect(store.select([], 0, 20)[0]?.timesMs).toBe(first?.timesMs);
  block.append(6, Float64Array.of(1, 2), never);
  expect(store.select([], 0, 20)[0]?.timesMs).toHaveLength(2);
});

test('a value may be NaN without the series being gone', () => {
  const store = new SeriesStore();
  const block = store.addBlock([{ __name__: 'a' }], 10);
  block.append(0, Float64Array.of(Number.NaN), never);
  const answer = queryInstant(store, 'a', 1_000);
  expect(answer).toMatchObject({ ok: true, value: { value: { samples: [{ value: Number.NaN }] } } });
  block.append(2_000, Float64Array.of(Number.NaN), () => true);
  expect(queryInstant(store, 'a', 3_000)).toMatchObject({ ok: true, value: { value: { samples: [] } } });
});

test('what one query makes up is not kept, and the samples change nothing of an answer', () => {
  const store = new SeriesStore();
  const block = store.addBlock([{ __name__: 'a', x: '1' }], 2);
  for (const [atMs, value] of [
    [0, 1],
    [1_000, 2],
  ] as const)
    block.append(atMs, Float64Array.of(value), never);
  const range = { startMs: 0, endMs: 1_000, stepMs: 1_000 };
  const before = store.labels.size;
  const answer = queryRange(store.forOneQuery(), 'label_replace(a, "y", "$1", "x", "(.*)")', range);
  expect(store.labels.size).toBe(before);
  const shown = JSON.stringify(answer);
  for (const atMs of [2_000, 3_000, 4_000]) block.append(atMs, Float64Array.of(9), never);
  expect(JSON.stringify(answer)).toBe(shown);
});
