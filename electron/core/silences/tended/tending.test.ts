import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { minuteMs, secondMs } from '#shared/time.ts';
import { TendedScene, tendedLengthMs } from '#support/tended-scene.ts';

/** Silences that the console looks after, through whole lives, at two simulated peers and in a moved time. */

const disk = { alertname: 'DiskFull', service: 'backend', instance: 'a' };
const diskB = { ...disk, instance: 'b' };
const other = { alertname: 'DiskFull', service: 'shop', instance: 'a' };
const backendId = 1;

let scene: TendedScene;

beforeEach(async () => {
  scene = new TendedScene([disk, other]);
  await scene.start();
});

afterEach(() => scene.stop());

function incidentId(): number {
  return scene.incidentId('backend') ?? backendId;
}

async function acknowledged(): Promise<void> {
  await scene.console.acknowledge(incidentId());
  await scene.pass(15 * secondMs);
  expect(scene.active()).toHaveLength(1);
}

describe('the silence of an acknowledgement', () => {
  test('leaves when nothing can be undone any more, and hides its alerts alone', async () => {
    await scene.console.acknowledge(incidentId());
    await scene.pass(9 * secondMs);
    expect(scene.a.made).toEqual([]);
    await scene.pass(5 * secondMs);
    expect([scene.isQuiet(disk), scene.isQuiet(other)]).toEqual([true, false]);
    expect(scene.active()[0]).toMatchObject({
      createdBy: 'a.okafor',
      comment: expect.stringContaining('INC-1 DiskFull: acknowledged by a.okafor'),
    });
    expect(scene.console.silences.rows()[0]).toMatchObject({ care: 'acknowledgement', silencedCount: 1 });
  });

  test('never leaves where the acknowledgement is undone', async () => {
    await scene.console.acknowledge(incidentId());
    await scene.pass(5 * secondMs);
    await scene.console.incidents.release([incidentId()], 'a.okafor', true);
    await scene.pass(minuteMs);
    expect([scene.a.made, scene.b.made]).toEqual([[], []]);
  });

  test('never leaves where the acknowledgement is undone in the last moment', async () => {
    await scene.console.acknowledge(incidentId());
    await scene.pass(9_900);
    await scene.console.incidents.release([incidentId()], 'a.okafor', true);
    await scene.pass(minuteMs);
    expect([scene.a.made, scene.b.made]).toEqual([[], []]);
  });

  test('can be undone as long where it is wished for later than it was acknowledged', async () => {
    await scene.console.incidents.acknowledge([incidentId()], 'a.okafor');
    await scene.pass(minuteMs);
    await scene.console.acknowledge(incidentId());
    await scene.pass(9 * secondMs);
    expect([scene.a.made, scene.b.made]).toEqual([[], []]);
    await scene.pass(6 * secondMs);
    expect(scene.active()).toHaveLength(1);
  });

  test('is renewed as long as it is held, and ends at once with it', async () => {
    await acknowledged();
    const ids = scene.active().map(({ id }) => id);
    await scene.pass(40 * minuteMs);
    expect(scene.active().map(({ id }) => id)).toEqual(ids);
    // Placed once, and renewed at half of its life, each time once.
    expect(scene.a.made.length + scene.b.made.length).toBe(1 + Math.floor(40 / 7.5));
    await scene.console.incidents.release([incidentId()], 'a.okafor', false);
    await scene.pass(4 * secondMs);
    expect(scene.active()).toEqual([]);
    await scene.pass(minuteMs);
    expect(scene.console.silences.tended.all()).toEqual([]);
    const told = scene.console.journal.timeline(incidentId()).filter(({ kind }) => kind === 'silence');
    expect(told.map(({ text }) => text)).toEqual([
      expect.stringContaining('Silenced until'),
      'Silence ended',
    ]);
  });

  test('ends with its alerts', async () => {
    await acknowledged();
    scene.firing = [other];
    await scene.pass(10 * secondMs);
    expect(scene.active()).toEqual([]);
  });

  test('follows alerts that join', async () => {
    await acknowledged();
    scene.firing = [disk, diskB, other];
    await scene.pass(10 * secondMs);
    expect([scene.isQuiet(disk), scene.isQuiet(diskB), scene.isQuiet(other)]).toEqual([true, true, false]);
    await scene.pass(20 * minuteMs);
    expect(scene.active()).toHaveLength(1);
  });

  test('says once how many alerts it cannot keep quiet', async () => {
    // No server takes a matcher of that length.
    scene.firing = [{ ...disk, path: 'x'.repeat(10_001) }, other];
    await scene.pass(3 * secondMs);
    await scene.console.acknowledge(incidentId());
    await scene.pass(20 * minuteMs);
    expect(scene.active()).toEqual([]);
    const told = scene.console.journal.timeline(incidentId()).map(({ text }) => text);
    expect(told.filter((text) => text.includes('not silenced'))).toEqual([
      '1 of its alerts is not silenced at a',
    ]);
  });

  test('runs out while the machine sleeps, and is placed again when it is awake', async () => {
    await acknowledged();
    scene.running.isAsleep = true;
    await scene.pass(tendedLengthMs);
    expect(scene.active()).toEqual([]);
    await scene.wake();
    expect(scene.isQuiet(disk)).toBe(true);
  });

  test('goes on with the console after it', async () => {
    await acknowledged();
    const ids = scene.active().map(({ id }) => id);
    await scene.start({ before: scene.kill() });
    await scene.pass(20 * minuteMs);
    expect(scene.active().map(({ id }) => id)).toEqual(ids);
  });

  test('is remembered by a console that begins while nobody answers, and ends where it is released then', async () => {
    await acknowledged();
    await scene.pass(10 * minuteMs);
    scene.a.mode = 'away';
    scene.b.mode = 'away';
    await scene.start({ before: scene.kill() });
    await scene.pass(10 * secondMs);
    await scene.console.incidents.release([incidentId()], 'a.okafor', false);
    await scene.pass(10 * secondMs);
    expect(scene.active()).toHaveLength(1);
    scene.a.mode = 'answers';
    scene.b.mode = 'answers';
    await scene.pass(minuteMs);
    expect([scene.active(), scene.console.silences.tended.all()]).toEqual([[], []]);
  });

  test('is forgotten where it has run out before anybody answered', async () => {
    await acknowledged();
    scene.a.mode = 'away';
    scene.b.mode = 'away';
    await scene.start({ before: scene.kill() });
    await scene.pass(tendedLengthMs - minuteMs);
    expect(scene.console.silences.tended.all()).toHaveLength(1);
    await scene.pass(2 * minuteMs);
    expect([scene.active(), scene.console.silences.tended.all()]).toEqual([[], []]);
    scene.a.mode = 'answers';
    scene.b.mode = 'answers';
    await scene.pass(minuteMs);
    expect(scene.isQuiet(disk)).toBe(true);
  });

  test('is not renewed by another console', async () => {
    await acknowledged();
    scene.kill();
    await scene.start({ operator: 'b.lund' });
    await scene.pass(14 * minuteMs);
    expect(scene.active()).toHaveLength(1);
    await scene.pass(2 * minuteMs);
    expect(scene.active()).toEqual([]);
  });

  test('is let go where a person ended it at a server', async () => {
    await acknowledged();
    for (const { id } of scene.active()) scene.a.expire(id);
    await scene.pass(minuteMs);
    expect(scene.active()).toEqual([]);
    expect(scene.console.book.incident(incidentId())).toMatchObject({
      acknowledgedBy: 'a.okafor',
      verdicts: { holdsSilence: false },
    });
    expect(scene.console.silences.tended.all()).toEqual([]);
  });

  test('is let go where a person ends it here', async () => {
    await acknowledged();
    const [row] = scene.console.silences.rows();
    await scene.console.silences.expire(row?.key ?? '', 'a.okafor');
    await scene.pass(minuteMs);
    expect(scene.active()).toEqual([]);
    expect(scene.console.book.incident(incidentId())?.verdicts.holdsSilence).toBe(false);
  });

  test('waits for its servers, and is not asked for over and over where they refuse', async () => {
    scene.a.mode = 'refuses';
    scene.b.mode = 'refuses';
    await scene.console.acknowledge(incidentId());
    await scene.pass(5 * minuteMs);
    expect(
      scene.console.journal.audit().filter((line) => line === 'silence create failed').length,
    ).toBeLessThan(6);
    scene.a.mode = 'answers';
    scene.b.mode = 'answers';
    await scene.pass(2 * minuteMs);
    expect(scene.isQuiet(disk)).toBe(true);
  });
});

describe('a silence that ends by itself', () => {
  async function silenced(endsAfterQuietMs: number): Promise<void> {
    const nowMs = scene.clock.nowMs();
    const matchers = [{ name: 'instance', value: 'a', isRegex: false, isEqual: true }];
    const draft = {
      matchers,
      startsAtMs: nowMs,
      endsAtMs: nowMs + 600 * minuteMs,
      comment: 'x',
      endsAfterQuietMs,
    };
    const asked = { draft, cluster: 'a', replaces: null, incidentIds: [], by: 'a.okafor' };
    expect(await scene.console.silences.save(asked)).toMatchObject({ ok: true });
    await scene.pass(15 * secondMs);
    expect(scene.active()).toHaveLength(1);
  }

  test('holds while anything matches, and ends after so long without', async () => {
    await silenced(5 * minuteMs);
    await scene.pass(20 * minuteMs);
    expect(scene.active()).toHaveLength(1);
    scene.firing = [];
    await scene.pass(4 * minuteMs);
    expect(scene.active()).toHaveLength(1);
    await scene.pass(2 * minuteMs);
    expect(scene.active()).toEqual([]);
    expect(scene.console.silences.tended.all()).toEqual([]);
    const told = scene.console.journal.timeline(incidentId()).filter(({ kind }) => kind === 'silence');
    expect(told).toMatchObject([{ text: 'Silence ended', by: '' }]);
  });

  test('begins anew where something comes and goes between two looks', async () => {
    await silenced(5 * minuteMs);
    scene.firing = [];
    await scene.pass(4 * minuteMs);
    scene.firing = [other];
    await scene.pass(secondMs);
    scene.firing = [];
    await scene.pass(3 * minuteMs);
    expect(scene.active()).toHaveLength(1);
    await scene.pass(3 * minuteMs);
    expect(scene.active()).toEqual([]);
  });

  test('is remembered by a console that hears of alerts before it hears of silences', async () => {
    await silenced(5 * minuteMs);
    await scene.pass(10 * minuteMs);
    scene.slowSilencesMs = 30 * secondMs;
    await scene.start({ before: scene.kill() });
    await scene.pass(20 * secondMs);
    expect(scene.console.silences.tended.all()).toHaveLength(1);
    scene.firing = [];
    await scene.pass(8 * minuteMs);
    expect(scene.active()).toEqual([]);
  });

  test('does not count what no source saw', async () => {
    await silenced(5 * minuteMs);
    scene.firing = [];
    await scene.pass(3 * minuteMs);
    scene.b.mode = 'away';
    await scene.pass(10 * minuteMs);
    scene.b.mode = 'answers';
    await scene.pass(minuteMs);
    expect(scene.active()).toHaveLength(1);
    await scene.pass(2 * minuteMs);
    expect(scene.active()).toEqual([]);
  });
});

describe('a reminder', () => {
  test('names what would come back, once, and goes when the end is another', async () => {
    const nowMs = scene.clock.nowMs();
    const matchers = [{ name: 'service', value: 'backend', isRegex: false, isEqual: true }];
    const id = scene.a.put({
      id: null,
      matchers,
      startsAtMs: nowMs,
      endsAtMs: nowMs + 60 * minuteMs,
      createdBy: 'a.okafor',
      comment: 'x',
      annotations: {},
    });
    await scene.pass(44 * minuteMs);
    expect([...scene.console.notices.values()]).toEqual([]);
    await scene.pass(2 * minuteMs);
    expect([...scene.console.notices.values()]).toMatchObject([
      {
        id: `silence-ends a/${id}`,
        message: expect.stringMatching(
          /^The silence service="backend" ends in 15m 00s, at .*\. 1 alert would come back: DiskFull backend a\.$/,
        ),
      },
    ]);
    scene.console.notices.clear();
    await scene.pass(5 * minuteMs);
    expect(scene.console.notices.size).toBe(0);
    scene.a.put({
      id,
      matchers,
      startsAtMs: nowMs,
      endsAtMs: scene.clock.nowMs() + 20 * minuteMs,
      createdBy: 'a.okafor',
      comment: 'x',
      annotations: {},
    });
    await scene.pass(10 * minuteMs);
    expect(scene.console.notices.size).toBe(1);
    // A console after it reminds of nothing twice, and puts away what is over.
    const { notices } = scene.console;
    await scene.start({ before: scene.kill() });
    for (const notice of notices.values()) scene.console.notices.set(notice.id, notice);
    await scene.pass(minuteMs);
    expect([...scene.console.notices.values()]).toEqual([...notices.values()]);
    await scene.pass(15 * minuteMs);
    expect(scene.console.notices.size).toBe(0);
  });
});
