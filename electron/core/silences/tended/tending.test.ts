import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprintOf, type Labels } from '#shared/model/labels.ts';
import type { Silence as ToldSilence } from '#core/sources/alertmanager/model.ts';
import { compileSilence } from '#shared/silences/compile-silence.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import { MovedClock, SimulatedAlertmanager } from '#support/silence-world.ts';
import { TendedConsole, type TendedConsoleOptions } from '#support/tended-world.ts';

/** Silences that the console looks after, through whole lives, at two simulated peers and in a moved time. */

const disk = { alertname: 'DiskFull', service: 'backend', instance: 'a' };
const diskB = { ...disk, instance: 'b' };
const other = { alertname: 'DiskFull', service: 'shop', instance: 'a' };
const lengthMs = 15 * minuteMs;

let clock: MovedClock;
let a: SimulatedAlertmanager;
let b: SimulatedAlertmanager;
let firing: readonly Labels[];
let console: Running;

interface Running {
  readonly it: TendedConsole;
  readonly life: object;
  /** While it sleeps nothing of it happens, but later. */
  isAsleep: boolean;
  readonly late: (() => void)[];
}

beforeEach(async () => {
  clock = new MovedClock();
  a = new SimulatedAlertmanager('a', clock);
  b = new SimulatedAlertmanager('b', clock);
  firing = [disk, other];
  console = await started();
});

afterEach(async () => {
  const stopped = console.it.stop();
  await clock.advance(5 * secondMs);
  await stopped;
});

async function started(options: Pick<TendedConsoleOptions, 'before' | 'operator'> = {}): Promise<Running> {
  const life = {};
  const late: (() => void)[] = [];
  const running = { life, late, isAsleep: false };
  const it = new TendedConsole({
    clock: {
      nowMs: clock.nowMs,
      monotonicMs: clock.monotonicMs,
      random: clock.random,
      after: (ms, work) => clock.after(ms, () => (running.isAsleep ? void late.push(work) : work())),
    },
    servers: [a, b].map((server) => ({
      server: server.serve(life),
      isFresh: () => server.mode === 'answers',
      peers: [{ name: 'peer', address: '10.0.0.1' }],
    })),
    times: { acknowledgementMs: lengthMs, reminderLeadMs: lengthMs },
    ...options,
  });
  await it.start();
  const next = Object.assign(running, { it });
  await pass(secondMs, next);
  return next;
}

/** Everything in its memory is gone, and nothing comes of what was under way. */
function killed(): Running {
  a.kill(console.life);
  b.kill(console.life);
  console.isAsleep = true;
  return console;
}

/** In steps of a second: both peers gossip and are polled. */
async function pass(ms: number, running = console): Promise<void> {
  for (let passed = 0; passed < ms; passed += secondMs) {
    a.gossipWith(b);
    if (!running.isAsleep) {
      for (const server of [a, b])
        if (server.mode === 'answers') await running.it.polled(server.source, alertsAt(server));
    }
    await clock.advance(secondMs);
  }
}

async function wake(): Promise<void> {
  console.isAsleep = false;
  for (const work of console.late.splice(0)) work();
  await pass(15 * secondMs);
}

function alertsAt(server: SimulatedAlertmanager) {
  const active = [...server.silences.values()].filter(isActive);
  return firing.map((labels) => {
    const silencedBy = active.filter((one) => takes(one, labels)).map(({ id }) => id);
    return {
      fingerprint: fingerprintOf(labels),
      labels,
      annotations: {},
      startsAtMs: 0,
      generatorUrl: '',
      state: silencedBy.length > 0 ? ('suppressed' as const) : ('firing' as const),
      silencedBy,
      inhibitedBy: [],
    };
  });
}

function isActive(silence: ToldSilence): boolean {
  return silence.state === 'active' && silence.endsAtMs > clock.nowMs();
}

function takes({ matchers }: ToldSilence, labels: Labels): boolean {
  const compiled = compileSilence(matchers);
  return compiled.ok && compiled.value.matches(labels);
}

function active(): readonly ToldSilence[] {
  return [...a.silences.values()].filter(isActive);
}

function isQuiet(labels: Labels): boolean {
  return active().some((silence) => takes(silence, labels));
}

/** The incident of the first service. */
function incidentId(): number {
  return [...console.it.book.incidents()].find(({ service }) => service === 'backend')?.id ?? 0;
}

async function acknowledged(): Promise<void> {
  await console.it.acknowledge(incidentId());
  await pass(15 * secondMs);
  expect(active()).toHaveLength(1);
}

describe('the silence of an acknowledgement', () => {
  test('leaves when nothing can be undone any more, and hides its alerts alone', async () => {
    await console.it.acknowledge(incidentId());
    await pass(9 * secondMs);
    expect(a.made).toEqual([]);
    await pass(5 * secondMs);
    expect([isQuiet(disk), isQuiet(other)]).toEqual([true, false]);
    expect(active()[0]).toMatchObject({
      createdBy: 'a.okafor',
      comment: expect.stringContaining('INC-1 DiskFull: acknowledged by a.okafor'),
    });
    expect(console.it.silences.rows()[0]).toMatchObject({ care: 'acknowledgement', silencedCount: 1 });
  });

  test('never leaves where the acknowledgement is undone', async () => {
    await console.it.acknowledge(incidentId());
    await pass(5 * secondMs);
    await console.it.incidents.release([incidentId()], 'a.okafor', true);
    await pass(minuteMs);
    expect([a.made, b.made]).toEqual([[], []]);
  });

  test('is renewed as long as it is held, and ends at once with it', async () => {
    await acknowledged();
    const ids = active().map(({ id }) => id);
    await pass(40 * minuteMs);
    expect(active().map(({ id }) => id)).toEqual(ids);
    // Placed once, and renewed at half of its life, each time once.
    expect(a.made.length + b.made.length).toBe(1 + Math.floor(40 / 7.5));
    await console.it.incidents.release([incidentId()], 'a.okafor', false);
    await pass(4 * secondMs);
    expect(active()).toEqual([]);
    await pass(minuteMs);
    expect(console.it.silences.tended.all()).toEqual([]);
    const told = console.it.journal.timeline(incidentId()).filter(({ kind }) => kind === 'silence');
    expect(told.map(({ text }) => text)).toEqual([
      expect.stringContaining('Silenced until'),
      'Silence ended',
    ]);
  });

  test('ends with its alerts', async () => {
    await acknowledged();
    firing = [other];
    await pass(10 * secondMs);
    expect(active()).toEqual([]);
  });

  test('follows alerts that join', async () => {
    await acknowledged();
    firing = [disk, diskB, other];
    await pass(10 * secondMs);
    expect([isQuiet(disk), isQuiet(diskB), isQuiet(other)]).toEqual([true, true, false]);
    await pass(20 * minuteMs);
    expect(active()).toHaveLength(1);
  });

  test('runs out while the machine sleeps, and is placed again when it is awake', async () => {
    await acknowledged();
    console.isAsleep = true;
    await pass(lengthMs);
    expect(active()).toEqual([]);
    await wake();
    expect(isQuiet(disk)).toBe(true);
  });

  test('goes on with the console after it', async () => {
    await acknowledged();
    const ids = active().map(({ id }) => id);
    const { it } = killed();
    console = await started({ before: it });
    await pass(20 * minuteMs);
    expect(active().map(({ id }) => id)).toEqual(ids);
  });

  test('is not renewed by another console', async () => {
    await acknowledged();
    killed();
    console = await started({ operator: 'b.lund' });
    await pass(14 * minuteMs);
    expect(active()).toHaveLength(1);
    await pass(2 * minuteMs);
    expect(active()).toEqual([]);
  });

  test('is let go where a person ended it at a server', async () => {
    await acknowledged();
    for (const { id } of active()) a.expire(id);
    await pass(minuteMs);
    expect(active()).toEqual([]);
    expect(console.it.book.incident(incidentId())).toMatchObject({
      acknowledgedBy: 'a.okafor',
      verdicts: { holdsSilence: false },
    });
    expect(console.it.silences.tended.all()).toEqual([]);
  });

  test('is let go where a person ends it here', async () => {
    await acknowledged();
    const [row] = console.it.silences.rows();
    await console.it.silences.expire(row?.key ?? '', 'a.okafor');
    await pass(minuteMs);
    expect(active()).toEqual([]);
    expect(console.it.book.incident(incidentId())?.verdicts.holdsSilence).toBe(false);
  });

  test('waits for its servers, and is not asked for over and over where they refuse', async () => {
    a.mode = 'refuses';
    b.mode = 'refuses';
    await console.it.acknowledge(incidentId());
    await pass(5 * minuteMs);
    expect(console.it.journal.audit().filter((line) => line === 'silence create failed').length).toBeLessThan(
      6,
    );
    a.mode = 'answers';
    b.mode = 'answers';
    await pass(2 * minuteMs);
    expect(isQuiet(disk)).toBe(true);
  });
});

describe('a silence that ends by itself', () => {
  async function silenced(endsAfterQuietMs: number): Promise<void> {
    const nowMs = clock.nowMs();
    const matchers = [{ name: 'instance', value: 'a', isRegex: false, isEqual: true }];
    const draft = {
      matchers,
      startsAtMs: nowMs,
      endsAtMs: nowMs + 600 * minuteMs,
      comment: 'x',
      endsAfterQuietMs,
    };
    const asked = { draft, cluster: 'a', replaces: null, incidentIds: [], by: 'a.okafor' };
    expect(await console.it.silences.save(asked)).toMatchObject({ ok: true });
    await pass(15 * secondMs);
    expect(active()).toHaveLength(1);
  }

  test('holds while anything matches, and ends after so long without', async () => {
    await silenced(5 * minuteMs);
    await pass(20 * minuteMs);
    expect(active()).toHaveLength(1);
    firing = [];
    await pass(4 * minuteMs);
    expect(active()).toHaveLength(1);
    await pass(2 * minuteMs);
    expect(active()).toEqual([]);
    expect(console.it.silences.tended.all()).toEqual([]);
    const told = console.it.journal.timeline(incidentId()).filter(({ kind }) => kind === 'silence');
    expect(told).toMatchObject([{ text: 'Silence ended', by: '' }]);
  });

  test('begins anew where something comes and goes between two looks', async () => {
    await silenced(5 * minuteMs);
    firing = [];
    await pass(4 * minuteMs);
    firing = [other];
    await pass(secondMs);
    firing = [];
    await pass(3 * minuteMs);
    expect(active()).toHaveLength(1);
    await pass(3 * minuteMs);
    expect(active()).toEqual([]);
  });

  test('does not count what no source saw', async () => {
    await silenced(5 * minuteMs);
    firing = [];
    await pass(3 * minuteMs);
    b.mode = 'away';
    await pass(10 * minuteMs);
    b.mode = 'answers';
    await pass(minuteMs);
    expect(active()).toHaveLength(1);
    await pass(2 * minuteMs);
    expect(active()).toEqual([]);
  });
});

describe('a reminder', () => {
  test('names what would come back, once, and goes when the end is another', async () => {
    const nowMs = clock.nowMs();
    const matchers = [{ name: 'service', value: 'backend', isRegex: false, isEqual: true }];
    const id = a.put({
      id: null,
      matchers,
      startsAtMs: nowMs,
      endsAtMs: nowMs + 60 * minuteMs,
      createdBy: 'a.okafor',
      comment: 'x',
      annotations: {},
    });
    await pass(44 * minuteMs);
    expect([...console.it.notices.values()]).toEqual([]);
    await pass(2 * minuteMs);
    expect([...console.it.notices.values()]).toMatchObject([
      {
        id: `silence-ends a/${id}`,
        message: expect.stringMatching(
          /^The silence service="backend" ends in 15m 00s, at .*\. 1 alert would come back: DiskFull backend a\.$/,
        ),
      },
    ]);
    console.it.notices.clear();
    await pass(5 * minuteMs);
    expect(console.it.notices.size).toBe(0);
    a.put({
      id,
      matchers,
      startsAtMs: nowMs,
      endsAtMs: clock.nowMs() + 20 * minuteMs,
      createdBy: 'a.okafor',
      comment: 'x',
      annotations: {},
    });
    await pass(10 * minuteMs);
    expect(console.it.notices.size).toBe(1);
    await pass(15 * minuteMs);
    expect(console.it.notices.size).toBe(0);
  });
});
