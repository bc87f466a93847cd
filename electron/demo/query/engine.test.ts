import { describe, expect, test } from 'vitest';
import type { Labels } from '#shared/model/labels.ts';
import { SeriesBlock, SeriesStore } from '../series-store.ts';
import { valueAt } from './columns.ts';
import { queryInstant, queryRange } from './engine.ts';

/** A store of series whose samples are [seconds, value] pairs; NaN marks that the series is gone. */
function storeOf(
  ...all: readonly (readonly [Labels, readonly (readonly [number, number])[]])[]
): SeriesStore {
  const store = new SeriesStore();
  for (const [labels, samples] of all) {
    const block = new SeriesBlock([labels], samples.length + 1);
    for (const [seconds, value] of samples) block.append(seconds * 1_000, Float64Array.of(value));
    store.add(block);
  }
  return store;
}

function every(seconds: number, values: readonly number[], from = 0): readonly (readonly [number, number])[] {
  return values.map((value, index) => [from + index * seconds, value]);
}

/** The values of an instant query by label set, or the failure's text. */
function ask(store: SeriesStore, query: string, atSeconds: number): unknown {
  const answer = queryInstant(store, query, atSeconds * 1_000);
  if (!answer.ok) return answer.failure.message;
  if (answer.value.kind === 'scalar') return answer.value.values[0];
  if (answer.value.kind !== 'vector') return answer.value;
  return answer.value.columns.map((column) => [column.labels, valueAt(column, 0)]);
}

const requests = { __name__: 'requests_total', job: 'api' };

describe('rate and its kin, computed by hand', () => {
  // Samples at 10, 25, 40, 55 s; window (0, 60]: 45 s are sampled, spacing 15 s, threshold 16.5 s.
  const store = storeOf([requests, every(15, [100, 130, 160, 190], 10)]);

  test('stretches to both ends of the window where the samples come close to them', () => {
    // 90 * (45 + 10 + 5) / 45 = 120 in 60 s.
    expect(ask(store, 'increase(requests_total[60s])', 60)).toEqual([[{ job: 'api' }, 120]]);
    const [[, rate]] = ask(store, 'rate(requests_total[60s])', 60) as [[Labels, number]];
    expect(rate).toBeCloseTo(2, 12);
  });

  test('stretches by half a spacing where the samples stop short of the end', () => {
    // Window (10, 130]: the sample at 10 s is outside. 60 * (30 + 15 + 7.5) / 30 = 105.
    expect(ask(store, 'increase(requests_total[120s])', 130)).toEqual([[{ job: 'api' }, 105]]);
  });

  test('never stretches a counter below zero', () => {
    const young = storeOf([requests, every(15, [3, 33, 63], 40)]);
    // To the start of (0, 80] it is 40 s, cut to 7.5 s, then to 30 * 3 / 60 = 1.5 s; to the end 10 s.
    expect(ask(young, 'increase(requests_total[80s])', 80)).toEqual([
      [{ job: 'api' }, (60 * (30 + 1.5 + 10)) / 30],
    ]);
  });

  test('counts on over a reset', () => {
    const reset = storeOf([requests, every(15, [100, 130, 10, 40], 10)]);
    // 30 + 10 + 30 = 70 over 45 s, stretched by 60 / 45.
    const [[, value]] = ask(reset, 'increase(requests_total[60s])', 60) as [[Labels, number]];
    expect(value).toBeCloseTo((70 * 60) / 45, 12);
    expect(ask(reset, 'resets(requests_total[60s])', 60)).toEqual([[{ job: 'api' }, 1]]);
  });

  test('needs two samples, and the last two are enough for irate', () => {
    expect(ask(store, 'rate(requests_total[20s])', 30)).toEqual([]);
    expect(ask(store, 'irate(requests_total[60s])', 60)).toEqual([[{ job: 'api' }, 2]]);
  });

  test('a delta of a gauge is stretched and may be negative', () => {
    const gauge = storeOf([{ __name__: 'free' }, every(15, [190, 160, 130, 100], 10)]);
    expect(ask(gauge, 'delta(free[60s])', 60)).toEqual([[{}, -120]]);
  });
});

describe('selectors', () => {
  const store = storeOf(
    [{ __name__: 'up', job: 'a' }, [[0, 1]]],
    [
      { __name__: 'up', job: 'b' },
      [
        [0, 1],
        [15, Number.NaN],
      ],
    ],
  );

  test('a sample counts for five minutes, the left end open; a series that is gone is gone at once', () => {
    expect(ask(store, 'up', 14)).toHaveLength(2);
    expect(ask(store, 'up', 15)).toEqual([[{ __name__: 'up', job: 'a' }, 1]]);
    expect(ask(store, 'up', 299.999)).toHaveLength(1);
    expect(ask(store, 'up', 300)).toEqual([]);
  });

  test.each([
    ['up{job="b"}', 1],
    ['up{job!="b"}', 1],
    ['up{job=~"a|b"}', 2],
    ['up{job=~"a|b|"}', 2],
    ['up{job!~".+"}', 0],
    ['{__name__=~"u."}', 2],
    ['up{missing=""}', 2],
    ['up offset 10s', 2],
  ])('%s', (query, count) => {
    expect(ask(store, query, 10)).toHaveLength(count);
  });

  test('a range selector gives the raw samples of its window, without the places where it was gone', () => {
    const answer = queryInstant(store, 'up[1m]', 30_000);
    expect(
      answer.ok && answer.value.kind === 'matrix' && answer.value.series.map(({ times }) => [...times]),
    ).toEqual([[0], [0]]);
  });
});

describe('histogram_quantile', () => {
  const store = storeOf(
    ...(
      [
        ['0.1', 10],
        ['0.5', 60],
        ['1.0', 90],
        ['+Inf', 100],
      ] as const
    ).map(([le, count]) => [{ __name__: 'd_bucket', le, pod: 'x' }, [[0, count]]] as const),
  );

  test.each([
    ['0.5', 0.1 + 0.4 * (40 / 50)],
    ['0.05', 0.1 * (5 / 10)],
    ['0.95', 1],
    ['1.5', Number.POSITIVE_INFINITY],
    ['-1', Number.NEGATIVE_INFINITY],
  ])('quantile %s', (q, value) => {
    expect(ask(store, `histogram_quantile(${q}, d_bucket)`, 1)).toEqual([[{ pod: 'x' }, value]]);
  });

  test('is NaN without a bucket for everything', () => {
    expect(ask(store, 'histogram_quantile(0.5, d_bucket{le!="+Inf"})', 1)).toEqual([
      [{ pod: 'x' }, Number.NaN],
    ]);
  });
});

describe('the grammar’s looseness is put right', () => {
  const store = storeOf(
    [{ __name__: 'a' }, every(60, [1, 2, 3, 4])],
    [{ __name__: 'b' }, every(60, [10, 20, 30, 40])],
  );

  test.each([
    ['-1 ^ 2', -1],
    ['2 ^ -1', 0.5],
    ['2 - -3', 5],
    ['2 ^ 3 ^ 2', 512],
    ['-2 * 3', -6],
    ['1 + 2. * 3', 7],
    ['010 + 0x10', 24],
    ['5m', 300],
    ['1 ^ NaN', 1],
  ])('%s', (query, value) => {
    expect(ask(store, query, 180)).toBe(value);
  });

  test('offset belongs to the selector before it alone', () => {
    expect(ask(store, 'a + b offset 1m', 180)).toEqual([[{}, 34]]);
    expect(ask(store, 'a offset 1m + b', 180)).toEqual([[{}, 43]]);
    expect(ask(store, '(a + b) offset 1m', 180)).toContain('offset modifier must be preceded by');
  });
});

describe('failures', () => {
  const store = storeOf([{ __name__: 'a', x: '1' }, [[0, 1]]], [{ __name__: 'a', x: '2' }, [[0, 1]]]);

  test.each([
    ['', 'unknown position: parse error: no expression found in input'],
    ['sum(', '1:5: parse error: unclosed left parenthesis'],
    ['1 +', '1:4: parse error: unexpected end of input'],
    ['a{', '1:3: parse error: unexpected end of input inside braces'],
    ['a b', '1:3: parse error: unexpected identifier "b"'],
    ['a\n+ ,', '2:3: parse error: unexpected ","'],
    ['nope(a)', '1:1: parse error: unknown function with name "nope"'],
    [
      'rate(a)',
      '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    ['{x=""}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['1 == 1', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
    ['a)', "1:3: parse error: unexpected right parenthesis ')'"],
    ['a[5m', '1:5: parse error: unclosed left bracket'],
    ['a{x=}', '1:5: parse error: unexpected "}" in label matching, expected string'],
    ['a & b', "1:3: parse error: unexpected character: '&'"],
    ['5m5', '1:1: parse error: bad number or duration syntax: "5m5"'],
    ['a{x=~"("}', '1:3: parse error: error parsing regexp: missing closing ): `(`'],
    ['a and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
    ['abs()', '1:1: parse error: expected 1 argument(s) in call to "abs", got 0'],
  ])('%j is refused in the parser’s words', (query, message) => {
    expect(queryInstant(store, query, 0)).toEqual({ ok: false, failure: { kind: 'bad_data', message } });
  });

  test.each([
    'max_over_time(rate(a[1m])[5m:1m])',
    'a @ 0',
    'rate(a[1m] @ start())',
    'count_values("v", a)',
    'acos(a)',
  ])('%s is refused, not answered', (query) => {
    const answer = queryInstant(store, query, 0);
    expect(answer.ok ? null : answer.failure.kind).toBe('execution');
    expect(answer.ok ? null : answer.failure.message).toContain('not supported');
  });

  test('many-to-many and doubled label sets are execution errors', () => {
    expect(ask(store, 'a + on() a', 1)).toContain(
      'found duplicate series for the match group {} on the right',
    );
    expect(ask(store, 'label_replace(a, "x", "", "x", ".*")', 1)).toBe(
      'vector cannot contain metrics with the same labelset',
    );
  });

  test('a range query takes no range vector', () => {
    const answer = queryRange(store, 'a[1m]', { startMs: 0, stepMs: 1_000, count: 2 });
    expect(answer.ok ? '' : answer.failure.message).toBe(
      'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    );
  });
});

test('a range query has at each step what an instant query has at its time', () => {
  const store = storeOf(
    [{ __name__: 'c', x: '1' }, every(15, [0, 3, 9, 2, 8, 20, 21, 22, 30, 31])],
    [{ __name__: 'c', x: '2' }, every(20, [5, 6, 7, Number.NaN, 8, 9, 12])],
  );
  for (const query of [
    'rate(c[45s])',
    'sum(c) by (x) > 7',
    'topk(1, c)',
    'c and on() c > 20',
    'absent(c{x="2"})',
  ]) {
    const steps = { startMs: 7_000, stepMs: 13_000, count: 12 };
    const range = queryRange(store, query, steps);
    if (!range.ok) throw new Error(range.failure.message);
    for (let step = 0; step < steps.count; step++) {
      const at = range.value
        .filter((column) => column.present[step] === 1)
        .map((column) => [column.labels, valueAt(column, step)]);
      expect(at, `${query} at step ${step}`).toEqual(ask(store, query, (7_000 + step * 13_000) / 1_000));
    }
  }
});
