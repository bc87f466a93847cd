import fc from 'fast-check';
import { expect, it } from 'vitest';
import { freestPlace, type Box, type Polyline } from './label-place.ts';

const left = { left: 0, right: 40, top: 10, bottom: 20 };
const right = { left: 60, right: 100, top: 10, bottom: 20 };

it.each<readonly [string, Polyline, Box]>([
  [
    'a line below both',
    [
      [0, 50],
      [100, 60],
    ],
    left,
  ],
  [
    'a line through the left',
    [
      [0, 15],
      [50, 15],
      [100, 40],
    ],
    right,
  ],
  [
    'a steep line of two far samples',
    [
      [-10, 0],
      [50, 60],
      [100, 60],
    ],
    right,
  ],
  ['a break where the left is', [[-20, 15], null, [55, 15], [100, 15]], left],
  ['a sample alone', [null, [20, 15], null], right],
  [
    'a line through both, the left oftener',
    [
      [0, 15],
      [10, 15],
      [20, 15],
      [55, 15],
      [100, 15],
    ],
    right,
  ],
])('a label stands off %s', (_what, line, expected) => {
  expect(freestPlace([left, right], [line])).toBe(expected);
});

/** Walks along every line in small steps. @param room around the box that counts to it. */
function isTouched(
  { left: from, right: to, top, bottom }: Box,
  lines: readonly Polyline[],
  room: number,
): boolean {
  const holds = ([x, y]: readonly [number, number]): boolean =>
    x >= from - room && x <= to + room && y >= top - room && y <= bottom + room;
  return lines.some((line) =>
    line.some((point, index) => {
      const before = line[index - 1] ?? point;
      if (point === null || before === null) return false;
      return Array.from({ length: 401 }, (_, step) => step / 400).some((share) =>
        holds([before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])]),
      );
    }),
  );
}

it('stands on a line only where every place is crossed', () => {
  const steps = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 40 }), fc.option(fc.integer({ min: 0, max: 40 }))),
    {
      maxLength: 8,
    },
  );
  const line = steps.map((all): Polyline => {
    let x = -10;
    return all.map(([step, y]) => {
      x += step;
      return y === null ? null : ([x, y] as const);
    });
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 3 }), (lines) => {
      const place = freestPlace([left, right], lines);
      if (!isTouched(left, lines, 0.5)) expect(place).toBe(left);
      else if (isTouched(left, lines, 0) && !isTouched(right, lines, 0.5)) expect(place).toBe(right);
    }),
  );
});
