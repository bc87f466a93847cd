import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs } from '#shared/time.ts';
import { readUntil, snoozePresets, untilWords } from './until.ts';

/** A Saturday, in the zone that the tests run in. */
const nowMs = new Date(2026, 10, 21, 14, 20).getTime();

function preset(key: string): number | null | undefined {
  return snoozePresets.find((one) => one.key === key)?.untilMs(nowMs);
}

describe('a time that is written', () => {
  it.each([
    ['45m', nowMs + 45 * minuteMs],
    [' 2H ', nowMs + 2 * hourMs],
    ['1h30m', nowMs + 90 * minuteMs],
    ['1d', nowMs + dayMs],
    ['14:30', nowMs + 10 * minuteMs],
    ['14.30', nowMs + 10 * minuteMs],
    ['14:20', new Date(2026, 10, 22, 14, 20).getTime()],
    ['9:05', new Date(2026, 10, 22, 9, 5).getTime()],
  ])('%s', (text, expected) => expect(readUntil(text, nowMs)).toBe(expected));

  it.each(['', '0m', '24:00', '9:60', '9', '2 hours', '-1h', '91d', '9999d', '1h1h1h1h'])(
    'is not %j',
    (text) => expect(readUntil(text, nowMs)).toBeNull(),
  );

  it('is always to come, whatever is written', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.stringMatching(/^\d{1,2}[:.]\d{2}$|^(\d{1,4}[mhd]){1,3}$/),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 4_000_000_000_000 }), (written, atMs) => {
        const untilMs = readUntil(written, atMs);
        if (untilMs === null) return;
        expect(untilMs).toBeGreaterThan(atMs);
        expect(untilMs).toBeLessThanOrEqual(atMs + 90 * dayMs);
      }),
    );
  });
});

describe('a preset', () => {
  it('ends in the morning, on the day that it names', () => {
    expect(preset('4')).toBe(new Date(2026, 10, 22, 9).getTime());
    expect(preset('5')).toBe(new Date(2026, 10, 23, 9).getTime());
    expect(preset('0')).toBeNull();
  });

  it('on a Monday before nine is that Monday, after nine the next', () => {
    const [monday] = snoozePresets.filter(({ key }) => key === '5');
    expect(monday?.untilMs(new Date(2026, 10, 23, 8, 59).getTime())).toBe(
      new Date(2026, 10, 23, 9).getTime(),
    );
    expect(monday?.untilMs(new Date(2026, 10, 23, 9).getTime())).toBe(new Date(2026, 10, 30, 9).getTime());
  });
});

it('is said with its day only where that is not plain', () => {
  expect(untilWords(nowMs + hourMs, nowMs)).toBe('until 15:20');
  expect(untilWords(nowMs + dayMs, nowMs)).toBe('until 2026-11-22 14:20');
  expect(untilWords(null, nowMs)).toBe('until it gets worse');
});
