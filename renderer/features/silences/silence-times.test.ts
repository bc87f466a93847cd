import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs } from '#shared/time.ts';
import { durationChips, endOf, spanOf, startOf, typedMoment } from './silence-times.ts';

/** Times as people write them, in the zone of the machine that runs this. */

const nowMs = new Date(2026, 10, 21, 22, 15, 30).getTime();

function at(day: number, hours: number, minutes = 0, seconds = 0): number {
  return new Date(2026, 10, day, hours, minutes, seconds).getTime();
}

describe('a span', () => {
  it.each([
    ['15m', 15 * minuteMs],
    ['2h30m', 150 * minuteMs],
    ['1d 4h', 28 * hourMs],
    ['1w', 7 * dayMs],
    ['90s', 90_000],
  ])('reads %s', (text, ms) => expect(spanOf(text)).toBe(ms));

  it.each(['', ' ', '0m', '15', 'm', '1h1h', '-5m', '4m2h', '1.5h'])('refuses %j', (text) =>
    expect(spanOf(text)).toBeUndefined(),
  );
});

describe('when it ends', () => {
  const typed = (text: string, startsAtMs = nowMs) => endOf({ kind: 'typed', text }, startsAtMs, nowMs);

  it('a time of day is the next one after the start', () => {
    expect(typed('23:00')).toEqual({ ok: true, value: at(21, 23) });
    expect(typed('22:15')).toEqual({ ok: true, value: at(22, 22, 15) });
    expect(typed('8:00', at(23, 9))).toEqual({ ok: true, value: at(24, 8) });
  });

  it('a date, with or without a time', () => {
    expect(typed('2026-11-22 06:30')).toEqual({ ok: true, value: at(22, 6, 30) });
    expect(typed('2026-11-25')).toEqual({ ok: true, value: at(25, 0) });
  });

  it('until morning is eight o’clock, of the next day where that is over', () => {
    const morning = durationChips.find(({ word }) => word === 'until morning')?.choice;
    if (morning === undefined) throw new Error('there is no such chip');
    expect(endOf(morning, nowMs, nowMs)).toEqual({ ok: true, value: at(22, 8) });
    expect(endOf(morning, at(23, 3), nowMs)).toEqual({ ok: true, value: at(23, 8) });
  });

  it.each(['2026-11-31', '24:00', '12:60', '2026-11-20', 'tomorrow', '2030-01-01', '1000d'])(
    'refuses %s',
    (text) => expect(typed(text).ok).toBe(false),
  );

  it('what started long ago is counted from now', () => {
    expect(typed('1h', nowMs - 5 * hourMs)).toEqual({ ok: true, value: nowMs + hourMs });
  });

  it('what is written as a moment reads as that moment, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 365 * 24 * 3_600 }), (seconds) => {
        const endsAtMs = nowMs + seconds * 1_000;
        const read = typed(typedMoment(endsAtMs));
        // An hour that the clocks repeat is written the same twice.
        expect(read.ok && typedMoment(read.value)).toBe(typedMoment(endsAtMs));
      }),
    );
  });

  it('every answer is after the start and after now', () => {
    const choices = fc.oneof(
      fc.constantFrom(...durationChips.map(({ choice }) => choice)),
      fc.stringMatching(/^[0-9:hmd -]{0,12}$/).map((text) => ({ kind: 'typed', text }) as const),
    );
    fc.assert(
      fc.property(choices, fc.integer({ min: -dayMs, max: dayMs }), (choice, offsetMs) => {
        const end = endOf(choice, nowMs + offsetMs, nowMs);
        if (end.ok) expect(end.value).toBeGreaterThan(Math.max(nowMs, nowMs + offsetMs));
      }),
    );
  });
});

describe('when it starts', () => {
  it('later, by time or span', () => {
    expect(startOf('23:00', nowMs)).toEqual({ ok: true, value: at(21, 23) });
    expect(startOf('2h', nowMs)).toEqual({ ok: true, value: nowMs + 2 * hourMs });
  });

  it.each(['2026-11-21 22:00', '', 'now', '2028-01-01'])('refuses %j', (text) =>
    expect(startOf(text, nowMs).ok).toBe(false),
  );
});
