import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LabelMatcher, MatchOperator } from '../syntax/ast.ts';
import { compileMatchers } from './matching.ts';
import { MemorySource } from './memory-source.ts';

function sourceOf(...series: Record<string, string>[]): MemorySource {
  const source = new MemorySource();
  for (const labels of series) source.series(source.labels.ofLabels(labels)).append(0, 1);
  return source;
}

test('samples come out rising, whatever the order they came in, the last of one time', () => {
  const source = new MemorySource();
  const series = source.series(source.labels.ofLabels({ __name__: 'm' }));
  series.append(3_000, 3);
  series.append(1_000, 1, -500);
  series.appendStale(2_000);
  series.append(3_000, 4);
  series.appendHistogram(9_000);
  const [raw] = source.select([], 0, 10_000);
  expect([...(raw?.timesMs ?? [])]).toEqual([1_000, 2_000, 3_000]);
  expect([...(raw?.values ?? [])]).toEqual([1, Number.NaN, 4]);
  expect([...(raw?.stale ?? [])]).toEqual([0, 1, 0]);
  expect([...(raw?.startTimesMs ?? [])]).toEqual([-500, Number.NaN, Number.NaN]);
  expect([...(raw?.histogramTimesMs ?? [])]).toEqual([9_000]);
});

test('a series that grows after a selection is seen by the next, the earlier answer unchanged', () => {
  const source = sourceOf({ a: '1' }, { a: '2' });
  const before = source.select([], 0, 10);
  for (let time = 1; time <= 40; time++) source.series(source.labels.ofLabels({ a: '1' })).append(time, time);
  expect(before.map(({ timesMs }) => timesMs.length)).toEqual([1, 1]);
  expect(source.select([], 0, 10).map(({ timesMs }) => timesMs.length)).toEqual([41, 1]);
});

test('series scraped together share one column of times', () => {
  const [first, second, other] = sourceOf({ a: '1' }, { a: '2' }, {}).select([], 0, 0);
  expect(first?.timesMs).toBe(second?.timesMs);
  expect(other?.values).not.toBe(first?.values);
});

test('only series with a sample within the window, both ends included', () => {
  const source = new MemorySource();
  const series = source.series(source.labels.ofLabels({}));
  series.append(1_000, 1);
  series.append(5_000, 1);
  const count = (fromMs: number, toMs: number): number => source.select([], fromMs, toMs).length;
  expect([
    count(0, 999),
    count(0, 1_000),
    count(1_001, 4_999),
    count(5_000, 9_000),
    count(5_001, 9_000),
  ]).toEqual([0, 1, 0, 1, 0]);
});

test('the index selects what walking all series selects, in the order of the labels', () => {
  const value = fc.constantFrom('', 'a', 'b', 'ab', 'a\nb');
  const labels = fc.record({ x: value, y: value, z: value });
  const matcher: fc.Arbitrary<LabelMatcher> = fc.record({
    name: fc.constantFrom('x', 'y', 'z', 'absent'),
    operator: fc.constantFrom<MatchOperator>('=', '!=', '=~', '!~'),
    value: fc.constantFrom('', 'a', 'ab', 'a|b', 'a.*', '.+', '(a|ab)', '.*b', '[ab]'),
  });
  fc.assert(
    fc.property(
      fc.array(labels, { maxLength: 20 }),
      fc.array(matcher, { maxLength: 4 }),
      (sets, matchers) => {
        const source = sourceOf(...sets);
        const passes = compileMatchers(matchers, 'v3');
        const all = source.select([], 0, 0).map((series) => series.labels);
        expect(source.select(matchers, 0, 0).map((series) => series.labels)).toEqual(all.filter(passes));
      },
    ),
  );
});
