import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clipWindows, cutWindows, joinWindows, type Window } from './windows.ts';

const window = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 9 }))
  .map(([fromMs, lengthMs, fetchedAtMs]): Window => ({ fromMs, toMs: fromMs + lengthMs, fetchedAtMs }));
const windows = fc.array(window, { maxLength: 8 });
const end = fc.integer({ min: 0, max: 80 });

/** Every covered millisecond: the meaning of a list of windows. */
function moments(list: readonly Window[]): number[] {
  const all = new Set(
    list.flatMap(({ fromMs, toMs }) =>
      Array.from({ length: toMs - fromMs + 1 }, (_, index) => fromMs + index),
    ),
  );
  return [...all].sort((left, right) => left - right);
}

describe('windows', () => {
  test('joined cover the same moments, apart from each other and in order', () => {
    fc.assert(
      fc.property(windows, (list) => {
        const joined = joinWindows(list);
        expect(moments(joined)).toEqual(moments(list));
        joined
          .slice(1)
          .forEach((next, index) => expect(next.fromMs).toBeGreaterThan((joined[index]?.toMs ?? 0) + 1));
      }),
    );
  });

  test('joined tell the last fetch that contributed', () => {
    expect(
      joinWindows([
        { fromMs: 10, toMs: 20, fetchedAtMs: 1 },
        { fromMs: 21, toMs: 30, fetchedAtMs: 9 },
        { fromMs: 40, toMs: 50, fetchedAtMs: 3 },
      ]),
    ).toEqual([
      { fromMs: 10, toMs: 30, fetchedAtMs: 9 },
      { fromMs: 40, toMs: 50, fetchedAtMs: 3 },
    ]);
  });

  test('cut and clipped part what they cover', () => {
    fc.assert(
      fc.property(windows, end, end, (list, one, other) => {
        const [fromMs, toMs] = [Math.min(one, other), Math.max(one, other)];
        const isWithin = (moment: number): boolean => moment >= fromMs && moment <= toMs;
        expect(moments(clipWindows(list, fromMs, toMs))).toEqual(moments(list).filter(isWithin));
        expect(moments(cutWindows(list, fromMs, toMs))).toEqual(moments(list).filter((at) => !isWithin(at)));
      }),
    );
  });
});
