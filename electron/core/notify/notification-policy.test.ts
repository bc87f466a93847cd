import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hourMs, minuteMs, secondMs } from '#shared/time.ts';
import { NotificationStory as World, storyStartMs as startMs } from '#support/notification-story.ts';

/** What a person is told, over any story: a core that may end at any time, its journal, and its host. */

const many = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

test('a storm is five notifications and one summary of the rest', () => {
  const world = new World();
  world.fire(...many(1, 40));
  expect(world.host.shown).toHaveLength(6);
  expect(world.titles.at(-1)).toBe('35 more incidents fire, worst Critical');
  expect(world.host.shown.at(-1)?.notification).toMatchObject({ incidentId: null });
  expect([...world.told()]).toHaveLength(40);
});

test('what comes after the summary waits for the next minute', () => {
  const world = new World();
  world.fire(...many(1, 10));
  world.pass(20 * secondMs);
  world.fire(...many(11, 10));
  expect(world.host.shown).toHaveLength(6);
  world.pass(minuteMs);
  expect(world.host.shown).toHaveLength(12);
  expect([...world.told()]).toHaveLength(20);
});

test('the worst are told on their own', () => {
  const world = new World();
  world.poll(new Map(many(1, 12).map((number) => [number, number > 9 ? 'critical' : 'info'] as const)));
  expect(world.titles.slice(0, 3)).toEqual(['Critical: Alert10', 'Critical: Alert11', 'Critical: Alert12']);
  expect(world.titles.at(-1)).toBe('7 more incidents fire, worst Info');
});

test('what waits and ends before its turn is not told', () => {
  const world = new World();
  world.fire(...many(1, 10));
  world.fire(11, 12);
  world.resolve(11, 12);
  world.pass(5 * minuteMs);
  expect(world.host.shown).toHaveLength(6);
});

test('while paused nothing is shown; after it one summary of what still fires', async () => {
  const world = new World();
  await world.notifier.pause(world.nowMs + 30 * minuteMs, 'ml');
  expect(world.notifier.pausedUntilMs).toBe(startMs + 30 * minuteMs);
  world.fire(1, 2, 3, 4);
  world.resolve(2);
  world.pass(29 * minuteMs);
  expect(world.titles).toEqual([]);
  world.pass(2 * minuteMs);
  expect(world.notifier.pausedUntilMs).toBeNull();
  expect(world.titles).toEqual(['3 incidents fire, worst Critical']);
  expect(world.journal.filter(({ kind }) => kind === 'setting').at(-1)).toMatchObject({ value: null });
});

test('after a pause one incident is told as itself', async () => {
  const world = new World();
  await world.notifier.pause(world.nowMs + 30 * minuteMs, 'ml');
  world.fire(1);
  await world.notifier.pause(null, 'ml');
  expect(world.titles).toEqual(['Critical: Alert1']);
});

test('a pause goes on over a restart, and one that ended meanwhile is over', async () => {
  const world = new World();
  await world.notifier.pause(world.nowMs + 30 * minuteMs, 'ml');
  world.fire(1, 2);
  world.restart();
  world.pass(minuteMs);
  expect(world.titles).toEqual([]);
  world.nowMs += hourMs;
  world.restart();
  expect(world.titles).toEqual(['2 incidents fire, worst Critical']);
});

test('a pause is at most a day, and ends where the clock is set back before it', async () => {
  const world = new World();
  await world.notifier.pause(world.nowMs + 100 * hourMs, 'ml');
  expect(world.notifier.pausedUntilMs).toBe(startMs + 24 * hourMs);
  world.nowMs -= hourMs;
  expect(world.notifier.pausedUntilMs).toBeNull();
});

test('a pause takes back what the host has not shown yet', async () => {
  const world = new World();
  world.host.isQuick = false;
  world.fire(1);
  expect(world.host.pending.size).toBe(1);
  await world.notifier.pause(world.nowMs + 30 * minuteMs, 'ml');
  expect(world.host.pending.size).toBe(0);
  await world.notifier.pause(null, 'ml');
  expect(world.host.pending.size).toBe(1);
});

test('put off, it is told again after 15 minutes, over a restart, and not where somebody has it', async () => {
  const world = new World();
  world.fire(1, 2);
  await world.notifier.snoozed(1, 'ml');
  await world.notifier.snoozed(2, 'ml');
  world.hold(2, 'ml');
  world.restart();
  world.pass(14 * minuteMs);
  expect(world.titles).toHaveLength(2);
  world.pass(2 * minuteMs);
  expect(world.titles.slice(2)).toEqual(['Critical: Alert1']);
  expect(world.host.shown.at(-1)?.notification).toMatchObject({ incidentId: 1 });
  world.pass(hourMs);
  expect(world.titles).toHaveLength(3);
});

test('where asked for, it is told again until somebody takes it', () => {
  const world = new World();
  world.usually('critical', { repeatMs: 5 * minuteMs });
  world.fire(1);
  world.pass(16 * minuteMs);
  expect(world.titles).toHaveLength(4);
  expect(new Set(world.host.shown.map(({ notification }) => notification.id)).size).toBe(4);
  world.hold(1, 'ml');
  world.pass(hourMs);
  expect(world.titles).toHaveLength(4);
});

test('what gathers while a machine wakes is one notification', () => {
  const world = new World();
  world.fire(1);
  world.notifier.gather();
  world.fire(...many(2, 30));
  expect(world.titles).toHaveLength(1);
  world.notifier.release();
  expect(world.titles.slice(1)).toEqual(['30 incidents fire, worst Critical']);
});

test('what gathered is one notification also where the disk is still busy with what was before', () => {
  const world = new World();
  world.fire(1);
  world.notifier.gather();
  world.busy();
  world.change(() => undefined);
  world.fire(...many(2, 30));
  world.notifier.release();
  world.idle();
  expect(world.titles.slice(1)).toEqual(['30 incidents fire, worst Critical']);
  world.pass(minuteMs);
  world.fire(...many(40, 2));
  expect(world.titles.slice(2)).toEqual(['Critical: Alert40', 'Critical: Alert41']);
});

test('what gathered is one notification also where a disk refuses that somebody takes all of it', () => {
  const world = new World();
  world.fire(...many(1, 10));
  world.notifier.gather();
  world.fire(11, 12);
  world.notifier.release();
  expect(world.titles).toHaveLength(6);
  world.refuse((draft) => [11, 12].forEach((id) => world.take(draft, id, 'ml')));
  world.pass(minuteMs);
  expect(world.titles.slice(6)).toEqual(['2 incidents fire, worst Critical']);
});

test('a machine that wakes again before it was told goes on gathering', () => {
  const world = new World();
  world.notifier.gather();
  world.busy();
  world.notifier.release();
  world.notifier.gather();
  world.idle();
  world.fire(1, 2);
  expect(world.titles).toEqual([]);
  world.notifier.release();
  expect(world.titles).toEqual(['2 incidents fire, worst Critical']);
});

test('a stopped one leaves no timer, whatever is still written', async () => {
  const world = new World();
  await world.notifier.pause(world.nowMs + hourMs, 'ml');
  expect(world.timers).toBe(1);
  world.notifier.stop();
  world.fire(1, 2);
  expect(world.timers).toBe(0);
});

test('a host that answers nothing still gets a summary of all that waits', () => {
  const world = new World();
  world.host.isQuick = false;
  world.fire(...many(1, 8));
  world.pass(2 * minuteMs);
  world.fire(...many(9, 8));
  world.pass(2 * minuteMs);
  world.host.showAll(world);
  expect(world.host.shown).toHaveLength(6);
  expect([...world.told()]).toHaveLength(16);
});

type Step =
  | { readonly kind: 'fire' | 'resolve' | 'hold' | 'release'; readonly numbers: readonly number[] }
  | { readonly kind: 'pause'; readonly minutes: number }
  | { readonly kind: 'pass' | 'sleep'; readonly ms: number }
  | { readonly kind: 'unpause' | 'restart' | 'show' | 'slow' | 'wake' | 'woken' | 'busy' | 'idle' };

const numbers = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('fire', 'resolve', 'hold', 'release'), numbers }),
  fc.record({ kind: fc.constant('pause'), minutes: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ kind: fc.constantFrom('pass', 'sleep'), ms: fc.integer({ min: 1, max: 200_000 }) }),
  fc.record({ kind: fc.constantFrom('unpause', 'restart', 'show', 'slow', 'wake', 'woken', 'busy', 'idle') }),
);

function take(world: World, taken: Step): void {
  switch (taken.kind) {
    case 'fire':
      return world.fire(...taken.numbers);
    case 'resolve':
      return world.resolve(...taken.numbers);
    case 'hold':
      return taken.numbers.forEach((id) => world.hold(id, 'ml'));
    case 'release':
      return taken.numbers.forEach((id) => world.hold(id, null));
    case 'pause':
      return void world.notifier.pause(world.nowMs + taken.minutes * minuteMs, 'ml');
    case 'unpause':
      return void world.notifier.pause(null, 'ml');
    case 'pass':
      return world.pass(taken.ms);
    case 'sleep':
      return void (world.nowMs += taken.ms);
    case 'restart':
      return world.restart();
    case 'slow':
      return void (world.host.isQuick = false);
    case 'show':
      return world.host.showAll(world);
    case 'wake':
      return world.notifier.gather();
    case 'woken':
      return world.notifier.release();
    case 'busy':
      return world.busy();
    case 'idle':
      return world.idle();
  }
}

test('over any story: nobody waits for ever, nothing twice, never more than five and a summary a minute', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (story, repeats) => {
      const world = new World();
      if (repeats) world.usually('critical', { repeatMs: 5 * minuteMs });
      const running: number[] = [];
      for (const taken of story) {
        const before = world.host.shown.length;
        const paused = world.notifier.pausedUntilMs;
        const stillMs = world.runningMs;
        take(world, taken);
        if (paused !== null && world.notifier.pausedUntilMs !== null && taken.kind !== 'pass')
          expect(world.host.shown).toHaveLength(before);
        expect(stillMs).toBeLessThanOrEqual(world.runningMs);
        running.push(world.host.shown.length);
      }
      const ids = world.host.shown.map(({ notification }) => notification.id);
      expect(new Set(ids).size).toBe(ids.length);
      expectBounded(world);
      world.host.isQuick = true;
      world.idle();
      world.notifier.release();
      world.host.showAll(world);
      world.pass(3 * hourMs);
      const told = world.told();
      expect(world.wanted().filter((id) => !told.has(id))).toEqual([]);
      expectBounded(world);
    }),
    { numRuns: 300 },
  );
});

/** In any minute. A clock that sleeps only makes the spans between two longer. */
function expectBounded({ host: { shown } }: World): void {
  for (const isSummary of [true, false]) {
    const times = shown
      .filter(({ notification }) => (notification.incidentId === null) === isSummary)
      .map(({ atMs }) => atMs);
    const most = isSummary ? 1 : 5;
    times.forEach((atMs, index) => {
      const sixth = times[index + most];
      if (sixth !== undefined) expect(sixth - atMs).toBeGreaterThanOrEqual(minuteMs);
    });
  }
}
