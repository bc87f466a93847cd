import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  nextStateChangeMs,
  pauseAfterFailureMs,
  pauseAfterSuccessMs,
  pauseAfterWakeMs,
  stateAfter,
} from './watch-schedule.ts';

const good = { pollMs: 10_000, sinceMs: 0, everSucceeded: true, consecutiveFailures: 0 };

test.each([
  ['just answered', {}, 'fresh'],
  ['within its period', { sinceMs: 10_400 }, 'fresh'],
  ['overdue by half a period', { sinceMs: 15_000 }, 'late'],
  ['overdue by a period and a half', { sinceMs: 25_000 }, 'stale'],
  ['failed once', { sinceMs: 10_000, consecutiveFailures: 1 }, 'late'],
  ['failed twice within a second', { sinceMs: 11_000, consecutiveFailures: 2 }, 'late'],
  ['failing for two periods', { sinceMs: 20_000, consecutiveFailures: 3 }, 'stale'],
  ['never asked', { everSucceeded: false }, 'starting'],
  ['never answered, failed once', { everSucceeded: false, consecutiveFailures: 1 }, 'late'],
  ['never answered, failed twice', { everSucceeded: false, consecutiveFailures: 2 }, 'stale'],
  ['hangs from the start', { everSucceeded: false, sinceMs: 25_000 }, 'stale'],
])('%s', (_name, silence, state) => {
  expect(stateAfter({ ...good, ...silence })).toBe(state);
});

test('the state changes exactly when it is said to', () => {
  fc.assert(
    fc.property(
      fc.record({
        pollMs: fc.integer({ min: 1_000, max: 600_000 }),
        sinceMs: fc.integer({ min: 0, max: 2_000_000 }),
        everSucceeded: fc.boolean(),
        consecutiveFailures: fc.nat(5),
      }),
      (silence) => {
        const nextMs = nextStateChangeMs(silence);
        const at = (ms: number): string => stateAfter({ ...silence, sinceMs: silence.sinceMs + ms });
        if (nextMs === null) expect(at(1e9)).toBe(at(0));
        else expect(at(nextMs - 0.001)).toBe(at(0));
      },
    ),
  );
});

test('a source that failed is stale at the latest two and a half periods after its last success', () => {
  for (const consecutiveFailures of [0, 1, 9]) {
    expect(stateAfter({ ...good, sinceMs: 25_000, consecutiveFailures })).toBe('stale');
  }
});

test('polls keep their period whatever they take, within five per cent', () => {
  expect(pauseAfterSuccessMs(10_000, 300, 0.5)).toBe(9_700);
  expect(pauseAfterSuccessMs(10_000, 300, 0)).toBe(9_200);
  expect(pauseAfterSuccessMs(10_000, 300, 1)).toBe(10_200);
  expect(pauseAfterSuccessMs(10_000, 60_000, 0.5)).toBe(100);
});

test('back-off doubles with full jitter, and never makes the console see recovery late', () => {
  const pause = (failures: number, random: number): number =>
    pauseAfterFailureMs(10_000, failures, null, random);
  expect([1, 2, 3, 4, 5, 60].map((failures) => pause(failures, 1))).toEqual([
    2_000, 4_000, 8_000, 10_000, 10_000, 10_000,
  ]);
  expect(pause(5, 0.25)).toBe(2_500);
  expect(pause(5, 0)).toBe(100);
});

test('a wait that the server asks for is honoured, a shorter one does not shorten the back-off', () => {
  expect(pauseAfterFailureMs(10_000, 1, 30_000, 0.5)).toBe(30_000);
  expect(pauseAfterFailureMs(10_000, 5, 1_000, 1)).toBe(10_000);
});

test('a thousand consoles that wake at once ask over the whole of a window, none in step', () => {
  const pauses = Array.from({ length: 1_000 }, () => pauseAfterWakeMs(15_000, Math.random()));
  const window = 5_000;
  expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(window / 2);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(window);
  const fullest = Math.max(
    ...Array.from(
      { length: 10 },
      (_, tenth) => pauses.filter((ms) => Math.floor(ms / (window / 10)) === tenth).length,
    ),
  );
  expect(fullest).toBeLessThan(200);
  expect(pauseAfterWakeMs(2_000, 1)).toBe(2_000);
});
