import { expect, test } from 'vitest';
import { Lane } from './lane.ts';

const never = new AbortController().signal;

test('so many enter at once, so many wait in order, the rest is turned away', async () => {
  const lane = new Lane(1, 2);
  expect(await lane.enter(never)).toBe('entered');
  const order: string[] = [];
  const second = lane.enter(never).then(() => order.push('second'));
  const third = lane.enter(never).then(() => order.push('third'));
  expect(await lane.enter(never)).toBe('full');
  lane.leave();
  await second;
  expect(order).toEqual(['second']);
  lane.leave();
  await third;
  expect(order).toEqual(['second', 'third']);
});

test('whoever gives up while waiting makes room, and the place goes to the next', async () => {
  const lane = new Lane(1, 1);
  await lane.enter(never);
  const impatient = new AbortController();
  const waiting = lane.enter(impatient.signal);
  impatient.abort();
  expect(await waiting).toBe('aborted');
  const next = lane.enter(never);
  lane.leave();
  expect(await next).toBe('entered');
  lane.leave();
  expect(await lane.enter(never)).toBe('entered');
});

test('a signal that is aborted already never enters', async () => {
  expect(await new Lane(1, 1).enter(AbortSignal.abort())).toBe('aborted');
});
