import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLogQuery } from './read-query.ts';
import type { LogRepair } from '../model/log-repair.ts';
import { faultIn, repairOfQuery, stepOf } from './repair.ts';

function step(repair: LogRepair, query: string, spanMs = 3_600_000) {
  return stepOf(repair, { query, spanMs, label: 'app' });
}

describe('a query that one key makes right', () => {
  test.each<[LogRepair['kind'], string, string]>([
    ['matcher', '{}', '{app=~".+"}'],
    ['matcher', '{ } |= "x"', '{app=~".+"} |= "x"'],
    ['matcher', '{app=~".*"}', '{app=~".+"}'],
    ['matcher', '{pod!="a", job=~`.*`} | json', '{pod!="a", job=~".+"} | json'],
    ['matcher', '{pod!="a"}', '{pod!="a", app=~".+"}'],
    ['plain-text', '{app="web"} |~ "("', '{app="web"} |= "("'],
    ['plain-text', '{app="web"} |~ "a+" !~ "["', '{app="web"} |~ "a+" != "["'],
    ['plain-text', '{app=~"web("} |= "x"', '{app="web("} |= "x"'],
    ['lines', 'sum by (a) (rate({app="web"} |= "x" | json [5m]))', '{app="web"} |= "x" | json'],
    ['lines', 'rate({app="web"}[1m])', '{app="web"}'],
  ])('%s: %s', (kind, query, result) => {
    expect(step({ kind } as LogRepair, query)).toEqual({ kind: 'query', query: result });
    expect(readLogQuery(result).ok).toBe(true);
  });

  test.each([
    ['{app="web"', '{app="web"}'],
    ['{app="web', '{app="web"}'],
    ['{app="web"} |= "time', '{app="web"} |= "time"'],
    ['{app="web"} |= foo', '{app="web"} |= "foo"'],
    ['{app=web}', '{app="web"}'],
    ['{app=web, pod=~web-.*} |= timeout', '{app="web", pod=~"web-.*"} |= "timeout"'],
    ["{app='web'}", '{app="web"}'],
    ['{app=“web”}', '{app="web"}'],
    ['{app=="web"}', '{app="web"}'],
    ['{app="web",}', '{app="web"}'],
    ['{app="web"} |', '{app="web"}'],
    ['{app="web"} timeout here', '{app="web"} |= "timeout here"'],
    ['connection refused', '{app=~".+"} |= "connection refused"'],
    ['sum(rate({app="web"}[5m])', 'sum(rate({app="web"}[5m]))'],
  ])('a slip: %s', (query, result) => {
    expect(step({ kind: 'place', line: 1, column: 1 }, query)).toEqual({ kind: 'query', query: result });
  });
});

test('what cannot be mended is shown where it is', () => {
  expect(step({ kind: 'place', line: 1, column: 21 }, '{app="web"} | json | | level')).toMatchObject({
    kind: 'place',
    from: 20,
  });
  expect(step({ kind: 'place', line: 2, column: 4 }, '{a="b"}\n| = json |||')).toMatchObject({ from: 11 });
});

test('the limit, the range and the source', () => {
  expect(step({ kind: 'limit', most: 5_000 }, '{a="b"}')).toEqual({ kind: 'limit', limit: 5_000 });
  expect(step({ kind: 'range', mostMs: 60_000 }, '{a="b"}')).toEqual({ kind: 'range', spanMs: 60_000 });
  expect(step({ kind: 'range', mostMs: 7_200_000 }, '{a="b"}')).toBeNull();
  expect(step({ kind: 'share', share: 0.5 }, '{a="b"}')).toEqual({ kind: 'range', spanMs: 1_800_000 });
  expect(step({ kind: 'share', share: 0.5 }, '{a="b"}', 60_000)).toBeNull();
  expect(step({ kind: 'source' }, '{a="b"}')).toEqual({ kind: 'source' });
});

test('a repair that would change nothing is none', () => {
  expect(step({ kind: 'plain-text' }, '{a="b"} |~ "x"')).toBeNull();
  expect(step({ kind: 'lines' }, '{a="b"}')).toBeNull();
  expect(step({ kind: 'lines' }, '1 + 1')).toBeNull();
});

test('the fault as Loki says it, in characters, and as the grammar says it', () => {
  expect(faultIn('{app="web"} |= foo', { kind: 'place', line: 1, column: 16 })).toEqual({ from: 15, to: 18 });
  expect(faultIn('{a="😀"} |= foo', { kind: 'place', line: 1, column: 12 })).toEqual({ from: 12, to: 15 });
  expect(faultIn('{app="web"', { kind: 'place', line: 1, column: 11 })).toEqual({ from: 10, to: 10 });
  expect(faultIn('{a="b"}{c="d"}', null)).toMatchObject({ from: 7 });
  expect(faultIn('{a="b"}', null)).toBeNull();
  expect(repairOfQuery('{a="b"}')).toBeNull();
  expect(repairOfQuery('rate({a="b"}[1m])')).toEqual({ kind: 'lines' });
  expect(repairOfQuery('{a="b"}{c')).toEqual({ kind: 'place', line: 1, column: 8 });
});

describe('whatever is asked', () => {
  const valid = fc.constantFrom<string[]>(
    '{app="web", pod=~"a.+"} |= "time out" | json | level="error"',
    'sum by (app) (count_over_time({app="web"} |~ "x(y)" [5m]))',
    '{a!=`b`} != "c" or "d" | logfmt | line_format "{{.x}}"',
  );
  const piece = fc.constantFrom<string[]>(
    '"',
    '{',
    '}',
    '`',
    '|',
    '(',
    '=',
    ' ',
    'x',
    ',',
    '|=',
    '!~',
    "'",
    '“',
  );
  const broken = fc
    .tuple(valid, fc.array(fc.tuple(fc.nat(70), fc.nat(4), piece), { minLength: 1, maxLength: 3 }))
    .map(([query, edits]) =>
      edits.reduce<string>((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), query),
    );
  const anything = fc.oneof(broken, fc.string({ maxLength: 60 }));
  const repairs = fc.oneof(
    fc.constantFrom<LogRepair>({ kind: 'matcher' }, { kind: 'plain-text' }, { kind: 'lines' }),
    fc.record({ kind: fc.constant('place' as const), line: fc.nat(3), column: fc.nat(90) }),
  );

  test('a query that is offered is LogQL and another one; a place is within the query', () => {
    fc.assert(
      fc.property(anything, repairs, (query, repair) => {
        const next = step(repair, query);
        if (next?.kind === 'query') {
          expect(readLogQuery(next.query).ok).toBe(true);
          expect(next.query).not.toBe(query);
        }
        if (next?.kind === 'place') {
          expect(next.from).toBeLessThanOrEqual(next.to);
          expect(next.to).toBeLessThanOrEqual(query.length);
        }
      }),
    );
  });
});
