import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { BookDraft, IncidentBook } from '#core/incidents/incident-book.ts';
import { weightOf } from '#core/incidents/snoozing.ts';
import { intervalsOf } from '#shared/notify/daily-times.ts';
import { decisionOf } from '#shared/notify/decide.ts';
import { defaultPolicy, type PolicyRule } from '#shared/notify/model.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time.ts';
import { NotificationStory as World } from '#support/notification-story.ts';

/** What a person is told by a policy, over any story. It begins at three in the night. */

const many = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

function quiet(world: World, from = 22, to = 7, zone = 'UTC'): void {
  const times = intervalsOf({ from: from * 60, to: to * 60, weekdays: null, zone });
  world.policy = { ...world.policy, quietHours: [{ severities: ['warning', 'info'], times }] };
}

function rule(part: Partial<PolicyRule>): PolicyRule {
  return {
    conditions: { severities: null, matchers: null, view: null, times: null },
    tell: null,
    throughQuiet: false,
    sound: null,
    repeatMs: null,
    louderAfterMs: null,
    ...part,
  };
}

const of = (severity: string, ...numbers: number[]): [number, string][] =>
  numbers.map((number) => [number, severity]);

describe('quiet hours', () => {
  test('hold what is not critical and tell it in one when they end, whatever came of it meanwhile', () => {
    const world = new World();
    quiet(world);
    world.poll(new Map([...of('warning', 1, 2, 3), ...of('critical', 4)]));
    expect(world.titles).toEqual(['Critical: Alert4']);
    world.pass(hourMs);
    world.poll(new Map([...of('warning', 1, 2), ...of('critical', 4)]));
    world.pass(3 * hourMs - minuteMs);
    expect(world.titles).toHaveLength(1);
    world.pass(2 * minuteMs);
    expect(world.titles.slice(1)).toEqual(['2 incidents fire, worst Warning']);
    world.pass(24 * hourMs);
    expect(world.titles).toHaveLength(2);
  });

  test('are told in one also where the first that a person asks for after them is refused by the disk', () => {
    const world = new World();
    quiet(world);
    world.poll(new Map(of('warning', 1, 2, 3)));
    world.nowMs += 5 * hourMs;
    world.refuse((draft) => world.take(draft, 3, 'ml'));
    world.change(() => undefined);
    expect(world.titles).toEqual(['3 incidents fire, worst Warning']);
  });

  test('one that was held is told as itself, and why it was not told stands in its timeline', () => {
    const world = new World();
    quiet(world);
    world.poll(new Map(of('info', 1)));
    const [entry] = world.journal.filter(({ kind }) => kind === 'timeline').slice(-1);
    expect(entry).toMatchObject({ record: { text: 'Not notified yet' } });
    world.restart();
    world.pass(5 * hourMs);
    expect(world.titles).toEqual(['Info: Alert1']);
  });

  test('what gets worse in them is told at once', () => {
    const world = new World();
    quiet(world);
    world.poll(new Map(of('warning', 1, 2)));
    world.poll(new Map([...of('critical', 1), ...of('warning', 2)]));
    expect(world.titles).toEqual(['Critical: Alert1']);
    expect(world.host.shown[0]?.notification).toMatchObject({ sound: 'alarm', urgency: 'critical' });
  });

  test('take back what no host has shown yet, a summary included', () => {
    const world = new World();
    quiet(world, 4, 7);
    world.host.isQuick = false;
    world.poll(new Map(of('warning', ...many(1, 8))));
    expect(world.host.pending.size).toBe(6);
    world.pass(61 * minuteMs);
    expect(world.host.pending.size).toBe(0);
    world.pass(3 * hourMs);
    world.host.showAll(world);
    expect(world.titles).toEqual(['8 incidents fire, worst Warning']);
  });

  test('that a new configuration takes away hold nothing any more', () => {
    const world = new World();
    quiet(world);
    world.poll(new Map(of('warning', 1)));
    world.policy = defaultPolicy;
    world.notifier.policyChanged();
    expect(world.titles).toEqual(['Warning: Alert1']);
  });
});

describe('worse, and again', () => {
  test('what was told is told again where it is worse, and not where it is better', () => {
    const world = new World();
    world.poll(new Map(of('warning', 1)));
    world.poll(new Map(of('critical', 1)));
    world.poll(new Map(of('warning', 1)));
    world.poll(new Map(of('critical', 1)));
    expect(world.titles).toEqual(['Warning: Alert1', 'Critical: Alert1']);
    expect(world.host.shown[1]?.notification.body).toContain('Worse than when it was told.');
  });

  test('one that is asked for and worse before it is shown is asked for as it is now', () => {
    const world = new World();
    world.host.isQuick = false;
    world.poll(new Map(of('warning', 1)));
    world.poll(new Map(of('critical', 1)));
    world.host.showAll(world);
    expect(world.titles).toEqual(['Critical: Alert1']);
  });

  test('one that woke is told as if it were new; one that is put off or noise is not told', () => {
    const world = new World();
    world.fire(1, 2);
    const snoozed = { by: 'ml', atMs: world.nowMs, untilMs: null, alertCount: 1, worst: 'critical' } as const;
    world.say(1, { snoozed });
    world.say(2, { noise: { by: 'ml', atMs: world.nowMs } });
    world.usually('critical', { repeatMs: 5 * minuteMs });
    world.pass(hourMs);
    expect(world.titles).toHaveLength(2);
    world.say(1, { snoozed: null, asksAgainSinceMs: world.nowMs });
    expect(world.titles.slice(2)).toEqual(['Critical: Alert1']);
    expect(world.host.shown[2]?.notification.body).toMatch(/^Asks again\./);
  });

  test('one that woke after the clock was set back is told all the same, once', () => {
    const world = new World();
    world.fire(1);
    world.nowMs -= hourMs;
    world.say(1, { asksAgainSinceMs: world.nowMs });
    expect(world.titles.slice(1)).toEqual(['Critical: Alert1']);
    world.say(1, {});
    world.pass(2 * hourMs);
    expect(world.titles).toHaveLength(2);
  });

  test('louder after a while, once, and anew for what asks anew', () => {
    const world = new World();
    world.usually('warning', { louderAfterMs: 10 * minuteMs });
    world.poll(new Map(of('warning', 1)));
    world.pass(hourMs);
    const sounds = (): string[] =>
      world.host.shown.map(({ notification: { sound, urgency } }) => `${sound} ${urgency}`);
    expect(sounds()).toEqual(['chime normal', 'alarm critical']);
    expect((world.host.shown[1]?.atMs ?? 0) - (world.host.shown[0]?.atMs ?? 0)).toBe(10 * minuteMs);
    world.hold(1, 'ml');
    world.hold(1, null);
    world.say(1, { asksAgainSinceMs: world.nowMs });
    expect(sounds().slice(2)).toEqual(['chime normal']);
  });

  test('a rule may leave it at the inbox, and says so where it opens', () => {
    const world = new World();
    world.policy = { ...world.policy, rules: [rule({ tell: 'never' })] };
    world.fire(1);
    world.pass(hourMs);
    expect(world.titles).toEqual([]);
    expect(world.journal).toContainEqual({
      kind: 'timeline',
      record: expect.objectContaining({ text: 'Not notified', detail: 'the configuration says so' }),
    });
  });

  test('views that notify say what is told; what is critical is told anyhow', () => {
    const world = new World();
    world.views = [{ name: 'mine', filter: 'alertname="Alert1"', notifies: true }];
    world.poll(new Map([...of('warning', 1, 2), ...of('critical', 3)]));
    expect(world.titles).toEqual(['Critical: Alert3', 'Warning: Alert1']);
    world.views = [];
    world.notifier.policyChanged();
    expect(world.titles.slice(2)).toEqual(['Warning: Alert2']);
  });
});

test('a view that goes by age says so in time, with the next poll after a minute', () => {
  const world = new World();
  world.views = [{ name: 'lasting', filter: '@age>10m', notifies: true }];
  const firing = new Map(of('warning', 1));
  world.poll(firing);
  world.pass(9 * minuteMs);
  world.poll(firing);
  expect(world.titles).toEqual([]);
  world.pass(2 * minuteMs);
  world.poll(firing);
  expect(world.titles).toEqual(['Warning: Alert1']);
});

test('what is about no incident is told once, within the same bound, and taken back', () => {
  const world = new World();
  world.fire(...many(1, 5));
  const blind = {
    id: 'watchdog-am-1',
    incidentId: null,
    title: 'Blind',
    body: 'am',
    severity: { level: 'critical', word: 'Critical' },
    sound: 'alarm',
    urgency: 'critical',
  } as const;
  world.notifier.announce(blind);
  world.notifier.announce(blind);
  expect(world.titles).toHaveLength(5);
  world.pass(2 * minuteMs);
  expect(world.titles.slice(5)).toEqual(['Blind']);
  world.fire(...many(6, 5));
  expectBounded(world);
  world.notifier.takeBack(blind.id);
  world.pass(2 * minuteMs);
  world.notifier.announce({ ...blind, id: 'watchdog-am-2' });
  expect(world.titles.at(-1)).toBe('Blind');
});

type Step =
  | { readonly kind: 'poll'; readonly firing: readonly (readonly [number, string])[] }
  | { readonly kind: 'hold' | 'release'; readonly numbers: readonly number[] }
  | { readonly kind: 'snooze' | 'wake' | 'noise' | 'signal'; readonly numbers: readonly number[] }
  | { readonly kind: 'pause'; readonly minutes: number }
  | { readonly kind: 'pass' | 'sleep'; readonly ms: number }
  | { readonly kind: 'quiet'; readonly from: number; readonly to: number }
  | { readonly kind: 'unpause' | 'restart' | 'show' | 'slow' | 'gather' | 'gathered' | 'loud' | 'scope' };

const number = fc.integer({ min: 1, max: 25 });
const numbers = fc.array(number, { minLength: 1, maxLength: 12 });
const severity = fc.constantFrom('critical', 'warning', 'info');
const hour = fc.integer({ min: 0, max: 23 });
const time = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 200 * secondMs }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 9 * hourMs }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('poll' as const),
      firing: fc.array(fc.tuple(number, severity), { maxLength: 25 }),
    }),
  },
  fc.record({ kind: fc.constantFrom('hold', 'release'), numbers }),
  fc.record({ kind: fc.constantFrom('snooze', 'wake', 'noise', 'signal'), numbers }),
  fc.record({ kind: fc.constant('pause' as const), minutes: fc.integer({ min: 1, max: 90 }) }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('pass', 'sleep'), ms: time }) },
  fc
    .record({ kind: fc.constant('quiet' as const), from: hour, to: hour })
    .filter(({ from, to }) => from !== to),
  fc.record({
    kind: fc.constantFrom('unpause', 'restart', 'show', 'slow', 'gather', 'gathered', 'loud', 'scope'),
  }),
);

const zones: readonly (readonly [string, string])[] = [
  ['UTC', '2026-11-21T03:00Z'],
  ['Europe/Berlin', '2026-10-24T22:00Z'],
  ['Europe/Berlin', '2026-03-28T23:00Z'],
  ['America/New_York', '2026-11-01T03:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T12:00Z'],
];

function said(world: World, kind: 'snooze' | 'wake' | 'noise' | 'signal', id: number): void {
  const { nowMs } = world;
  const snoozed = { by: 'ml', atMs: nowMs, untilMs: null, ...weightOf(world.book.alertsOf(id)) };
  if (kind === 'snooze') world.say(id, { snoozed });
  // As the desk does it: one that was put off asks anew.
  if (kind === 'wake' && world.book.incident(id)?.verdicts.snoozed != null)
    world.say(id, { snoozed: null, asksAgainSinceMs: nowMs });
  if (kind === 'noise') world.say(id, { noise: { by: 'ml', atMs: nowMs } });
  if (kind === 'signal') world.say(id, { noise: null });
}

function take(world: World, zone: string, taken: Step): void {
  switch (taken.kind) {
    case 'poll':
      return world.poll(new Map(taken.firing));
    case 'hold':
      return taken.numbers.forEach((id) => world.hold(id, 'ml'));
    case 'release':
      return taken.numbers.forEach((id) => world.hold(id, null));
    case 'snooze':
    case 'wake':
    case 'noise':
    case 'signal':
      for (const id of taken.numbers) said(world, taken.kind, id);
      return;
    case 'pause':
      return void world.notifier.pause(world.nowMs + taken.minutes * minuteMs, 'ml');
    case 'unpause':
      return void world.notifier.pause(null, 'ml');
    case 'pass':
      return world.pass(taken.ms);
    case 'sleep':
      return void (world.nowMs += taken.ms);
    case 'quiet':
      quiet(world, taken.from, taken.to, zone);
      return world.notifier.policyChanged();
    case 'loud':
      world.usually('critical', { repeatMs: 5 * minuteMs, louderAfterMs: 7 * minuteMs });
      return world.notifier.policyChanged();
    case 'scope':
      world.views = [{ name: 'mine', filter: 'alertname=~"Alert1.*"', notifies: true }];
      return world.notifier.policyChanged();
    case 'restart':
      return world.restart();
    case 'slow':
      return void (world.host.isQuick = false);
    case 'show':
      return world.host.showAll(world);
    case 'gather':
      return world.notifier.gather();
    case 'gathered':
      return world.notifier.release();
  }
}

test('over any story: bounded, no critical lost, quiet while it is quiet, told when it ends, woken when worse', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.constantFrom(...zones), (story, [zone, startedAt]) => {
      const world = new World();
      world.nowMs = Date.parse(startedAt);
      for (const taken of story) {
        const before = world.host.shown.length;
        take(world, zone, taken);
        // What the host shows by itself, later than it was asked, may be shown in quiet hours that began since.
        if (taken.kind !== 'show' && world.host.isQuick && story.every(isPrompt)) expectQuiet(world, before);
      }
      expectBounded(world);
      world.host.isQuick = true;
      world.notifier.release();
      world.host.showAll(world);
      void world.notifier.pause(null, 'ml');
      world.pass(10 * minuteMs);
      const critical = world.wanted().filter((id) => world.levelOf(id) === 'critical');
      expect(critical.filter((id) => world.toldAs().get(id) !== 'critical')).toEqual([]);
      world.views = [];
      world.notifier.policyChanged();
      world.pass(30 * hourMs);
      const told = world.told();
      expect(world.wanted().filter((id) => !told.has(id))).toEqual([]);
      expectBounded(world);
      const ids = world.host.shown.map(({ notification }) => notification.id);
      expect(new Set(ids).size).toBe(ids.length);
    }),
    { numRuns: process.env['OPSSIGHT_FULL'] === '1' ? 3_000 : 100 },
  );
}, 120_000);

function isPrompt({ kind }: Step): boolean {
  return kind !== 'slow' && kind !== 'sleep' && kind !== 'restart';
}

/** No notification of something that the policy holds at that moment. */
function expectQuiet(world: World, from: number): void {
  for (const { notification, atMs } of world.host.shown.slice(from)) {
    const facts = {
      level: notification.severity.level,
      alerts: [{}],
      inView: () => 'fails' as const,
      isOutsideViews: false,
    };
    expect(decisionOf(world.policy, facts, atMs).tell.kind).toBe('now');
  }
}

/** In any minute. A clock that sleeps only makes the spans between two longer. */
function expectBounded({ host: { shown } }: World): void {
  for (const isSummary of [true, false]) {
    const times = shown
      .filter(({ notification }) => notification.id.startsWith('summary') === isSummary)
      .map(({ atMs }) => atMs);
    const most = isSummary ? 1 : 5;
    times.forEach((atMs, index) => {
      const next = times[index + most];
      if (next !== undefined) expect(next - atMs).toBeGreaterThanOrEqual(minuteMs);
    });
  }
}

describe('of a storm', () => {
  test('no step looks at more than a few incidents, also where all are told in one', () => {
    const world = new World();
    world.usually('critical', { repeatMs: hourMs, louderAfterMs: hourMs });
    const looks = [vi.spyOn(IncidentBook.prototype, 'alertsOf'), vi.spyOn(BookDraft.prototype, 'alertsOf')];
    onTestFinished(() => looks.forEach((look) => look.mockRestore()));
    const looked = (): number => looks.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    let most = 0;
    for (const name of ['deciding', 'applied'] as const) {
      const steps = world.notifier[name].bind(world.notifier) as (what: unknown) => Generator<void>;
      vi.spyOn(world.notifier, name).mockImplementation(function* (what: unknown) {
        let before = looked();
        for (const _step of steps(what)) {
          most = Math.max(most, looked() - before);
          yield;
          before = looked();
        }
        most = Math.max(most, looked() - before);
      });
    }
    world.fire(...many(1, 400));
    world.pass(3 * hourMs);
    world.hold(7, 'ml');
    expect(world.titles).toContain('395 more incidents fire, worst Critical');
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(20);
  });
});
