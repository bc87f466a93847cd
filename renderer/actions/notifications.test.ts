import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time.ts';
import { minutesUntilMorning } from './notifications.ts';

const at = (hours: number, minutes: number): number => new Date(2026, 10, 21, hours, minutes).getTime();

test.each([
  ['at night', at(3, 12), 288],
  ['just before', at(7, 59), 1],
  ['at eight, the next one', at(8, 0), 1_440],
  ['in the evening', at(22, 30), 570],
])('%s', (_when, nowMs, minutes) => {
  expect(minutesUntilMorning(nowMs)).toBe(minutes);
});

test('it is eight then, whatever the clocks do, and never more than a day', () => {
  for (let hour = 0; hour < 24 * 366; hour++) {
    const nowMs = at(0, 30) + hour * hourMs;
    const minutes = minutesUntilMorning(nowMs);
    expect(minutes).toBeGreaterThan(0);
    expect(minutes).toBeLessThanOrEqual(1_440);
    const then = new Date(nowMs + minutes * minuteMs);
    if (minutes < 1_440) expect([then.getHours(), then.getMinutes()]).toEqual([8, 0]);
  }
});
