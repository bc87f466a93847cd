import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeWindow, type Rectangle } from './placement.ts';

const laptop: Rectangle = { x: 0, y: 25, width: 1_440, height: 875 };
const beside: Rectangle = { x: 1_440, y: 0, width: 2_560, height: 1_440 };
const saved: Rectangle = { x: 1_600, y: 100, width: 1_200, height: 800 };

describe('placeWindow', () => {
  it('puts the first window into the middle of the primary screen', () => {
    expect(placeWindow(undefined, [laptop])).toEqual({ x: 80, y: 47, width: 1_280, height: 832 });
  });

  it.each<[string, Rectangle, readonly Rectangle[], Rectangle]>([
    ['where it was', saved, [laptop, beside], saved],
    ['on the screen that is left', saved, [laptop], { x: 120, y: 63, width: 1_200, height: 800 }],
    [
      'partly outside, as the person had it',
      { ...saved, x: 3_900 },
      [laptop, beside],
      { ...saved, x: 3_900 },
    ],
    ['across two screens', { ...saved, x: 1_000 }, [laptop, beside], { ...saved, x: 1_000 }],
    [
      'back when too little of the title is seen',
      { ...saved, x: 3_960 },
      [laptop, beside],
      { ...saved, x: 2_800 },
    ],
    ['back when the title is above', { ...saved, y: -20 }, [laptop, beside], { ...saved, y: 0 }],
    ['back when the title is below', { ...saved, y: 1_420 }, [laptop, beside], { ...saved, y: 640 }],
    [
      'smaller on a smaller screen',
      { x: 10, y: 40, width: 3_000, height: 2_000 },
      [laptop],
      { x: 10, y: 40, width: 1_440, height: 875 },
    ],
    [
      'no larger than a tiny screen',
      saved,
      [{ x: 0, y: 0, width: 320, height: 240 }],
      { x: 0, y: 0, width: 320, height: 240 },
    ],
  ])('puts it %s', (_how, from, screens, expected) => {
    expect(placeWindow(from, screens)).toEqual(expected);
  });

  const coordinate = fc.integer({ min: -20_000, max: 20_000 });
  const screen = fc.record({
    x: coordinate,
    y: coordinate,
    width: fc.integer({ min: 200, max: 8_000 }),
    height: fc.integer({ min: 200, max: 5_000 }),
  });
  const window = fc.record({
    x: coordinate,
    y: coordinate,
    width: fc.integer({ min: 1, max: 20_000 }),
    height: fc.integer({ min: 1, max: 20_000 }),
  });

  it('leaves 64 pixels of the title on some screen, and is never larger than it', () => {
    fc.assert(
      fc.property(
        fc.option(window, { nil: undefined }),
        fc.array(screen, { minLength: 1, maxLength: 5 }),
        (from, screens) => {
          const placed = placeWindow(from, screens);
          expect(Object.values(placed).every(Number.isInteger)).toBe(true);
          const seen = screens.some((area) => {
            const titleWidth =
              Math.min(placed.x + placed.width, area.x + area.width) - Math.max(placed.x, area.x);
            const titleFits = placed.y >= area.y && placed.y + 32 <= area.y + area.height;
            return (
              titleWidth >= 64 && titleFits && placed.width <= area.width && placed.height <= area.height
            );
          });
          expect(seen, JSON.stringify({ placed, screens })).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('does not move a window that it has placed', () => {
    fc.assert(
      fc.property(window, fc.array(screen, { minLength: 1, maxLength: 3 }), (from, screens) => {
        const once = placeWindow(from, screens);
        // Placed anew it may share more with another screen, but then it stays.
        const twice = placeWindow(once, screens);
        expect(placeWindow(twice, screens)).toEqual(twice);
      }),
    );
  });
});
