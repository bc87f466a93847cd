import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callVectorFunction, type Series } from '#support/promql-columns.ts';
import { instant, loaded } from '#support/promql-data.ts';
import { LabelPool } from '../model/label-set.ts';
import { absentLabels } from './absent.ts';
import { max, min } from './go-numbers.ts';
import { comesBefore } from './natural-order.ts';
import { sampleFunctions } from './table.ts';
import type { Expression, LabelMatcher } from '../syntax/ast.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

function sample(name: string, value: number, ...parameters: number[]): number {
  const compute = sampleFunctions.get(name);
  if (compute === undefined) throw new Error(`no function ${name}`);
  return compute(value, parameters);
}

describe('functions of a number', () => {
  // As promtool 3.5 answers, to the last digit that it writes or 1e-12.
  test.each([
    { name: 'log10', value: 1.0000001, expected: 4.3429446044209946e-8 },
    { name: 'log10', value: 1000, expected: 2.9999999999999996 },
    { name: 'log2', value: 1.0000001, expected: 1.442694970155145e-7 },
    { name: 'log2', value: 8, expected: 3 },
    { name: 'log2', value: 5e-324, expected: -1074 },
    { name: 'ln', value: 1.0000001, expected: 9.999999505838704e-8 },
    { name: 'sin', value: Math.PI * 1e8, expected: -3.9082928156687195e-8 },
    { name: 'sin', value: 1e15, expected: 0.8582727931702359 },
    { name: 'cos', value: 1e300, expected: -0.5753861119575491 },
    { name: 'tan', value: Math.PI / 2, expected: 16331239353195392 },
    { name: 'exp', value: 709, expected: 8.218407461554972e307 },
    { name: 'sinh', value: 0.6, expected: 0.6366535821482412 },
    { name: 'cosh', value: 20, expected: 242582597.70489514 },
    { name: 'tanh', value: 0.7, expected: 0.6043677771171635 },
    { name: 'asinh', value: 1e-9, expected: 1e-9 },
    { name: 'acosh', value: 1.0000001, expected: 4.472135919037347e-4 },
    { name: 'atanh', value: 0.999999, expected: 7.254328619247669 },
    { name: 'deg', value: Math.PI, expected: 180 },
    { name: 'rad', value: 180, expected: Math.PI },
  ])('$name of $value', ({ name, value, expected }) => {
    const actual = sample(name, value);
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
  });

  test('logarithms beyond numbers', () => {
    for (const name of ['ln', 'log2', 'log10']) {
      expect(sample(name, 0)).toBe(-inf);
      expect(sample(name, -1)).toBeNaN();
      expect(sample(name, inf)).toBe(inf);
      expect(sample(name, nan)).toBeNaN();
    }
  });

  test('round takes halves up and keeps decimal fractions', () => {
    expect(sample('round', 0.5)).toBe(1);
    expect(sample('round', -0.5)).toBe(0);
    expect(sample('round', -1.5)).toBe(-1);
    expect(sample('round', 2.15, 0.1)).toBe(2.2);
    expect(sample('round', 7, 5)).toBe(5);
    expect(sample('round', 1, 0)).toBeNaN();
    expect(sample('round', nan)).toBeNaN();
  });

  test('the greatest and least of two, as Go has them', () => {
    expect(max(nan, inf)).toBe(inf);
    expect(min(nan, -inf)).toBe(-inf);
    expect(max(nan, -inf)).toBeNaN();
    expect(max(1, 2)).toBe(2);
  });
});

describe('clamping', () => {
  const series: Series[] = [[{ __name__: 'm', a: '1' }, 5, 5, undefined]];

  test('takes the limits of each step, and the name away', () => {
    const call = (name: string, ...limits: number[][]) =>
      callVectorFunction(name, [series, ...limits], { steps: 3 }).series;
    expect(call('clamp', [0, 6, 0], [3, 9, 3])).toEqual([[{ a: '1' }, 3, 6, undefined]]);
    expect(call('clamp_min', [7, 1, 0])).toEqual([[{ a: '1' }, 7, 5, undefined]]);
    expect(call('clamp_max', [7, 1, 0])).toEqual([[{ a: '1' }, 5, 1, undefined]]);
    expect(call('clamp', [9, 0, 0], [1, 9, 9])).toEqual([[{ a: '1' }, undefined, 5, undefined]]);
    expect(call('clamp', [9, 9, 9], [1, 1, 1])).toEqual([]);
    expect(call('clamp', [nan, 0, 0], [1, nan, 1])[0]?.slice(1)).toEqual([nan, nan, undefined]);
  });

  test('keeps the name for later where names go at the end', () => {
    const options = { delayedNameRemoval: true };
    const [clamped] = callVectorFunction('clamp_min', [series, 1], { steps: 3, options }).series;
    expect(clamped?.[0]).toEqual({ __name__: 'm', a: '1' });
  });

  test('type and unit go with the name since version 3', () => {
    const described: Series[] = [[{ __name__: 'm', __type__: 'counter', __unit__: 's', a: '1' }, 1]];
    const labels = (semantics: 'v2' | 'v3') =>
      callVectorFunction('clamp_min', [described, 0], { options: { semantics } }).series[0]?.[0];
    expect(labels('v3')).toEqual({ a: '1' });
    expect(labels('v2')).toEqual({ __type__: 'counter', __unit__: 's', a: '1' });
  });
});

describe('scalars', () => {
  test('of a vector, the value of the only series', () => {
    const series: Series[] = [
      [{ a: '1' }, 1, 2, undefined],
      [{ a: '2' }, undefined, 3, undefined],
    ];
    expect(callVectorFunction('scalar', [series], { steps: 3 }).series).toEqual([[{}, 1, nan, nan]]);
  });

  test('time, pi and a vector of a scalar', () => {
    const when = { steps: 2, startMs: 1_500, stepMs: 1_000 };
    expect(callVectorFunction('time', [], when).series).toEqual([[{}, 1.5, 2.5]]);
    expect(callVectorFunction('pi', [], when).series).toEqual([[{}, Math.PI, Math.PI]]);
    expect(callVectorFunction('vector', [[1, 2]], when).series).toEqual([[{}, 1, 2]]);
    expect(callVectorFunction('timestamp', [[[{ __name__: 'm' }, 9, 9]]], when).series).toEqual([
      [{}, 1.5, 2.5],
    ]);
  });
});

describe('dates', () => {
  const parts = [
    'year',
    'month',
    'day_of_month',
    'day_of_week',
    'day_of_year',
    'days_in_month',
    'hour',
    'minute',
  ];
  const partsOf = (value: number) =>
    parts.map((name) => callVectorFunction(name, [[[{ __name__: 'm' }, value]]]).series[0]?.[1]);

  test('are those of the calendar', () => {
    const seconds = fc.integer({ min: -62_135_596_800, max: 8_600_000_000_000 });
    fc.assert(
      fc.property(seconds, (value) => {
        const date = new Date(value * 1000);
        const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
        const monthEnd = new Date(0);
        monthEnd.setUTCFullYear(year, month + 1, 0);
        const yearStart = new Date(0);
        yearStart.setUTCFullYear(year, 0, 1);
        const ofYear = Math.floor((date.getTime() - yearStart.getTime()) / 86_400_000) + 1;
        expect(partsOf(value)).toEqual([
          year,
          month + 1,
          date.getUTCDate(),
          date.getUTCDay(),
          ofYear,
          monthEnd.getUTCDate(),
          date.getUTCHours(),
          date.getUTCMinutes(),
        ]);
      }),
      { examples: [[-86_400], [-1], [951_782_400], [4_107_542_400]] },
    );
  });

  test('of what is no time are what Go makes of it', () => {
    // As promtool answers for NaN, infinities and 1e300.
    for (const value of [nan, inf, -inf, 1e300]) {
      expect(partsOf(value).slice(0, 3)).toEqual([292277026596, 12, 4]);
      expect(partsOf(value)[6]).toBe(15);
    }
  });

  test('without an argument are those of the step', () => {
    const when = { steps: 2, startMs: 59_999, stepMs: 1 };
    expect(callVectorFunction('minute', [], when).series).toEqual([[{}, 0, 1]]);
    expect(callVectorFunction('day_of_week', [], when).series).toEqual([[{}, 4, 4]]);
  });
});

describe('absent', () => {
  const span = { start: 0, end: 1 };
  const selector = (...matchers: LabelMatcher[]): Expression => {
    return { kind: 'selector', span, name: '', matchers, extension: null, offset: null, at: null };
  };
  const equal = (name: string, value: string): LabelMatcher => ({ name, operator: '=', value });

  test('is there where nothing else is', () => {
    const series: Series[] = [
      [{ a: '1' }, 1, undefined],
      [{ a: '2' }, 1, undefined],
    ];
    const written = [selector(equal('__name__', 'm'), equal('job', 'x'))];
    const absent = (given: Series[]) => callVectorFunction('absent', [given], { steps: 2 }, written).series;
    expect(absent(series)).toEqual([[{ job: 'x' }, undefined, 1]]);
    expect(absent([[{}, 1, 1]])).toEqual([]);
    expect(absent([])).toEqual([[{ job: 'x' }, 1, 1]]);
  });

  test('tells the labels that the selector fixes', () => {
    const labels = (...matchers: LabelMatcher[]) =>
      absentLabels(selector(...matchers), new LabelPool()).toLabels();
    expect(labels(equal('__name__', 'm'), equal('a', '1'), equal('b', ''))).toEqual({ a: '1' });
    expect(labels(equal('a', '1'), { name: 'b', operator: '=~', value: 'x' })).toEqual({ a: '1' });
    expect(labels(equal('a', '1'), equal('a', '2'))).toEqual({});
    expect(labels(equal('a', '1'), { name: 'a', operator: '!=', value: '2' })).toEqual({});
    const parenthesised: Expression = { kind: 'parentheses', span, operand: selector(equal('a', '1')) };
    expect(absentLabels(parenthesised, new LabelPool()).toLabels()).toEqual({ a: '1' });
  });
});

describe('sorting', () => {
  const series = (...values: (number | undefined)[]): Series[] =>
    values.map((value, index) => [{ i: String(index) }, value]);
  const order = (name: string, given: Series[], ...labels: string[]) =>
    callVectorFunction(name, [given, ...labels]).series.map(([labelsOf]) => labelsOf['i']);

  test('by value has NaN last in both directions', () => {
    expect(order('sort', series(3, nan, 1, undefined, 2))).toEqual(['2', '4', '0', '1']);
    expect(order('sort_desc', series(3, nan, 1, -inf, 2))).toEqual(['0', '4', '2', '3', '1']);
    const many = series(...Array.from({ length: 40 }, (_, index) => (index % 7 === 0 ? nan : 40 - index)));
    expect(order('sort', many)[0]).toBe('39');
    expect(order('sort_desc', many)[0]).toBe('1');
    expect(Number(order('sort', many).at(-1)) % 7).toBe(0);
  });

  test('by label takes numbers in labels as numbers', () => {
    const named: Series[] = ['cpu-10', 'cpu-9', 'cpu-1', 'cpu'].map((name, index) => [
      { i: String(index), name },
      1,
    ]);
    expect(order('sort_by_label', named, 'name')).toEqual(['3', '2', '1', '0']);
    expect(order('sort_by_label_desc', named, 'name')).toEqual(['0', '1', '2', '3']);
    expect(order('sort_by_label', named)).toEqual(['0', '1', '2', '3']);
  });

  test('has no effect on a range, and says so', () => {
    const given: Series[] = [
      [{ i: '0' }, 2, 2],
      [{ i: '1' }, 1, 1],
    ];
    const answer = callVectorFunction('sort', [given], { steps: 2 });
    expect(answer.series).toEqual(given);
    expect(answer.remarks).toEqual([
      'warning: PromQL warning: sort is ineffective for range queries since results are always ordered by labels',
    ]);
  });

  test('natural order', () => {
    expect(comesBefore('a2', 'a10')).toBe(true);
    expect(comesBefore('a10', 'a2')).toBe(false);
    expect(comesBefore('a', 'a1')).toBe(true);
    expect(comesBefore('a1', 'a')).toBe(false);
    expect(comesBefore('1', 'a')).toBe(true);
    expect(comesBefore('99999999999999999999', '100000000000000000000')).toBe(false);
  });
});

describe('labels', () => {
  const series: Series[] = [[{ __name__: 'm', i: '1' }, 7]];
  const replaced = (...texts: string[]) =>
    callVectorFunction('label_replace', [series, ...texts]).series[0]?.[0];

  // As promtool 3.5 answers.
  test.each([
    { texts: ['x', '$1-${1}x$1x$$', 'i', '(.*)'], label: '1-1x$' },
    { texts: ['x', '$i ${n}y $é', 'i', '(?P<n>.*)'], label: ' 1y ' },
    { texts: ['x', 'a', 'i', '2'], label: undefined },
    { texts: ['x', 'a', 'i', '1|2'], label: 'a' },
    { texts: ['x', 'a', 'none', ''], label: 'a' },
  ])('label_replace $texts', ({ texts, label }) => {
    expect(replaced(...texts)?.['x']).toBe(label);
  });

  test('label_replace takes labels away and sets names', () => {
    expect(replaced('i', '', 'i', '.*')).toEqual({ __name__: 'm' });
    expect(replaced('__name__', 'n', 'i', '.*')).toEqual({ __name__: 'n', i: '1' });
    expect(replaced('i-x', 'a', 'i', '.*')).toEqual({ __name__: 'm', i: '1', 'i-x': 'a' });
  });

  test('a dot is any character since version 3', () => {
    const given: Series[] = [[{ i: 'a\nb' }, 7]];
    const label = (semantics: 'v2' | 'v3') =>
      callVectorFunction('label_replace', [given, 'x', '1', 'i', 'a.b'], { options: { semantics } })
        .series[0]?.[0];
    expect(label('v3')).toEqual({ i: 'a\nb', x: '1' });
    expect(label('v2')).toEqual({ i: 'a\nb' });
  });

  test('label_join', () => {
    const joined = (...texts: string[]) =>
      callVectorFunction('label_join', [series, ...texts]).series[0]?.[0];
    expect(joined('x', '-', '__name__', 'none', 'i')).toEqual({ __name__: 'm', i: '1', x: 'm--1' });
    expect(joined('i', '-')).toEqual({ __name__: 'm' });
  });

  test('labels do not double without end', () => {
    const nested = (query: string, depth: number): string =>
      depth === 0 ? 'm' : query.replace('V', nested(query, depth - 1));
    const source = loaded(60_000, 'm{i="12345678"} 1');
    const message = (query: string) => instant(source, nested(query, 60), 0);
    expect(message('label_replace(V, "i", "$1$1", "i", "(.*)")')).toBe(
      'a label of label_replace() would be too long',
    );
    expect(message('label_join(V, "i", "", "i", "i")')).toBe('a label of label_join() would be too long');
  });

  test('what is no pattern and no label is refused', () => {
    const v2 = { options: { semantics: 'v2' } } as const;
    expect(() => replaced('x', 'a', 'i', '(')).toThrow('invalid regular expression in label_replace(): (');
    expect(() => replaced('', 'a', 'i', '.*')).toThrow('invalid destination label name in label_replace(): ');
    expect(() => callVectorFunction('label_replace', [series, 'i-x', 'a', 'i', ''], v2)).toThrow(
      'label_replace(): i-x',
    );
    expect(() => callVectorFunction('label_join', [series, 'x', '', ''])).toThrow(
      'invalid source label name in label_join(): ',
    );
    expect(() => callVectorFunction('label_join', [series, '', '', 'i'])).toThrow(
      'invalid destination label name',
    );
  });
});
