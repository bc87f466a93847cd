import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregate, type Series } from '#support/promql-columns.ts';
import { loaded, range } from '#support/promql-data.ts';
import { xxhash64 } from './xxhash64.ts';
import type { AggregationOperator } from '../syntax/ast.ts';
import { QueryError } from '../problem.ts';

/** Series `{i="1"}`, `{i="2"}`… with one value each. */
function instant(...values: number[]): Series[] {
  return values.map((value, index) => [{ __name__: 'm', i: String(index + 1) }, value]);
}

function single(operator: AggregationOperator, values: number[], semantics: 'v2' | 'v3' = 'v3') {
  return aggregate(operator, instant(...values), { options: { semantics } }).series[0]?.[1];
}

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const big = 9.988465674311579e307;

describe('sums and means', () => {
  test.each([
    // As promtool 3.5 and 2.42 answer.
    { operator: 'sum', values: [0.1, 0.2, 0.3, 0.7], v3: 1.3, v2: 1.3 },
    { operator: 'sum', values: [2, 8, 1e100, -1e100], v3: 10, v2: 0 },
    { operator: 'avg', values: [2, 8, 1e100, -1e100], v3: 2.5, v2: 0 },
    { operator: 'sum', values: [inf, -inf], v3: nan, v2: nan },
    { operator: 'sum', values: [inf, 1], v3: inf, v2: inf },
    { operator: 'avg', values: [inf, 2, inf], v3: inf, v2: inf },
    { operator: 'avg', values: [-inf, 2, inf], v3: nan, v2: nan },
    { operator: 'avg', values: [nan, 2], v3: nan, v2: nan },
    { operator: 'avg', values: [big, big, big, big], v3: big, v2: big },
    { operator: 'avg', values: [-big, -big, big, big], v3: 0, v2: 0 },
    { operator: 'avg', values: Array.from({ length: 11 }, () => 52), v3: 52, v2: 52 },
  ] as const)('$operator of $values', ({ operator, values, v3, v2 }) => {
    expect(single(operator, [...values])).toBe(v3);
    expect(single(operator, [...values], 'v2')).toBe(v2);
  });

  /** One value at a time, as the definition of the compensated sum has it. */
  function compensated(values: readonly number[]): number {
    let [sum, error] = [values[0] ?? 0, 0];
    for (const value of values.slice(1)) {
      const total = sum + value;
      if (!Number.isFinite(total) && !Number.isNaN(total)) error = 0;
      else if (Math.abs(sum) >= Math.abs(value)) error += sum - total + value;
      else error += value - total + sum;
      sum = total;
    }
    return sum + error;
  }

  test('a sum is that of the definition to the last bit', () => {
    const number = fc.oneof(fc.double(), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 30 }), (values) => {
        expect(single('sum', values)).toBe(compensated(values));
        expect(single('sum', values, 'v2')).toBe(
          values.slice(1).reduce((sum, value) => sum + value, values[0] ?? 0),
        );
      }),
    );
  });

  test('a mean is the sum by the number, and lies within the values', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 30 }), (values) => {
        const mean = Number(single('avg', values));
        expect(mean).toBeCloseTo(compensated(values) / values.length, 6);
        const slack = 1e-9 * Math.max(...values.map(Math.abs));
        expect(mean).toBeGreaterThanOrEqual(Math.min(...values) - slack);
        expect(mean).toBeLessThanOrEqual(Math.max(...values) + slack);
      }),
    );
  });
});

describe('extremes and numbers', () => {
  test('NaN is less and more than nothing', () => {
    expect(single('max', [nan, 1, 2])).toBe(2);
    expect(single('min', [1, nan, 2])).toBe(1);
    expect(single('max', [nan, nan])).toBeNaN();
    expect(single('min', [nan, -inf])).toBe(-inf);
  });

  test('count and group', () => {
    expect(single('count', [nan, 1, 2])).toBe(3);
    expect(single('group', [nan, 1, 2])).toBe(1);
  });

  test('variance is that of two passes', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 30 }), (values) => {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        const scale = Math.max(1, ...values.map((value) => value ** 2));
        const variance = Number(single('stdvar', values));
        expect(Math.abs(variance - squares / values.length) / scale).toBeLessThan(1e-9);
        expect(single('stddev', values)).toBe(Math.sqrt(variance));
      }),
    );
  });

  test('a single infinity has no variance since version 3', () => {
    expect(single('stddev', [inf])).toBeNaN();
    expect(single('stddev', [inf], 'v2')).toBe(0);
    expect(single('stdvar', [nan])).toBeNaN();
    expect(single('stdvar', [1, 2, inf])).toBeNaN();
    expect(single('stdvar', [5])).toBe(0);
  });

  test('quantiles lie between values by their rank; NaN is the least value', () => {
    const quantile = (parameter: number, ...values: number[]) =>
      aggregate('quantile', instant(...values), { parameter }).series[0]?.[1];
    expect(quantile(0.8, 0, 1, 4)).toBeCloseTo(2.8, 12);
    expect(quantile(0.8, 1, 0, nan)).toBeCloseTo(0.6, 12);
    expect(quantile(0.2, 0, 1, nan)).toBeNaN();
    expect(quantile(-1, 1)).toBe(-inf);
    expect(quantile(2, 1)).toBe(inf);
    expect(quantile(nan, 1)).toBeNaN();
    // promtool: quantile(0.3, of eight with two NaNs).
    expect(quantile(0.3, 1, 1, 1, 1, 2, nan, nan, 0)).toBe(0.10000000000000009);
  });

  test('a quantile that is no share is warned of', () => {
    const { remarks } = aggregate('quantile', instant(1), { parameter: 1.5 });
    expect(remarks).toEqual(['warning: PromQL warning: quantile value should be between 0 and 1, got 1.5']);
    expect(aggregate('quantile', instant(1), { parameter: nan }).remarks[0]).toMatch(/got NaN$/);
    expect(aggregate('quantile', instant(1), { parameter: 1 }).remarks).toEqual([]);
  });
});

describe('groups', () => {
  const series: Series[] = [
    [{ __name__: 'm', a: '1', b: 'x' }, 1, undefined],
    [{ __name__: 'm', a: '1', b: 'y' }, 2, 20],
    [{ __name__: 'm', a: '2', b: 'x' }, undefined, 40],
  ];

  test('by labels, and by none', () => {
    expect(aggregate('sum', series, { grouping: ['a', 'none'], steps: 2 }).series).toEqual([
      [{ a: '1' }, 3, 20],
      [{ a: '2' }, undefined, 40],
    ]);
    expect(aggregate('sum', series, { steps: 2 }).series).toEqual([[{}, 3, 60]]);
    expect(aggregate('count', [], { steps: 2 }).series).toEqual([]);
  });

  test('without labels, the name never stays', () => {
    expect(aggregate('sum', series, { grouping: ['a'], without: true, steps: 2 }).series).toEqual([
      [{ b: 'x' }, 1, 40],
      [{ b: 'y' }, 2, 20],
    ]);
    expect(aggregate('max', series, { without: true, steps: 2 }).series.length).toBe(3);
    expect(aggregate('sum', series, { grouping: ['__name__'], steps: 2 }).series).toEqual([
      [{ __name__: 'm' }, 3, 60],
    ]);
  });
});

describe('topk and bottomk', () => {
  const kept = (operator: 'topk' | 'bottomk', parameter: number, values: number[]) =>
    aggregate(operator, instant(...values), { parameter }).series.map(([labels]) => Number(labels['i']));

  test('an instant query gives the best first', () => {
    expect(kept('topk', 3, [10, 30, nan, 20, 40])).toEqual([5, 2, 4]);
    expect(kept('bottomk', 2, [10, 30, nan, 20, 40])).toEqual([1, 4]);
    expect(kept('topk', 2.9, [10, 30, 20])).toEqual([2, 3]);
    expect(kept('topk', 9, [nan, 1])).toEqual([2, 1]);
    expect(kept('topk', 0.9, [1])).toEqual([]);
    expect(kept('topk', -1, [1])).toEqual([]);
  });

  test('are those of a sorted list', () => {
    const values = fc.array(fc.double({ noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 30 }), (all, room) => {
        const ranked = (operator: 'topk' | 'bottomk') =>
          aggregate(operator, instant(...all), { parameter: room }).series.map(([, value]) => value);
        const rising = Array.from(Float64Array.from(all).sort());
        const zero = (list: readonly (number | undefined)[]) => list.map((value) => Number(value) + 0);
        expect(zero(ranked('bottomk'))).toEqual(zero(rising.slice(0, room)));
        expect(zero(ranked('topk'))).toEqual(zero(rising.toReversed().slice(0, room)));
      }),
    );
  });

  test('every step of a range chooses for itself, within each group', () => {
    const series: Series[] = [
      [{ g: '1', i: '1' }, 1, 4, undefined],
      [{ g: '1', i: '2' }, 2, 3, undefined],
      [{ g: '2', i: '3' }, 0, undefined, 1],
    ];
    const answer = aggregate('topk', series, { parameter: [1, 1, 1], grouping: ['g'], steps: 3 });
    expect(answer.series).toEqual([
      [{ g: '1', i: '1' }, undefined, 4, undefined],
      [{ g: '1', i: '2' }, 2, undefined, undefined],
      [{ g: '2', i: '3' }, 0, undefined, 1],
    ]);
    expect(answer.isOrdered).toBe(false);
    expect(aggregate('topk', series, { parameter: [0, 2, 0], steps: 3 }).series.length).toBe(2);
  });

  test('a parameter that is no number of series is an error', () => {
    const refused = (parameter: number, semantics: 'v2' | 'v3' = 'v3') => {
      try {
        aggregate('topk', [], { parameter, options: { semantics } });
      } catch (error) {
        if (error instanceof QueryError) return error.message;
      }
      return null;
    };
    expect(refused(nan)).toBe('Parameter value is NaN');
    expect(refused(1e30)).toBe('Scalar value 1e+30 overflows int64');
    expect(refused(nan, 'v2')).toBe('Scalar value NaN overflows int64');
    expect(refused(-1e30)).toBeNull();
  });
});

describe('count_values', () => {
  const series: Series[] = [
    [{ __name__: 'm', job: 'a', i: '1' }, 6, 6],
    [{ __name__: 'm', job: 'a', i: '2' }, 6, 7],
    [{ __name__: 'm', job: 'b', i: '3' }, 0.0000001, undefined],
  ];

  test('makes the value a label, written as Go does', () => {
    expect(aggregate('count_values', series, { parameter: 'v', steps: 2 }).series).toEqual([
      [{ v: '6' }, 2, 1],
      [{ v: '7' }, undefined, 1],
      [{ v: '0.0000001' }, 1, undefined],
    ]);
    const values = [1e21, -0, inf, nan, 1 / 3].map((value): Series => [{ i: String(value) }, value]);
    const written = aggregate('count_values', values, { parameter: 'v' }).series.map(
      ([labels]) => labels['v'],
    );
    expect(written).toEqual(['1000000000000000000000', '-0', '+Inf', 'NaN', '0.3333333333333333']);
  });

  test('the label replaces one of the series and of the grouping', () => {
    const call = { parameter: 'job', grouping: ['i'], without: true, steps: 2 };
    expect(aggregate('count_values', series, call).series[0]).toEqual([{ job: '6' }, 2, 1]);
    const by = aggregate('count_values', series, { parameter: 'v', grouping: ['job'], steps: 2 });
    expect(by.series[0]).toEqual([{ job: 'a', v: '6' }, 2, 1]);
  });

  test('a label must be one', () => {
    const name = (parameter: string, semantics: 'v2' | 'v3') => () =>
      aggregate('count_values', series, { parameter, steps: 2, options: { semantics } });
    expect(name('a-b', 'v2')).toThrow('invalid label name "a-b"');
    expect(name('a-b', 'v3')).not.toThrow();
    expect(name('', 'v3')).toThrow('invalid label name ""');
  });
});

describe('limitk', () => {
  test('keeps the first series of each group that have a value', () => {
    const series: Series[] = [
      [{ g: '1', i: '1' }, undefined, 1],
      [{ g: '1', i: '2' }, 2, 2],
      [{ g: '2', i: '3' }, 3, 3],
    ];
    expect(aggregate('limitk', series, { parameter: 1, grouping: ['g'], steps: 2 }).series).toEqual([
      [{ g: '1', i: '1' }, undefined, 1],
      [{ g: '1', i: '2' }, 2, undefined],
      [{ g: '2', i: '3' }, 3, 3],
    ]);
  });
});

describe('limit_ratio', () => {
  const series = Array.from({ length: 40 }, (_, index): Series => {
    return [{ __name__: 'm', i: String(index), job: 'x'.repeat(index * 13) }, index];
  });
  const kept = (parameter: number) =>
    aggregate('limit_ratio', series, { parameter }).series.map(([labels]) => Number(labels['i']));

  // As promtool 3.5 answers for the same series, whose longest label has 507 bytes.
  test('keeps the series that Prometheus keeps', () => {
    expect(kept(0.1)).toEqual([10, 18, 21, 26, 32]);
    expect(kept(0.3)).toEqual([0, 10, 16, 18, 20, 21, 25, 26, 29, 32, 36, 38]);
    expect(kept(-0.3)).toEqual([2, 5, 6, 8, 9, 15, 19, 22, 24, 27, 28, 31, 33, 34, 35, 39]);
    expect(kept(0)).toEqual([]);
  });

  test('a share and what it leaves out are all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 63 }), (part) => {
        const both = [...kept(part / 64), ...kept(part / 64 - 1)].sort((left, right) => left - right);
        expect(both).toEqual(series.map((_, index) => index));
      }),
    );
  });

  test('a share beyond all is capped, with a warning', () => {
    const answer = aggregate('limit_ratio', series, { parameter: -1.1 });
    expect(answer.series.length).toBe(40);
    expect(answer.remarks).toEqual([
      'warning: PromQL warning: ratio value should be between -1 and 1, got -1.1, capping to -1',
    ]);
    expect(() => aggregate('limit_ratio', series, { parameter: nan })).toThrow('Ratio value is NaN');
  });

  test('the hash is XXH64', () => {
    const hash = (text: string) => xxhash64(new TextEncoder().encode(text)).toString(16);
    expect(hash('')).toBe('ef46db3751d8e999');
    expect(hash('a')).toBe('d24ec4f1a98c6e5b');
    expect(hash('abc')).toBe('44bc2cf5ad770999');
  });
});

test.each([
  'quantile(0.5, m)',
  'topk(20, m)',
  'count_values("v", m)',
  'sum by (i) (m)',
  'limitk(20, m)',
  'limit_ratio(1, m)',
])('%s holds what it keeps against the limit of samples', (query) => {
  const lines = Array.from({ length: 20 }, (_, index) => `m{i="${index}"} ${index}+1x9`);
  const source = loaded(60_000, ...lines);
  const ends = [0, 540_000, 60_000] as const;
  expect(range(source, query, ends, { maxSamples: 150 })).toMatch(/too many samples/);
  expect(range(source, query, ends, { maxSamples: 10_000 })).toBeTypeOf('object');
});
