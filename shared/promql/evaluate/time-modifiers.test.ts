import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  anySource,
  dataLength,
  dataStepMs,
  instant,
  loaded,
  range,
  type Written,
} from '#support/promql-data.ts';

const moment = fc.integer({ min: -4, max: dataLength + 4 }).map((index) => index * dataStepMs);
const selector = fc.constantFrom('a', 'b_total', '{x="1",__name__=~".+"}');
const seconds = fc.integer({ min: -300, max: 300 });

describe('offset and @', () => {
  test('an offset asks so much earlier', () => {
    fc.assert(
      fc.property(anySource, selector, moment, seconds, (source, query, atMs, shift) => {
        expect(instant(source, `${query} offset ${shift}s`, atMs)).toEqual(
          instant(source, query, atMs - shift * 1000),
        );
      }),
    );
  });

  test('an @ asks at its moment, whenever it is asked, in any order with an offset', () => {
    fc.assert(
      fc.property(anySource, selector, moment, moment, seconds, (source, query, atMs, fixedMs, shift) => {
        const fixed = instant(source, query, fixedMs - shift * 1000);
        const at = `@ ${fixedMs / 1000}`;
        expect(instant(source, `${query} ${at} offset ${shift}s`, atMs)).toEqual(fixed);
        expect(instant(source, `${query} offset ${shift}s ${at}`, atMs)).toEqual(fixed);
      }),
    );
  });

  test('start() and end() are those of the query, in subqueries too', () => {
    const source = loaded(10_000, 'a 0+1x100');
    const bounds = [100_000, 300_000, 100_000] as const;
    expect(range(source, 'a @ start()', bounds)).toEqual({ 'a{}': { 100000: 10, 200000: 10, 300000: 10 } });
    expect(range(source, 'sum_over_time((a @ end())[20s:10s])', bounds)).toEqual({
      '{}': { 100000: 60, 200000: 60, 300000: 60 },
    });
  });
});

describe('timestamp() of a selector with both modifiers looks back from the @, at the samples of the offset', () => {
  const source = loaded(60_000, 'a 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16');
  test.each([
    { offset: '2m', seconds: 480 },
    { offset: '4m', seconds: 360 },
    { offset: '270s', seconds: null },
    { offset: '6m', seconds: null },
    { offset: '-2m', seconds: 600 },
    { offset: '-6m', seconds: null },
  ])('offset $offset', ({ offset, seconds }) => {
    const expected = seconds === null ? {} : { '{}': seconds };
    expect(instant(source, `timestamp(a @ 600 offset ${offset})`, 0)).toEqual(expected);
  });
});

test('an aggregation of what an @ fixes takes its parameter of the first step', () => {
  const source = loaded(60_000, 'a{x="1"} 1 1 1', 'a{x="2"} 2 2 2');
  expect(range(source, 'quantile(time() / 120, a)', [0, 120_000, 60_000])).toEqual({
    '{}': { 0: 1, 60000: 1.5, 120000: 2 },
  });
  expect(range(source, 'quantile(time() / 120, a @ 0)', [0, 120_000, 60_000])).toEqual({
    '{}': { 0: 1, 60000: 1, 120000: 1 },
  });
});

describe('windows', () => {
  const source = loaded(10_000, 'a 1 2 3 4 5 6 7');
  const countOf = (answer: Written): unknown => (typeof answer === 'string' ? answer : answer['{}']);

  test.each([
    { semantics: 'v3', inclusive: 2 },
    { semantics: 'v2', inclusive: 3 },
  ] as const)('a range holds its beginning in $semantics: $inclusive samples', ({ semantics, inclusive }) => {
    expect(countOf(instant(source, 'count_over_time(a[20s])', 40_000, { semantics }))).toBe(inclusive);
    expect(countOf(instant(source, 'count_over_time(a[20s:10s])', 40_000, { semantics }))).toBe(inclusive);
  });

  test.each([
    { semantics: 'v3', isSeen: false },
    { semantics: 'v2', isSeen: true },
  ] as const)(
    'a sample just as old as the look-back is seen in $semantics: $isSeen',
    ({ semantics, isSeen }) => {
      const old = { 'a{}': 7 };
      expect(instant(source, 'a', 60_000 + 299_999, { semantics })).toEqual(old);
      expect(instant(source, 'a', 60_000 + 300_000, { semantics })).toEqual(isSeen ? old : {});
    },
  );

  test('a stale marker ends the look-back, and ranges look past it', () => {
    const ended = loaded(10_000, 'a 1 2 stale _ 5');
    expect(instant(ended, 'a', 25_000)).toEqual({});
    expect(instant(ended, 'a', 40_000)).toEqual({ 'a{}': 5 });
    expect(instant(ended, 'count_over_time(a[1m])', 40_000)).toEqual({ '{}': 3 });
    expect(instant(ended, 'a[30s]', 40_000)).toEqual({ 'a{}': { 40000: 5 } });
  });

  test('the moments of a subquery are multiples of its step, before 1970 too', () => {
    expect(instant(source, 'last_over_time(timestamp(a)[1m:25s])', 70_000)).toEqual({ '{}': 50 });
    expect(instant(source, 'sum_over_time(vector(time())[10s:4s])', -1_000)).toEqual({ '{}': -12 });
    expect(instant(source, 'vector(1)[3m:]', 180_000)).toEqual({
      '{}': { 60000: 1, 120000: 1, 180000: 1 },
    });
  });
});

describe('computed durations', () => {
  const source = loaded(1_000, 'a 0+1x100');

  test('step() and range() are the query’s', () => {
    expect(range(source, 'count_over_time(a[step()+1])', [50_000, 60_000, 10_000])).toEqual({
      '{}': { 50000: 11, 60000: 11 },
    });
    expect(range(source, 'a offset -(range()/2)', [50_000, 60_000, 10_000])).toEqual({
      'a{}': { 50000: 55, 60000: 65 },
    });
  });

  test.each([
    { query: 'count_over_time(a[5s-5s])', problem: 'duration must be greater than 0' },
    { query: 'a offset (5s/0s)', problem: 'division by zero' },
    { query: 'a offset (5s%0s)', problem: 'modulo by zero' },
    { query: 'a offset (1y^9)', problem: 'duration is out of range' },
  ])('$query: $problem', ({ query, problem }) => {
    expect(instant(source, query, 50_000)).toContain(problem);
  });
});
