import { describe, expect, it } from 'vitest';
import type { Series } from '#shared/model/series.ts';
import { alignSeries, lastSampleMs } from './align.ts';
import { formatMeasure } from './measure.ts';

function series(...samples: readonly (readonly [number, number])[]): Series {
  return {
    labels: {},
    timesMs: Float64Array.from(samples.map(([timeMs]) => timeMs)),
    values: Float64Array.from(samples.map(([, value]) => value)),
  };
}

describe('alignSeries', () => {
  it('keeps one regular series as it is', () => {
    expect(alignSeries([series([0, 1], [1_000, 2], [2_000, 3])], 1_000)).toEqual({
      times: [0, 1, 2],
      columns: [[1, 2, 3]],
    });
  });

  it('breaks the line where samples are missing', () => {
    const { times, columns } = alignSeries([series([0, 1], [1_000, 2], [5_000, 3])], 1_000);
    expect(times).toEqual([0, 1, 3, 5]);
    expect(columns).toEqual([[1, 2, null, 3]]);
  });

  it('does not break one series at the times of another', () => {
    const { times, columns } = alignSeries([series([0, 1], [1_000, 2]), series([500, 8], [1_500, 9])], 1_000);
    expect(times).toEqual([0, 0.5, 1, 1.5]);
    expect(columns).toEqual([
      [1, undefined, 2, undefined],
      [undefined, 8, undefined, 9],
    ]);
  });

  it('breaks only the series that has the gap', () => {
    const { columns } = alignSeries(
      [series([0, 1], [4_000, 2]), series([0, 5], [1_000, 6], [2_000, 7], [3_000, 8], [4_000, 9])],
      1_000,
    );
    expect(columns).toEqual([
      [1, undefined, null, undefined, 2],
      [5, 6, 7, 8, 9],
    ]);
  });

  it('shows a value that is no number as a break', () => {
    expect(alignSeries([series([0, Number.NaN], [1_000, Number.POSITIVE_INFINITY])], 1_000).columns).toEqual([
      [null, null],
    ]);
  });

  it('finds the newest sample', () => {
    expect(lastSampleMs([series([0, 1]), series([3_000, 1]), series()])).toBe(3_000);
    expect(lastSampleMs([series()])).toBeNull();
  });
});

describe('formatMeasure', () => {
  it.each([
    [0, '0'],
    [7.789_12, '7.789'],
    [1_234, '1234'],
    [12_345, '12.35k'],
    [3_200_000, '3.2M'],
    [-0.05, '-0.05'],
    [0.000_012_3, '1.23e-5'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('writes %s as %s', (value, expected) => {
    expect(formatMeasure(value)).toBe(expected);
  });
});
