import { expect, it } from 'vitest';
import { inSlices } from './slices.ts';

function* busy(steps: number, eachMs: number, done: number[]): Generator<void> {
  for (let step = 0; step < steps; step++) {
    const endAtMs = performance.now() + eachMs;
    while (performance.now() < endAtMs);
    done.push(step);
    yield;
  }
}

it('goes through all steps in their order, and others get their turn between', async () => {
  const done: number[] = [];
  let turns = 0;
  const others = setInterval(() => turns++, 1);
  await inSlices(busy(60, 1, done), 5);
  clearInterval(others);
  expect(done).toEqual(Array.from({ length: 60 }, (_none, step) => step));
  expect(turns).toBeGreaterThan(3);
});

it('passes on what a step throws', async () => {
  const failing = function* (): Generator<void> {
    yield;
    throw new Error('a bug');
  };
  await expect(inSlices(failing())).rejects.toThrow('a bug');
});
