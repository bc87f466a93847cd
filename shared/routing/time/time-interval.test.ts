import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minuteMs } from '#shared/time.ts';
import { nextTurn } from './next-change.ts';
import { readRange, readTimeOfDay, rangeKinds } from './read-ranges.ts';
import { holds, type Range, type TimeInterval } from './time-interval.ts';
import { zoneNamed } from './zone.ts';

/** The documentation's definition, one moment at a time, by another way to the calendar: no code is shared. */
function holdsByDefinition(interval: TimeInterval, atMs: number): boolean {
  const text = formatOf(interval.zone).format(atMs);
  const numbers = /^(\d+)\/(\d+)\/(\d+), (\d+):(\d+)/.exec(text)?.map(Number) ?? [];
  const [, month = 0, day = 0, year = 0, hour = 0, minute = 0] = numbers;
  const lastDay = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  const clock = hour * 60 + minute;
  const days = (ranges: readonly Range[]): boolean =>
    Array.from({ length: lastDay }, (_, index) => index + 1).some(
      (candidate) =>
        candidate === day &&
        ranges.some(({ from, to }) => {
          const fromStart = (end: number): number => (end < 0 ? lastDay + 1 + end : end);
          return fromStart(from) <= candidate && candidate <= fromStart(to);
        }),
    );
  const within = (ranges: readonly Range[] | null, value: number): boolean =>
    ranges === null || ranges.some(({ from, to }) => from <= value && value <= to);
  return (
    (interval.times === null || interval.times.some(({ from, to }) => from <= clock && clock < to)) &&
    (interval.daysOfMonth === null || days(interval.daysOfMonth)) &&
    within(interval.weekdays, zeller(year, month, day)) &&
    within(interval.months, month) &&
    within(interval.years, year)
  );
}

/** Zeller's congruence, 0 for Sunday. */
function zeller(year: number, month: number, day: number): number {
  const [shifted, of] = month < 3 ? [month + 12, year - 1] : [month, year];
  const saturdayFirst =
    day +
    Math.floor((13 * (shifted + 1)) / 5) +
    of +
    Math.floor(of / 4) -
    Math.floor(of / 100) +
    Math.floor(of / 400);
  return (saturdayFirst + 6) % 7;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const numbers = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  } as const;
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { ...numbers, hourCycle: 'h23', timeZone });
  formats.set(timeZone, format);
  return format;
}

/** Moments close to which clocks jump: by an hour, by half of one, at midnight, over a whole day. */
const jumps: readonly (readonly [zone: string, at: string])[] = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00Z'],
  ['Africa/Cairo', '2026-04-23T22:00Z'],
  ['Africa/Cairo', '2026-10-29T21:00Z'],
  ['Asia/Kathmandu', '2026-01-01T00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['UTC', '2028-02-29T00:00Z'],
];

const range = (least: number, most: number): fc.Arbitrary<Range> =>
  fc
    .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
    .map(([one, other]) => ({
      from: Math.min(one, other),
      to: Math.max(one, other),
    }));
const part = (of: fc.Arbitrary<Range>, freq = 2): fc.Arbitrary<readonly Range[] | null> =>
  fc.option(fc.array(of, { minLength: 1, maxLength: 3 }), { nil: null, freq });
const minutes = fc.oneof(
  range(0, 1440),
  range(0, 8).map(({ from, to }) => ({ from: from * 30, to: to * 30 + 30 })),
);
const daysOfMonth = fc.oneof(
  range(1, 31),
  range(-31, -1),
  fc.tuple(fc.integer({ min: 1, max: 27 }), fc.constant(-1)).map(([from, to]) => ({ from, to })),
);
const intervalIn = (zone: string): fc.Arbitrary<TimeInterval> =>
  fc.record({
    times: part(minutes, 4),
    weekdays: part(range(0, 6)),
    daysOfMonth: part(daysOfMonth),
    months: part(range(1, 12), 1),
    years: part(range(2011, 2030), 1),
    zone: fc.constant(zone),
  });
const question = fc.constantFrom(...jumps).chain(([zone, at]) =>
  fc.record({
    intervals: fc.array(intervalIn(zone), { minLength: 1, maxLength: 3 }),
    atMs: fc.integer({ min: -2 * 1_440, max: 2 * 1_440 }).map((minute) => Date.parse(at) + minute * minuteMs),
    extraMs: fc.integer({ min: 0, max: minuteMs - 1 }),
  }),
);

const isFull = process.env['OPSSIGHT_FULL'] === '1';

describe('an interval against its definition, minute by minute across changes of the clock', () => {
  test('holds the same moments, and the next change is the first minute that differs', () => {
    const windowMinutes = 3 * 24 * 60;
    fc.assert(
      fc.property(question, ({ intervals, atMs, extraMs }) => {
        const state = (momentMs: number): boolean => intervals.some((interval) => holds(interval, momentMs));
        const defined = (momentMs: number): boolean =>
          intervals.some((interval) => holdsByDefinition(interval, momentMs));
        const now = defined(atMs);
        expect(state(atMs + extraMs)).toBe(now);
        let expected: number | null = null;
        for (let minute = 1; minute <= windowMinutes && expected === null; minute++) {
          const momentMs = atMs + minute * minuteMs;
          if (defined(momentMs) !== now) expected = momentMs;
        }
        const next = nextTurn(state, intervals, atMs + extraMs);
        if (expected !== null) expect(next).toBe(expected);
        else expect(next ?? Infinity).toBeGreaterThan(atMs + windowMinutes * minuteMs);
      }),
      { numRuns: isFull ? 2_000 : 30 },
    );
  }, 300_000);

  test('a far change is found, one that never comes is none', () => {
    const never: TimeInterval = {
      times: null,
      weekdays: null,
      daysOfMonth: null,
      months: null,
      years: null,
      zone: 'UTC',
    };
    const turn = (interval: Partial<TimeInterval>, at: string): string | null => {
      const whole = { ...never, ...interval };
      const next = nextTurn((ms) => holds(whole, ms), [whole], Date.parse(at));
      return next === null ? null : new Date(next).toISOString();
    };
    expect(turn({}, '2026-01-01T00:00Z')).toBeNull();
    expect(turn({ years: [{ from: 2030, to: 2031 }] }, '2026-01-01T00:00Z')).toBe('2030-01-01T00:00:00.000Z');
    expect(turn({ years: [{ from: 2020, to: 2021 }] }, '2026-01-01T00:00Z')).toBeNull();
    expect(turn({ years: [], times: null }, '2026-01-01T00:00Z')).toBeNull();
    const leapDay = { months: [{ from: 2, to: 2 }], daysOfMonth: [{ from: 29, to: 29 }] };
    expect(turn(leapDay, '2026-01-01T00:00Z')).toBe('2028-02-29T00:00:00.000Z');
    const lastDay = { daysOfMonth: [{ from: -1, to: -1 }], zone: 'America/New_York' };
    expect(turn(lastDay, '2026-03-15T00:00Z')).toBe('2026-03-31T04:00:00.000Z');
    const night = { times: [{ from: 150, to: 180 }], zone: 'Europe/Berlin' };
    expect(turn(night, '2026-03-28T12:00Z')).toBe('2026-03-30T00:30:00.000Z');
    expect(turn(night, '2026-10-25T01:00Z')).toBe('2026-10-25T01:30:00.000Z');
  });

  test('a question is answered in little time, however far the change', () => {
    const overlapping = Array.from({ length: 40 }, (_, index) => ({
      times: [{ from: index, to: index + 1_300 }],
      weekdays: null,
      daysOfMonth: [{ from: 1, to: -1 }],
      months: null,
      years: null,
      zone: 'Europe/Berlin',
    }));
    const startedMs = performance.now();
    nextTurn(() => true, overlapping, Date.parse('2026-03-01T00:00Z'));
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});

describe('how ranges are written', () => {
  test.each([
    ['weekdays', 'Monday:FRIDAY', { from: 1, to: 5 }],
    ['weekdays', 'saturday:sunday', null],
    ['weekdays', 'mon', null],
    ['weekdays', '1', null],
    ['days_of_month', '-3:-1', { from: -3, to: -1 }],
    ['days_of_month', '27:-1', { from: 27, to: -1 }],
    ['days_of_month', '28:-1', null],
    ['days_of_month', '-1:5', null],
    ['days_of_month', '0', null],
    ['days_of_month', '32', null],
    ['days_of_month', '+5', { from: 5, to: 5 }],
    ['months', '1:march', { from: 1, to: 3 }],
    ['months', 'december:january', null],
    ['months', '13', { from: 13, to: 13 }],
    ['years', '2026:2027', { from: 2026, to: 2027 }],
    ['years', '99999999999999999999', null],
    ['years', '1:2:3', null],
    ['years', '', null],
  ] as const)('%s %s', (kind, text, expected) => {
    const read = readRange(kind, text);
    expect(read.ok ? read.value : null).toEqual(expected);
  });

  test.each([
    ['00:00', 0],
    ['24:00', 1440],
    ['9:00', null],
    ['23:60', null],
    ['24:01', null],
    ['', null],
  ])('time of day %s', (text, expected) => expect(readTimeOfDay(text)).toBe(expected));

  test('any text is a range or none', () => {
    fc.assert(
      fc.property(fc.constantFrom(...rangeKinds), fc.string(), (kind, text) => {
        expect(readRange(kind, text).ok).toBeTypeOf('boolean');
      }),
    );
  });
});

test.each([
  ['', 'UTC'],
  ['UTC', 'UTC'],
  ['Local', 'local'],
  ['Europe/Berlin', 'Europe/Berlin'],
  ['US/Eastern', 'US/Eastern'],
  ['europe/berlin', null],
  ['us/eastern', null],
  ['local', null],
  ['utc', null],
  ['+05:00', null],
  ['../etc/passwd', null],
  ['Nope/Nope', null],
  // A browser takes these, and a server refuses the configuration.
  ['PST', null],
  ['IST', null],
  ['JST', null],
  ['SystemV/PST8', null],
  ['US/Pacific-New', null],
  ['EST', 'EST'],
  ['PRC', 'PRC'],
])('the zone %j is %j', (name, expected) => expect(zoneNamed(name)).toBe(expected));
