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

const moment = fc.integer({ min: 0, max: dataLength }).map((index) => index * dataStepMs);

function seriesOf(answer: Written): Record<string, unknown> {
  if (typeof answer === 'string') throw new Error(answer);
  return answer;
}

describe('laws of matching', () => {
  test('and with unless parts a vector; or adds to the left what it lacks', () => {
    fc.assert(
      fc.property(anySource, moment, fc.constantFrom('', 'on(x)', 'ignoring(y)'), (source, atMs, by) => {
        const whole = seriesOf(instant(source, 'a', atMs));
        const met = seriesOf(instant(source, `a and ${by} c`, atMs));
        const unmet = seriesOf(instant(source, `a unless ${by} c`, atMs));
        expect({ ...met, ...unmet }).toEqual(whole);
        expect(Object.keys(met).filter((key) => key in unmet)).toEqual([]);
        const added = seriesOf(instant(source, `c unless ${by} a`, atMs));
        expect(seriesOf(instant(source, `a or ${by} c`, atMs))).toEqual({ ...whole, ...added });
      }),
    );
  });

  test('a vector matches itself, one series each', () => {
    fc.assert(
      fc.property(anySource, moment, (source, atMs) => {
        const numbers = Object.entries(seriesOf(instant(source, 'a', atMs))).filter(
          ([, value]) => !Number.isNaN(value),
        );
        expect(seriesOf(instant(source, 'a == a', atMs))).toEqual(Object.fromEntries(numbers));
      }),
    );
  });

  test('group_right is group_left with the sides changed', () => {
    fc.assert(
      fc.property(anySource, moment, fc.constantFrom('', 'y'), (source, atMs, include) => {
        const one = 'max by (x, y) (c)';
        const left = instant(source, `a * on(x) group_left(${include}) ${one}`, atMs);
        const right = instant(source, `${one} * on(x) group_right(${include}) a`, atMs);
        expect(right).toEqual(typeof left === 'string' ? left.replace(' right hand', ' left hand') : left);
      }),
    );
  });
});

describe('what is refused', () => {
  const source = loaded(
    60_000,
    'many{i="1",j="a"} 1 1 1',
    'many{i="1",j="b"} 2 2 2',
    'one{i="1"} 1 5 1',
    'twice{i="1",k="b"} _ 1 _',
    'twice{i="1",k="a"} 2 2 2',
  );

  test.each([
    {
      query: 'one + on(i) twice',
      problem:
        'found duplicate series for the match group {i="1"} on the right hand-side of the operation: ' +
        '[{__name__="twice", i="1", k="a"}, {__name__="twice", i="1", k="b"}]' +
        ';many-to-many matching not allowed: matching labels must be unique on one side',
    },
    {
      query: 'many + on(i) one',
      problem: 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
    },
    {
      query: 'many + ignoring(j) one',
      problem: 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
    },
    {
      query: 'label_replace(many, "j", "same", "", "") + on(i) group_left one',
      problem: 'vector cannot contain metrics with the same labelset',
    },
    {
      query: 'many * on(i) group_left(j) one',
      problem: 'multiple matches for labels: grouping labels must ensure unique matches',
    },
  ])('$query', ({ query, problem }) => {
    expect(instant(source, query, 60_000)).toBe(problem);
  });

  test('a filter that lets nothing through still refuses, as Prometheus does since 3.9', () => {
    const query = 'many > on(i) one';
    expect(instant(source, query, 60_000)).toContain('many-to-one matching must be explicit');
    expect(instant(source, query, 60_000, { semantics: 'v2' })).toEqual({});
  });

  test('duplicates matter only where they are present together', () => {
    expect(instant(source, 'one + on(i) (twice > 1)', 60_000)).toEqual({ '{i="1"}': 7 });
  });
});

describe('labels of results', () => {
  const source = loaded(
    60_000,
    'load{host="h",core="0"} 4',
    'load{host="h",core="1"} 6',
    'cores{host="h",kind="big"} 2',
    'other{host="g"} 1',
  );

  test.each([
    {
      query: 'load / on(host) group_left cores',
      result: { '{core="0",host="h"}': 2, '{core="1",host="h"}': 3 },
    },
    {
      query: 'load > on(host) group_left(kind) cores',
      result: { 'load{core="0",host="h",kind="big"}': 4, 'load{core="1",host="h",kind="big"}': 6 },
    },
    {
      query: 'cores < bool on(host) group_right(kind) load',
      result: { '{core="0",host="h",kind="big"}': 1, '{core="1",host="h",kind="big"}': 1 },
    },
    {
      query: 'cores < on(host) group_right load',
      result: { 'load{core="0",host="h"}': 2, 'load{core="1",host="h"}': 2 },
    },
    { query: 'cores == ignoring(kind) cores', result: { 'cores{host="h"}': 2 } },
    { query: 'cores == on(host) cores', result: { '{host="h"}': 2 } },
    { query: 'cores + on() other', result: { '{}': 3 } },
    { query: 'cores + on(host) fill(10) other', result: { '{host="g"}': 11, '{host="h"}': 12 } },
    { query: '2 < cores', result: {} },
    { query: '1 < cores', result: { 'cores{host="h",kind="big"}': 2 } },
    { query: '1 < bool cores', result: { '{host="h",kind="big"}': 1 } },
  ])('$query', ({ query, result }) => {
    expect(instant(source, query, 0)).toEqual(result);
  });

  test('series that take turns are one in a range', () => {
    const turns = loaded(60_000, 'a 1 stale 3', 'b _ 2 stale');
    expect(range(turns, '{__name__=~"a|b"} * 10', [0, 120_000, 60_000])).toEqual({
      '{}': { 0: 10, 60000: 20, 120000: 30 },
    });
    expect(range(turns, 'a or b', [0, 120_000, 60_000])).toEqual({
      'a{}': { 0: 1, 120000: 3 },
      'b{}': { 60000: 2 },
    });
  });
});
