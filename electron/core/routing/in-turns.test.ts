import { expect, test } from 'vitest';
import { mapInTurns } from './in-turns.ts';

/** Takes so long that some hundred of them are several turns. */
function halfAMillisecond(value: number): number {
  const endsAtMs = performance.now() + 0.5;
  while (performance.now() < endsAtMs);
  return 2 * value;
}

const items = Array.from({ length: 200 }, (_, index) => index);

test('makes the same, and lets others go on meanwhile', async () => {
  let turns = 0;
  const beat = setInterval(() => (turns += 1), 1);
  const made = await mapInTurns(items, halfAMillisecond, new AbortController().signal);
  clearInterval(beat);
  expect(made).toEqual(items.map((value) => 2 * value));
  expect(turns).toBeGreaterThan(1);
});

test('ends once nobody waits', async () => {
  const controller = new AbortController();
  let last = 0;
  const asked = mapInTurns(items, (value) => (last = halfAMillisecond(value)), controller.signal);
  controller.abort();
  expect(await asked).toBeNull();
  expect(last).toBeLessThan(2 * (items.length - 1));
});
