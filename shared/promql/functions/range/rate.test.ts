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
