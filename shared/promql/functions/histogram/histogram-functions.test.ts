import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callVectorFunction, type Series } from '#support/promql-columns.ts';
import { bucketFraction } from './bucket-fraction.ts';
import { bucketQuantile, forceOrder } from './bucket-quantile.ts';
import { parseBound } from './parse-bound.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Buckets of one histogram: each bound and its count. */
function buckets(counts: Readonly<Record<string, number>>, labels: Record<string, string> = {}): Series[] {
  return Object.entries(counts).map(([le, count]) => [{ __name__: 'h_bucket', le, ...labels }, count]);
}

function quantile(share: number, counts: Readonly<Record<string, number>>) {
  return callVectorFunction('histogram_quantile', [share, buckets(counts)]).series[0]?.[1];
}

test('in version 2 histogram_fraction gives nothing of classic histograms', () => {
  const arguments_ = [0, 1, buckets({ '1': 1, '+Inf': 2 })] as const;
  const seriesOf = (semantics: 'v2' | 'v3') =>
    callVectorFunction('histogram_fraction', arguments_, { options: { semantics } }).series;
  expect(seriesOf('v2')).toEqual([]);
  expect(seriesOf('v3')).toEqual([[{}, 0.5]]);
});

test('in version 2 a count that is none leaves those after it to the counts before it', () => {
  const orderedCounts = (semantics: 'v2' | 'v3'): number[] => {
    const counts = Float64Array.of(5, nan, 3, 6);
    forceOrder({ bounds: Float64Array.of(1, 2, 3, inf), counts, length: 4 }, semantics);
    return [...counts];
  };
  expect(orderedCounts('v2')).toEqual([5, nan, 5, 6]);
  expect(orderedCounts('v3')).toEqual([5, nan, 3, 6]);
});

describe('histogram_quantile', () => {
  // As promtool 3.5 answers.
  test.each([
    { share: 0.9, counts: { '0x1p2': 1, infinity: 3 }, expected: 4 },
    { share: 0.9, counts: { '1_0': 1, '5': 1, '+Inf': 3 }, expected: 10 },
    { share: 0.9, counts: { '0x_2p0': 1, '+Inf': 3 }, expected: 2 },
    { share: 0.9, counts: { '1e999': 1, '1': 1, '+Inf': 3 }, expected: 1 },
    { share: 0.9, counts: { nan: 1, '1': 1, '+Inf': 3 }, expected: nan },
    { share: 0.9, counts: { '.5': 1, '5.': 2, '1E1': 3, Inf: 3 }, expected: 8.5 },
    { share: 0.3, counts: { '1': nan, '2': 2, '+Inf': 2 }, expected: nan },
    { share: 0.8, counts: { '1': 1, '2': 2, '+Inf': nan }, expected: 2 },
    { share: 0.5, counts: { '1': 5, '2': 4, '3': 6, '+Inf': 6 }, expected: 0.6 },
    { share: 0.7, counts: { '1': 5, '2': 4, '3': 6, '+Inf': 6 }, expected: 0.8399999999999999 },
    {
      share: 0.8,
      counts: { '1': 5.0000000000001, '2': 5, '3': 5.0000000000002, '+Inf': 6 },
      expected: 0.9599999999999809,
    },
  ])('$share of $counts', ({ share, counts, expected }) => {
    expect(quantile(share, { ...counts } as Record<string, number>)).toBe(expected);
  });

  test('buckets of one bound in several writings are one', () => {
    expect(quantile(0.5, { '1': 1, '1.0': 1, '2': 4, '+Inf': 4 })).toBe(1);
  });

  test('without a bucket of all observations, or with no other, there is no quantile', () => {
    expect(quantile(0.5, { '1': 1, '2': 2 })).toBeNaN();
    expect(quantile(0.5, { '+Inf': 2 })).toBeNaN();
    expect(quantile(0.5, { '1': 0, '+Inf': 0 })).toBeNaN();
    expect(quantile(0.1, { '-1': 2, '+Inf': 2 })).toBe(-1);
  });

  test('what is no share is warned of', () => {
    const answer = callVectorFunction('histogram_quantile', [nan, buckets({ '1': 1, '+Inf': 1 })]);
    expect(answer.series).toEqual([[{}, nan]]);
    expect(answer.remarks).toEqual([
      'warning: PromQL warning: quantile value should be between 0 and 1, got NaN',
    ]);
    expect(quantile(-0.1, { '1': 1, '+Inf': 1 })).toBe(-inf);
    expect(quantile(1.01, { '1': 1, '+Inf': 1 })).toBe(inf);
  });

  test('series without a bound are warned of and left out', () => {
    const given: Series[] = [...buckets({ '1': 1, '+Inf': 1, 'Hello World': 1 }), [{ __name__: 's' }, 1]];
    const answer = callVectorFunction('histogram_quantile', [0.5, given]);
    expect(answer.series).toEqual([[{}, 0.5]]);
    expect(answer.remarks).toEqual([
      'warning: PromQL warning: bucket label "le" is missing or has a malformed value of "Hello World" for metric name "h_bucket"',
      'warning: PromQL warning: bucket label "le" is missing or has a malformed value of "" for metric name "s"',
    ]);
  });

  test('counts that fall are told once, with their extent', () => {
    const series: Series[] = [
      [{ le: '1' }, 5, 5, 1],
      [{ le: '2' }, 4, 2, 1],
      [{ le: '3' }, 6, 4, 1],
      [{ le: '+Inf' }, 6, 6, 1],
    ];
    const { remarks } = callVectorFunction('histogram_quantile', [0.5, series], { steps: 3 });
    expect(remarks).toEqual([
      'info: PromQL info: input to histogram_quantile needed to be fixed for monotonicity' +
        ' (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile),' +
        ' from buckets 2 to 3, with a max diff of 3, over 2 samples' +
        ' from 1970-01-01T00:00:00Z to 1970-01-01T00:01:00Z',
    ]);
  });

  test('each step takes the buckets that it has', () => {
    const series: Series[] = [
      [{ le: '1', a: 'x' }, 1, undefined],
      [{ le: '2', a: 'x' }, 2, 2],
      [{ le: '+Inf', a: 'x' }, 2, 2],
      [{ le: '+Inf', a: 'y' }, undefined, undefined],
    ];
    expect(callVectorFunction('histogram_quantile', [1, series], { steps: 2 }).series).toEqual([
      [{ a: 'x' }, 2, 2],
      [{ a: 'y' }, undefined, undefined],
    ]);
  });
});

/** Rising bounds and counts, the last one infinite. */
const histogram = fc
  .array(fc.tuple(fc.double({ min: 0.01, max: 10, noNaN: true }), fc.integer({ min: 0, max: 50 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((steps) => {
    let [bound, count] = [0, 0];
    const bounds: number[] = [];
    const counts: number[] = [];
    for (const [width, more] of steps) {
      bounds.push((bound += width));
      counts.push((count += more));
    }
    return {
      bounds: Float64Array.from([...bounds, inf]),
      counts: Float64Array.from([...counts, count]),
      length: bounds.length + 1,
    };
  });

describe('buckets', () => {
  test('a fraction up to a quantile is the quantile', () => {
    fc.assert(
      fc.property(histogram, fc.double({ min: 0.01, max: 1, noNaN: true }), (given, share) => {
        fc.pre((given.counts.at(-1) ?? 0) > 0);
        const value = bucketQuantile(share, given);
        expect(bucketFraction(-inf, value, given)).toBeCloseTo(share, 9);
      }),
    );
  });

  test('forcing the order of counts leaves them rising, and those that rise as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), (counts) => {
        const given = {
          bounds: Float64Array.from(counts, (_, index) => index),
          counts: Float64Array.from(counts),
          length: counts.length,
        };
        const isRising = counts.every((count, index) => count >= (counts[index - 1] ?? 0));
        expect(forceOrder(given, 'v3') === null).toBe(isRising);
        const rising = counts.map((_, index) => Math.max(...counts.slice(0, index + 1)));
        expect(Array.from(given.counts)).toEqual(rising);
      }),
    );
  });

  test('bounds', () => {
    expect(parseBound('-0X1.8P1')).toBe(-3);
    expect(parseBound('-inf')).toBe(-inf);
    expect(parseBound('')).toBeNull();
    expect(parseBound('0x1')).toBeNull();
    expect(parseBound('0xp1')).toBeNull();
    expect(parseBound('1__0')).toBeNull();
    expect(parseBound('010')).toBe(10);
  });
});

describe('histogram_quantiles', () => {
  const given = buckets({ '1': 1, '2': 2, '+Inf': 2 }, { a: 'x' });

  test('tell their quantile in a label', () => {
    expect(callVectorFunction('histogram_quantiles', [given, 'q', 0, 0.5, 1, 0.25]).series).toEqual([
      [{ a: 'x', q: '0.0' }, 0],
      [{ a: 'x', q: '0.5' }, 1],
      [{ a: 'x', q: '1.0' }, 2],
      [{ a: 'x', q: '0.25' }, 0.5],
    ]);
  });

  test('a quantile that changes makes series of each value', () => {
    const series = given.map(([labels, value]): Series => [labels, value, value]);
    const answer = callVectorFunction('histogram_quantiles', [series, 'q', [0.5, 1]], { steps: 2 });
    expect(answer.series).toEqual([
      [{ a: 'x', q: '0.5' }, 1, undefined],
      [{ a: 'x', q: '1.0' }, undefined, 2],
    ]);
  });
});

test('functions of native histograms answer nothing of numbers', () => {
  for (const name of [
    'histogram_avg',
    'histogram_count',
    'histogram_sum',
    'histogram_stddev',
    'histogram_stdvar',
  ]) {
    expect(callVectorFunction(name, [buckets({ '1': 1 })]).series).toEqual([]);
  }
});
