import { expect, test } from 'vitest';
import { callRangeFunction, type RangeCall } from '#support/promql-ranges.ts';
import { rangeFunctions } from './table.ts';

const minute = 60_000;

function series(intervalMs: number, values: readonly (number | undefined)[]): RangeCall['samples'] {
  return values.flatMap((value, index) =>
    value === undefined ? [] : [[index * intervalMs, value] as const],
  );
}

function at(
  timeMs: number,
  rangeMs: number,
  name: string,
  values: readonly number[],
  intervalMs = 5 * minute,
) {
  const call = { samples: series(intervalMs, values), startMs: timeMs, stepMs: 0, steps: 1, rangeMs };
  return callRangeFunction(name, rangeFunctions.get(name)!, call).values[0];
}

const rising = (from: number, by: number, count: number) =>
  Array.from({ length: count }, (_, i) => from + i * by);

// Prometheus' own expectations for these functions, evaluated at the last sample.
test.each([
  ['increase', 50, rising(0, 10, 11), 100],
  ['increase', 50, [...rising(0, 18, 6), ...rising(0, 18, 5)], 160],
  ['increase', 100, rising(0, 10, 11), 100],
  ['increase', 100, [...rising(0, 18, 6), ...rising(0, 18, 5)], 162],
  ['increase', 100, rising(10, 10, 11), 105],
  ['increase', 100, rising(1, 10, 11), 101],
  ['increase', 30, [0, 1, 2, 3, 2, 3, 4], 7],
  ['rate', 50, [...rising(0, 27, 5), ...rising(0, 27, 6)], 0.08],
  ['rate', 50, rising(0, 80, 11), 0.26666666666666666],
  ['rate', 6, [90, 0], 0],
  ['rate', 5, [90, 0], undefined],
  ['delta', 20, [0, 50, 100, 150, 200], 200],
  ['delta', 20, [200, 150, 100, 50, 0], -200],
] as const)('%s over %d minutes of %j is %d', (name, rangeMinutes, values, expected) => {
  const result = at((values.length - 1) * 5 * minute, rangeMinutes * minute, name, values);
  if (expected === undefined) expect(result).toBeUndefined();
  else expect(result).toBeCloseTo(expected, 12);
});

// Samples 10 s apart, the first 100 s after the beginning of its window: by half a spacing, by the way to zero.
test.each([
  [2, 'two seconds to zero', 22, 22],
  [6, 'six seconds to zero: in the older order less than the threshold, and kept', 26, 25],
  [12, 'twelve seconds to zero: over the threshold', 25, 25],
] as const)('a counter that begins at %d, %s', (from, _why, older, newer) => {
  const call: RangeCall = {
    samples: [0, 1, 2].map((index) => [100_000 + index * 10_000, from + index * 10] as const),
    startMs: 120_000,
    stepMs: 0,
    steps: 1,
    rangeMs: 120_000,
  };
  const increaseOf = (semantics: 'v2' | 'v3') =>
    callRangeFunction('increase', rangeFunctions.get('increase')!, { ...call, options: { semantics } });
  expect(increaseOf('v2').values).toEqual([older]);
  expect(increaseOf('v3').values).toEqual([newer]);
});

const starts: readonly [
  name: string,
  starts: readonly number[],
  values: readonly number[],
  expected?: number,
][] = [
  ['no start', [], [1, 2, 3, 4, 5], 5],
  ['a start before the range', [60_000, 60_000, 60_000, 60_000, 60_000], [1, 2, 3, 4, 5], 5],
  ['a start within the range', [90_000, 90_000, 90_000, 90_000, 90_000], [1, 2, 3, 4, 5], 5],
  ['a start at the first sample', [120_000, 120_000, 120_000, 120_000, 120_000], [1, 2, 3, 4, 5], 5],
  [
    'a start within, and the range goes on',
    [90_000, 90_000, 90_000, 90_000],
    [1, 2, 3, 4],
    5.142857142857143,
  ],
  ['a start after the first sample', [120_001, 120_001, 120_001, 120_001], [1, 2, 3, 4], 6.333333333333333],
  ['one sample with a start', [90_000], [3], 3],
  ['one sample without one', [], [3]],
];

// Prometheus' own expectations of the feature flag use-start-timestamps.
test.each(starts)('increase with %s', (_name, startTimesMs, values, expected) => {
  const call: RangeCall = {
    samples: values.map((value, index) => [(index + 2) * minute, value] as const),
    startTimesMs: values.map((_, index) => startTimesMs.at(index) ?? Number.NaN),
    startMs: 6 * minute,
    stepMs: 0,
    steps: 1,
    rangeMs: 5 * minute,
    options: { startTimestamps: true },
  };
  const [result] = callRangeFunction('increase', rangeFunctions.get('increase')!, call).values;
  if (expected === undefined) expect(result).toBeUndefined();
  else expect(result).toBeCloseTo(expected, 12);
});

test.each(['rate', 'increase', 'irate', 'resets'])('%s tells a reset by the start of a delta', (name) => {
  const call: RangeCall = {
    samples: [1, 2, 3, 4].map((step) => [step * minute, 60] as const),
    startTimesMs: [0, 1, 2, 3].map((step) => step * minute + 1),
    startMs: 4 * minute,
    stepMs: 0,
    steps: 1,
    rangeMs: 3 * minute,
  };
  const apply = rangeFunctions.get(name)!;
  const heeded = callRangeFunction(name, apply, { ...call, options: { startTimestamps: true } });
  expect(heeded.values).toEqual([{ rate: 1, increase: 180, irate: 1, resets: 2 }[name]]);
  expect(callRangeFunction(name, apply, call).values).toEqual([0]);
});

test('a start within the count of the sample before is remarked', () => {
  const call: RangeCall = {
    samples: [2, 3, 4].map((step) => [step * minute, step * 60] as const),
    startTimesMs: [0, 60_001, 120_000],
    startMs: 4 * minute,
    stepMs: 0,
    steps: 1,
    rangeMs: 3 * minute,
    metricName: 'counter_total',
    options: { startTimestamps: true },
  };
  expect(callRangeFunction('rate', rangeFunctions.get('rate')!, call).remarks).toEqual([
    'warning: PromQL warning: sample has start time that overlaps with previous sample timestamp for metric "counter_total"',
  ]);
});

const gauge: RangeCall = {
  samples: series(minute, [1, 2, 3]),
  startMs: 2 * minute,
  stepMs: 0,
  steps: 1,
  rangeMs: 5 * minute,
  metricName: 'queue_length',
};

test('what has no name of a counter is remarked where it is counted, by Prometheus 3', () => {
  const remarksOf = (name: string, changed: Partial<RangeCall> = {}) =>
    callRangeFunction(name, rangeFunctions.get(name)!, { ...gauge, ...changed }).remarks;
  const remark =
    'info: PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "queue_length"';
  expect(remarksOf('rate')).toEqual([remark]);
  expect(remarksOf('increase')).toEqual([remark]);
  expect(remarksOf('rate', { options: { semantics: 'v2' } })).toEqual([]);
  expect(remarksOf('rate', { metricName: 'requests_total' })).toEqual([]);
  expect(remarksOf('rate', { metricName: '' })).toEqual([]);
  expect(remarksOf('rate', { samples: [] })).toEqual([]);
  expect(remarksOf('irate')).toEqual([]);
  expect(remarksOf('delta')).toEqual([]);
});

// Prometheus' own expectations of its reference for extended ranges (PROM-52).
test.each([
  ['increase', 'anchored', [0, 1, 2, 3, 4, 7, 7, 7, 7]],
  ['increase', 'smoothed', [1 / 3, 4 / 3, 7 / 3, 10 / 3, 5, 7, 7, 7, 6]],
] as const)('%s over %s ranges', (name, extension, expected) => {
  const call: RangeCall = {
    samples: series(15_000, [1, 2, 3, 4, 5, 9, 10, 11, 12, 13].slice(0, 10)),
    startMs: 5000,
    stepMs: 15_000,
    steps: 9,
    rangeMs: minute,
    extension,
    lookbackMs: 5 * minute,
  };
  const { values } = callRangeFunction(name, rangeFunctions.get(name)!, call);
  values.forEach((value, step) => expect(value).toBeCloseTo(expected.at(step)!, 9));
});
