import { expect, test } from 'vitest';
import { intervalText, spanText } from './route-rows.ts';

test.each([
  [10_000, '10s'],
  [60_000, '1m'],
  [90_000, '1m 30s'],
  [14_400_000, '4h'],
  [5_400_000, '1h 30m'],
  [86_400_000, '1d'],
  [0, '0s'],
])('%i ms is %s', (ms, text) => {
  expect(spanText(ms)).toBe(text);
});

test('intervals say when a route tells and when not', () => {
  expect(intervalText({ muteTimeIntervals: [], activeTimeIntervals: [] })).toBe('');
  expect(intervalText({ muteTimeIntervals: ['a', 'b'], activeTimeIntervals: ['c'] })).toBe(
    'only in c, not in a, b',
  );
});
