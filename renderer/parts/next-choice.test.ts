import { expect, it } from 'vitest';
import { nextChoice } from './next-choice.ts';

it.each([
  [-1, 1, 0],
  [-1, -1, 2],
  [0, 1, 1],
  [2, 1, 0],
  [0, -1, 2],
  [1, -1, 0],
])('from %i by %i of three is %i', (chosen, step, next) => {
  expect(nextChoice(chosen, step, 3)).toBe(next);
});
