import { afterEach, beforeEach, expect, test } from 'vitest';
import { minuteMs, secondMs } from '#shared/time.ts';
import { TendedScene, tendedLengthMs } from '#support/tended-scene.ts';

/**
 * The configuration is edited while the console looks after silences: a name goes to another server, or a server
 * gets another name. What is looked after is at the server where it was made, and at no other one.
 */
const disk = { alertname: 'DiskFull', service: 'backend', instance: 'a' };
const other = { alertname: 'DiskFull', service: 'shop', instance: 'a' };

let scene: TendedScene;

beforeEach(async () => {
  scene = new TendedScene([disk]);
  scene.firingAtC = [other];
  await scene.start();
});

afterEach(() => scene.stop());

async function acknowledge(): Promise<void> {
  await scene.console.acknowledge(scene.incidentId('backend') ?? 0);
}

/** Both lose their place: the name of the first is the stranger's. */
async function giveAway(): Promise<void> {
  scene.c.source = 'a';
  await scene.configure(scene.c);
}

test('the silence of an acknowledgement is not made at the server that took the name of its own', async () => {
  await acknowledge();
  await scene.pass(15 * secondMs);
  expect(scene.active()).toHaveLength(1);
  await giveAway();
  await scene.pass(2 * tendedLengthMs);
  expect(scene.c.made).toEqual([]);
  expect(scene.active()).toEqual([]);
  expect(scene.console.silences.tended.all()).toEqual([]);
});

test('one that waits for its server is withdrawn where that lost its name, and placed anew where it has it again', async () => {
  scene.a.mode = 'away';
  scene.b.mode = 'away';
  await acknowledge();
  await scene.pass(15 * secondMs);
  await giveAway();
  await scene.pass(minuteMs);
  expect(scene.c.made).toEqual([]);
  expect(scene.console.silences.outbox.unsettled()).toEqual([]);
  scene.a.mode = 'answers';
  scene.b.mode = 'answers';
  scene.a.source = 'a';
  await scene.configure(scene.a, scene.b);
  await scene.pass(15 * secondMs);
  expect(scene.active()).toHaveLength(1);
});

test('a name that was another server’s for a moment gets no second silence', async () => {
  await acknowledge();
  await scene.pass(15 * secondMs);
  const [before] = scene.active();
  await giveAway();
  await scene.pass(30 * secondMs);
  scene.a.source = 'a';
  scene.slowSilencesMs = 20 * secondMs;
  await scene.configure(scene.a, scene.b);
  await scene.pass(minuteMs);
  expect(scene.active().map(({ id }) => id)).toEqual([before?.id]);
});

test.each(['with the same console', 'with the next one'])(
  'an incident that only another server ever had gets no silence from its namesake, %s',
  async (which) => {
    await giveAway();
    if (which === 'with the next one') await scene.start({ before: scene.kill() });
    await acknowledge();
    await scene.pass(tendedLengthMs);
    expect(scene.c.made).toEqual([]);
    expect(scene.console.silences.outbox.unsettled()).toEqual([]);
  },
);

test('an acknowledgement holds where its alerts are told by the server of now', async () => {
  await giveAway();
  scene.firingAtC = [disk];
  await scene.pass(2 * secondMs);
  await acknowledge();
  await scene.pass(15 * secondMs);
  expect(scene.c.made).toHaveLength(1);
});

test('the silence of an acknowledgement goes on and ends under the new name of its servers', async () => {
  await acknowledge();
  await scene.pass(15 * secondMs);
  const [before] = scene.active();
  scene.a.source = 'production';
  await scene.configure(scene.a, scene.b);
  await scene.pass(tendedLengthMs);
  expect(scene.active().map(({ id }) => id)).toEqual([before?.id]);
  await scene.console.incidents.release([scene.incidentId('backend') ?? 0], 'a.okafor', false);
  await scene.pass(15 * secondMs);
  expect(scene.active()).toEqual([]);
});

test.each([
  ['a is another server now', giveAway],
  ['a is not asked any more', () => scene.configure()],
])(
  'a silence that ends by itself where %s is told of, and ends once its server is asked again',
  async (why, change) => {
    const nowMs = scene.clock.nowMs();
    const matchers = [{ name: 'service', value: 'backend', isRegex: false, isEqual: true }];
    const times = { startsAtMs: nowMs, endsAtMs: nowMs + 600 * minuteMs };
    const draft = { matchers, ...times, comment: 'x', endsAfterQuietMs: 5 * minuteMs };
    await scene.console.silences.save({
      draft,
      cluster: 'a',
      replaces: null,
      incidentIds: [],
      by: 'a.okafor',
    });
    await scene.pass(15 * secondMs);
    expect(scene.active()).toHaveLength(1);
    await change();
    await scene.pass(20 * minuteMs);
    expect(scene.c.endedAtMs).toEqual([]);
    expect(scene.console.silences.tended.all()).toHaveLength(1);
    expect([...scene.console.notices.values()].map(({ message }) => message)).toEqual([
      expect.stringContaining(why),
    ]);
    const { notices } = scene.console;
    await scene.start({ before: scene.kill() });
    for (const notice of notices.values()) scene.console.notices.set(notice.id, notice);
    scene.a.source = 'a';
    await scene.configure(scene.a, scene.b);
    await scene.pass(10 * secondMs);
    scene.firing = [];
    await scene.pass(10 * minuteMs);
    expect(scene.active()).toEqual([]);
    expect([scene.console.silences.tended.all(), scene.console.notices.size]).toEqual([[], 0]);
  },
);
