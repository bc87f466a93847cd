import { expect, test } from 'vitest';
import { DemandReader, type WatchedExpression } from './demands.ts';
import type { Span } from './spans.ts';

const nowMs = 1_795_226_400_000;
const minuteMs = 60_000;
const options = { lookbackMs: 300_000, subqueryStepMs: minuteMs };

function demands(
  watched: readonly Partial<WatchedExpression>[],
  isFollowed: (selector: string) => boolean = () => true,
): { readonly wanted: Record<string, readonly Span[]>; readonly unfollowed: readonly string[] } {
  const all = watched.map((one): WatchedExpression => ({
    source: 'p',
    expression: '',
    keepMs: 0,
    priority: 'rule',
    ...one,
  }));
  const read = new DemandReader().read(all, nowMs, options, isFollowed);
  return {
    wanted: Object.fromEntries(
      read.demands.map(({ selector, wanted }) => [
        selector.text,
        wanted.map(({ fromMs, toMs }) => ({ fromMs: fromMs - nowMs, toMs: toMs - nowMs })),
      ]),
    ),
    unfollowed: read.unfollowed.map(({ expression, why }) => `${expression}: ${why}`),
  };
}

test('selectors come with the reach of their expression, in steps of half a minute', () => {
  const found = demands([
    { expression: 'rate(a{x="1"}[10m]) / b offset 1h > 1', keepMs: 15 * minuteMs },
    { expression: 'max_over_time(rate(c[1m])[30m:1m])' },
  ]);
  expect(found.wanted).toEqual({
    'a{x="1"}': [{ fromMs: -25 * minuteMs, toMs: 0 }],
    b: [{ fromMs: -80 * minuteMs, toMs: -60 * minuteMs }],
    c: [{ fromMs: -31 * minuteMs, toMs: 0 }],
  });
});

test('what a wider selector wants as well is left to it, unless it cannot be followed', () => {
  const watched = [{ expression: 'm' }, { expression: 'rate(m{job="a"}[1h])' }, { expression: 'm{job="a"}' }];
  expect(demands(watched).wanted).toEqual({
    m: [{ fromMs: -5 * minuteMs, toMs: 0 }],
    'm{job="a"}': [{ fromMs: -60 * minuteMs, toMs: -5 * minuteMs - 1 }],
  });
  expect(demands(watched, (text) => text !== 'm').wanted).toMatchObject({
    'm{job="a"}': [{ fromMs: -60 * minuteMs, toMs: 0 }],
  });
});

test('what cannot be read or is too long ago is named', () => {
  const found = demands([
    { expression: 'rate(' },
    { expression: 'sum_over_time(m[30d])' },
    { expression: 'm @ 100' },
  ]);
  expect(found.unfollowed).toEqual([
    expect.stringContaining('rate(: 1:6: parse error'),
    'sum_over_time(m[30d]): it looks further back than samples are kept',
    'm @ 100: it looks further back than samples are kept',
  ]);
  const [span] = found.wanted['m'] ?? [];
  expect(span?.fromMs).toBe(-(7 * 24 - 3) * 60 * minuteMs);
});
