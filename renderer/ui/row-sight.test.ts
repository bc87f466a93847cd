import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heightOf, offsetsOf, topOf, type RowHeights } from './row-offsets.ts';
import { firstSight, measured, scrolled, sightOver, type RowSight } from './row-sight.ts';

const headHeight = 24;

const heightsOf: fc.Arbitrary<RowHeights> = fc.oneof(
  fc.nat({ max: 3_000 }).map((count) => ({ height: 28, count, offsets: null })),
  fc.array(fc.constantFrom(28, 48), { maxLength: 400 }).map((rows) => ({
    height: 28,
    count: rows.length,
    offsets: offsetsOf(rows, (height) => height),
  })),
);

type Step = (sight: RowSight) => RowSight;

const someStep: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(heightsOf, fc.nat()).map(
    ([heights, at]): Step =>
      (sight) =>
        sightOver(sight, heights, heights.count === 0 ? -1 : at % heights.count),
  ),
  fc.nat().map(
    (at): Step =>
      (sight) =>
        sightOver(sight, sight.heights, sight.heights.count === 0 ? -1 : at % sight.heights.count),
  ),
  fc.nat({ max: 90_000 }).map(
    (top): Step =>
      (sight) =>
        scrolled(sight, Math.min(top, mostTop(sight))),
  ),
  fc.integer({ min: 120, max: 1_200 }).map(
    (height): Step =>
      (sight) =>
        measured(sight, Math.min(sight.top, mostTop({ ...sight, height })), height),
  ),
);

/** Further the document does not scroll. */
function mostTop({ heights, height }: RowSight): number {
  return Math.max(0, headHeight + topOf(heights, heights.count) - height);
}

test('whatever happens, every row in sight is drawn, few others are, and a cursor that moved is in sight', () => {
  fc.assert(
    fc.property(heightsOf, fc.array(someStep, { maxLength: 20 }), (heights, steps) => {
      let sight = firstSight(heights, heights.count === 0 ? -1 : 0, 800);
      for (const act of steps) {
        const before = sight;
        sight = act(sight);
        // As the document does where the list became shorter.
        sight = scrolled(sight, Math.min(sight.top, mostTop(sight)));
        const rows = Array.from({ length: sight.heights.count }, (_none, index) => index);
        const bottomOf = (index: number) => topOf(sight.heights, index) + heightOf(sight.heights, index);
        const seen = rows.filter(
          (index) =>
            headHeight + bottomOf(index) > sight.top &&
            headHeight + topOf(sight.heights, index) < sight.top + sight.height,
        );
        for (const index of seen) expect(index >= sight.from && index < sight.to).toBe(true);
        expect(sight.to - sight.from).toBeLessThanOrEqual(sight.height / 28 + 2 + 2 * 4 + 2 * 4);
        if (sight.cursor < 0 || before.cursor === sight.cursor) continue;
        expect(topOf(sight.heights, sight.cursor)).toBeGreaterThanOrEqual(sight.top);
        expect(headHeight + bottomOf(sight.cursor)).toBeLessThanOrEqual(sight.top + sight.height);
      }
    }),
  );
});

test('rows that arrive do not scroll, and nothing that stays as it was is another object', () => {
  const heights = { height: 28, count: 100, offsets: null };
  const sight = scrolled(firstSight(heights, 3, 800), 500);
  expect(sightOver(sight, heights, 3)).toBe(sight);
  expect(scrolled(sight, 500)).toBe(sight);
  expect(sightOver(sight, { ...heights, count: 200 }, 3).top).toBe(500);
});

test('a list that appears is drawn where its cursor is, also where it is lower than the window', () => {
  const heights = { height: 28, count: 2_000, offsets: null };
  const sight = firstSight(heights, 1_000, 800);
  expect([sight.from, sight.to]).toEqual([968, 1_008]);
  const less = measured(sight, sight.top, 600);
  expect(less.top).toBe(24 + 1_001 * 28 - 600);
});
