import { expect, it } from 'vitest';
import { CrashCount } from './crash-count.ts';
import { RateLimit } from './rate-limit.ts';

it('lets a burst through, then so many a second', () => {
  let nowMs = 0;
  const limit = new RateLimit(5, 2, () => nowMs);
  const taken = (): number => Array.from({ length: 100 }, () => limit.take()).filter(Boolean).length;
  expect(taken()).toBe(5);
  expect(taken()).toBe(0);
  nowMs = 1_000;
  expect(taken()).toBe(2);
  nowMs = 1_000_000;
  expect(taken()).toBe(5);
  // A clock that steps back gives nothing.
  nowMs = 0;
  expect(taken()).toBe(0);
});

it('tells the fifth crash within a minute, and begins anew', () => {
  let nowMs = 0;
  const crashes = new CrashCount(() => nowMs);
  const told = Array.from({ length: 12 }, () => {
    nowMs += 10_000;
    return crashes.add();
  });
  expect(told.map(Number).join('')).toBe('000010000100');
  const slow = Array.from({ length: 12 }, () => {
    nowMs += 20_000;
    return crashes.add();
  });
  expect(slow).not.toContain(true);
});
