import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawnExpression, expressionOf, rawSelectorsOf } from './expression.ts';

const minuteMs = 60_000;

describe('raw selectors', () => {
  test.each<[string, [string, number][] | undefined]>([
    ['up == 0', [['up', 5 * minuteMs]]],
    [
      'rate(http_requests_total{status=~"5.."}[2m]) > 0.1',
      [['http_requests_total{status=~"5.."}', 2 * minuteMs]],
    ],
    ['rate(a[5m] offset 1h)', [['a', 65 * minuteMs]]],
    ['a offset 30m', [['a', 35 * minuteMs]]],
    ['rate(a[1h30m])', [['a', 90 * minuteMs]]],
    ['rate(a[300])', [['a', 5 * minuteMs]]],
    [
      '(total - free) / total > 0.9',
      [
        ['total', 5 * minuteMs],
        ['free', 5 * minuteMs],
      ],
    ],
    ['rate(a[1m]) / rate(a[10m])', [['a', 10 * minuteMs]]],
    ['sum by (job) ({__name__="a"})', [['{__name__="a"}', 5 * minuteMs]]],
    ['1 + 1', []],
    ['max_over_time(a[1h:1m])', undefined],
    ['a @ 100', undefined],
    ['rate(a[5m', undefined],
    ['', undefined],
  ])('%s', (expression, expected) => {
    expect(rawSelectorsOf(expression)?.map(({ selector, reachMs }) => [selector, reachMs])).toEqual(expected);
  });
});

describe('what is drawn', () => {
  test.each([
    ['up == 0', 'up', { operator: '==', value: 0 }],
    ['rate(a[5m]) > 0.1', 'rate(a[5m])', { operator: '>', value: 0.1 }],
    ['(a / b) >= bool -1', '(a / b)', { operator: '>=', value: -1 }],
    ['((a < (0.5)))', 'a', { operator: '<', value: 0.5 }],
    ['a > b', 'a > b', null],
    ['1 < a', '1 < a', null],
    ['a > 1 and b > 2', 'a > 1 and b > 2', null],
    ['vector(1)', 'vector(1)', null],
    ['not a query (', 'not a query (', null],
  ])('%s', (expression, drawn, threshold) => {
    expect(drawnExpression(expression)).toEqual({ drawn, threshold });
  });

  test('any text at all is drawn somehow and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        drawnExpression(text);
        rawSelectorsOf(text);
      }),
    );
  });
});

test('the expression is read off a Prometheus link, and off nothing else', () => {
  expect(expressionOf('http://p:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1')).toBe('up == 0');
  expect(expressionOf('http://p:9090/alerts')).toBe('');
  expect(expressionOf('not an address')).toBe('');
});
