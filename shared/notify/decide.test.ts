import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SeverityLevel } from '#shared/model/severity.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time.ts';
import { intervalsOf, type DailyTimes } from './daily-times.ts';
import {
  decisionOf,
  louder,
  loudest,
  policyAt,
  policyTurnsAt,
  type Decision,
  type IncidentFacts,
} from './decide.ts';
import { defaultPolicy, type NotificationPolicy, type PolicyRule, type QuietHours } from './model.ts';

const levels = ['critical', 'warning', 'info'] as const;
const at = (text: string): number => Date.parse(text);

function facts(level: SeverityLevel, part: Partial<IncidentFacts> = {}): IncidentFacts {
  return { level, alerts: [{}], inView: () => 'fails', isOutsideViews: false, ...part };
}

const always = { severities: null, matchers: null, view: null, times: null };

const saysNothing: PolicyRule = {
  conditions: always,
  tell: null,
  throughQuiet: false,
  sound: null,
  repeatMs: null,
  louderAfterMs: null,
};

function ruled(...rules: readonly Partial<PolicyRule>[]): NotificationPolicy {
  return { ...defaultPolicy, rules: rules.map((rule) => ({ ...saysNothing, ...rule })) };
}

function quiet(times: DailyTimes, severities: readonly SeverityLevel[] = ['warning', 'info']): QuietHours {
  return { severities, times: intervalsOf(times) };
}

const night = (zone: string): DailyTimes => ({ from: 22 * 60, to: 7 * 60, weekdays: null, zone });

/** What a wall clock shows, by another way than the code under test takes. */
const formats = new Map<string, Intl.DateTimeFormat>();
function wallClock(zone: string, atMs: number): { readonly minute: number; readonly weekday: number } {
  const options = { weekday: 'short', hour: 'numeric', minute: 'numeric', hourCycle: 'h23' } as const;
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(parts['weekday'] ?? '');
  return { minute: Number(parts['hour']) * 60 + Number(parts['minute']), weekday };
}

function isQuietByDefinition({ from, to, weekdays, zone }: DailyTimes, atMs: number): boolean {
  const { minute, weekday } = wallClock(zone, atMs);
  const begins = (day: number): boolean =>
    weekdays === null || weekdays.some((range) => range.from <= day && day <= range.to);
  if (from < to) return begins(weekday) && minute >= from && minute < to;
  return (minute >= from && begins(weekday)) || (minute < to && begins((weekday + 6) % 7));
}

/** Days on which clocks jump: forward and back, by an hour and by half of one. */
const jumps: readonly (readonly [zone: string, at: string])[] = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Asia/Kathmandu', '2026-01-01T00:00Z'],
];

const minuteOfDay = fc.oneof(
  fc.integer({ min: 0, max: 1_439 }),
  fc.integer({ min: 0, max: 8 }).map((n) => n * 30),
);
const weekdays = fc.option(
  fc.array(
    fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })).map(([one, other]) => ({
      from: Math.min(one, other),
      to: Math.max(one, other),
    })),
    { minLength: 1, maxLength: 2 },
  ),
  { nil: null },
);
const quietNight = fc.constantFrom(...jumps).chain(([zone, jumpAt]) =>
  fc.record({
    times: fc
      .record({ from: minuteOfDay, to: minuteOfDay, weekdays, zone: fc.constant(zone) })
      .filter(({ from, to }) => from !== to),
    atMs: fc
      .integer({ min: -2 * 1_440, max: 2 * 1_440 })
      .map((minute) => Date.parse(jumpAt) + minute * minuteMs),
  }),
);

const runs = process.env['OPSSIGHT_FULL'] === '1' ? 3_000 : 60;

describe('quiet hours across changes of the clock', () => {
  test('hold what the wall clock says, until the first minute at which it says otherwise; no critical', () => {
    fc.assert(
      fc.property(quietNight, ({ times, atMs }) => {
        const policy = { ...defaultPolicy, quietHours: [quiet(times)] };
        const { tell } = decisionOf(policy, facts('warning'), atMs);
        expect(tell.kind).toBe(isQuietByDefinition(times, atMs) ? 'held' : 'now');
        expect(decisionOf(policy, facts('critical'), atMs).tell.kind).toBe('now');
        if (tell.kind !== 'held' || tell.untilMs === null || tell.untilMs - atMs > 2 * dayMs) return;
        expect(isQuietByDefinition(times, tell.untilMs)).toBe(false);
        for (let ms = atMs; ms < tell.untilMs; ms += minuteMs)
          expect(isQuietByDefinition(times, ms)).toBe(true);
      }),
      { numRuns: runs },
    );
  });

  test('what is held is told at the same moment whenever it is asked, and never earlier than before', () => {
    fc.assert(
      fc.property(quietNight, fc.integer({ min: 0, max: 3_000 }), ({ times, atMs }, laterMinutes) => {
        const policy = { ...defaultPolicy, quietHours: [quiet(times)] };
        const toldAtMs = (ms: number): number => {
          const { tell } = decisionOf(policy, facts('info'), ms);
          return tell.kind === 'held' ? (tell.untilMs ?? Infinity) : ms;
        };
        const laterMs = atMs + laterMinutes * minuteMs;
        const first = toldAtMs(atMs);
        expect(toldAtMs(laterMs)).toBeGreaterThanOrEqual(first);
        if (laterMs < first) expect(toldAtMs(laterMs)).toBe(first);
        if (first !== Infinity) expect(toldAtMs(first)).toBe(first);
      }),
      { numRuns: runs },
    );
  });

  test('the policy turns when any of it does, and not before', () => {
    fc.assert(
      fc.property(quietNight, ({ times, atMs }) => {
        const policy = { ...defaultPolicy, quietHours: [quiet(times)] };
        const turnsAtMs = policyTurnsAt(policy, atMs) ?? Infinity;
        const kindAt = (ms: number): string => decisionOf(policy, facts('info'), ms).tell.kind;
        const lastMs = Math.min(turnsAtMs, atMs + dayMs);
        for (let ms = atMs; ms < lastMs; ms += 7 * minuteMs) expect(kindAt(ms)).toBe(kindAt(atMs));
      }),
      { numRuns: runs },
    );
  });

  test.each([
    ['Europe/Berlin', '2026-03-28T22:00Z', '2026-03-29T05:00:00.000Z'],
    ['Europe/Berlin', '2026-10-24T21:00Z', '2026-10-25T06:00:00.000Z'],
    ['America/New_York', '2026-03-08T04:00Z', '2026-03-08T11:00:00.000Z'],
    ['America/New_York', '2026-11-01T04:00Z', '2026-11-01T12:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-04T12:00Z', '2026-04-04T20:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-03T12:00Z', '2026-10-03T20:00:00.000Z'],
  ])('a night of %s that began at %s ends at %s', (zone, from, until) => {
    const policy = { ...defaultPolicy, quietHours: [quiet(night(zone))] };
    const { tell } = decisionOf(policy, facts('warning'), at(from) + hourMs);
    expect(tell.kind === 'held' && new Date(tell.untilMs ?? 0).toISOString()).toBe(until);
  });

  test('a night belongs to the day on which it begins', () => {
    const weekend = { ...night('UTC'), weekdays: [{ from: 5, to: 6 }] };
    const policy = { ...defaultPolicy, quietHours: [quiet(weekend)] };
    const kinds = ['2026-11-20T06:00Z', '2026-11-20T23:00Z', '2026-11-21T06:00Z', '2026-11-22T06:00Z'].map(
      (moment) => decisionOf(policy, facts('info'), at(moment)).tell.kind,
    );
    expect(kinds).toEqual(['now', 'held', 'held', 'held']);
    expect(decisionOf(policy, facts('info'), at('2026-11-22T23:00Z')).tell.kind).toBe('now');
  });
});

describe('rules', () => {
  const nowMs = at('2026-11-21T03:00Z');
  const kind = (policy: NotificationPolicy, of: IncidentFacts): string =>
    decisionOf(policy, of, nowMs).tell.kind;

  test('without any everything is told now, as loudly as it is bad', () => {
    const said = levels.map((level) => decisionOf(defaultPolicy, facts(level), nowMs));
    expect(said.map(({ tell, sound, urgency }) => [tell.kind, sound, urgency])).toEqual([
      ['now', 'alarm', 'critical'],
      ['now', 'chime', 'normal'],
      ['now', 'none', 'low'],
    ]);
  });

  test('the first whose conditions hold decides, and leaves the rest as usual', () => {
    const policy = ruled(
      { conditions: { ...always, severities: ['info'] }, tell: 'never' },
      {
        conditions: { ...always, matchers: [{ name: 'team', operator: '=', value: 'db' }] },
        sound: 'siren',
        repeatMs: minuteMs,
      },
      { sound: 'none' },
    );
    expect(kind(policy, facts('info'))).toBe('never');
    const ours = decisionOf(policy, facts('critical', { alerts: [{}, { team: 'db' }] }), nowMs);
    expect(ours).toMatchObject({
      tell: { kind: 'now' },
      sound: 'siren',
      repeatMs: minuteMs,
      louderAfterMs: 0,
    });
    expect(decisionOf(policy, facts('critical'), nowMs)).toMatchObject({ sound: 'none', repeatMs: 0 });
  });

  test('matchers are of one alert, a label that is missing is empty', () => {
    const both = [
      { name: 'a', operator: '=', value: '1' },
      { name: 'b', operator: '=~', value: '' },
    ] as const;
    const policy = ruled({ conditions: { ...always, matchers: both }, tell: 'never' });
    expect(kind(policy, facts('info', { alerts: [{ a: '1', b: 'x' }, { b: '' }] }))).toBe('now');
    expect(kind(policy, facts('info', { alerts: [{ a: '1' }] }))).toBe('never');
  });

  test('a view holds nothing back while its answer is unknown, and one that is not there holds for nothing', () => {
    const [held, loud] = [
      ruled({ conditions: { ...always, view: 'mine' }, tell: 'never' }),
      ruled({ conditions: { ...always, view: 'mine' }, sound: 'siren' }),
    ];
    for (const [answer, told, sound] of [
      ['matches', 'never', 'siren'],
      ['unknown', 'now', 'siren'],
      ['fails', 'now', 'chime'],
    ] as const) {
      const of = facts('warning', { inView: (name) => (name === 'mine' ? answer : 'fails') });
      expect(kind(held, of)).toBe(told);
      expect(decisionOf(loud, of, nowMs).sound).toBe(sound);
    }
  });

  test('outside of the views that notify only what is critical is told, unless a rule says otherwise', () => {
    const told = (policy: NotificationPolicy): string[] =>
      levels.map((level) => kind(policy, facts(level, { isOutsideViews: true })));
    expect(told(defaultPolicy)).toEqual(['now', 'never', 'never']);
    expect(told(ruled({ tell: 'now' }))).toEqual(['now', 'now', 'now']);
    expect(told(ruled({ tell: 'never' }))).toEqual(['never', 'never', 'never']);
    expect(told(ruled({ sound: 'none' }))).toEqual(['now', 'never', 'never']);
  });

  test('a rule for some hours only holds until they end, and what follows it decides then', () => {
    const times = intervalsOf({ from: 2 * 60, to: 4 * 60, weekdays: null, zone: 'UTC' });
    const policy = ruled({ conditions: { ...always, times }, tell: 'held' }, { sound: 'siren' });
    expect(decisionOf(policy, facts('critical'), nowMs).tell).toEqual({
      kind: 'held',
      cause: 'a rule',
      untilMs: at('2026-11-21T04:00Z'),
    });
    expect(decisionOf(policy, facts('critical'), nowMs + hourMs)).toMatchObject({
      tell: { kind: 'now' },
      sound: 'siren',
    });
    expect(policyTurnsAt(policy, nowMs)).toBe(at('2026-11-21T04:00Z'));
  });

  test('quiet hours count for rules, too, unless one says that it goes through them', () => {
    const quietHours = [quiet(night('UTC'), ['critical', 'warning', 'info'])];
    expect(kind({ ...ruled({ tell: 'now' }), quietHours }, facts('critical'))).toBe('held');
    expect(kind({ ...ruled({ throughQuiet: true }), quietHours }, facts('info'))).toBe('now');
    expect(kind({ ...ruled({ tell: 'never' }), quietHours }, facts('info'))).toBe('never');
  });

  test('decided for many at once it is what is decided for each', () => {
    const policy = {
      ...ruled(
        {
          conditions: { ...always, matchers: [{ name: 'n', operator: '=~', value: '[0-4]' }] },
          tell: 'held',
        },
        { conditions: { ...always, severities: ['info'] }, tell: 'never' },
      ),
      quietHours: [quiet(night('UTC'))],
    };
    const decide = policyAt(policy, nowMs);
    for (let n = 0; n < 30; n++) {
      const of = facts(levels[n % 3] ?? 'info', { alerts: [{ n: String(n % 10) }] });
      expect(decide(of)).toEqual(decisionOf(policy, of, nowMs));
    }
  });
});

test('a step louder is a step, and the loudest stays', () => {
  const said = (sound: Decision['sound'], urgency: Decision['urgency']) => ({ sound, urgency });
  expect(louder(said('none', 'low'))).toEqual(said('chime', 'normal'));
  expect(louder(said('siren', 'critical'))).toEqual(said('siren', 'critical'));
  expect(loudest([said('chime', 'low'), said('none', 'normal')])).toEqual(said('chime', 'normal'));
  expect(loudest([])).toEqual(said('none', 'low'));
});
