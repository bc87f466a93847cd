import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { dayMs, hourMs, minuteMs, secondMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { SleepingCore } from '#support/sleeping-core.ts';

/**
 * The table of sleeps and clocks: 40 cases over the whole core. None resolves what nobody saw end, none
 * tells more than one notification on waking, and each asks anew at a moment of its own.
 */

const cleanup = new Cleanup();
afterEach(async () => {
  await cleanup.run();
  vi.restoreAllMocks();
});

/** What is done to the machine; resolves when it runs again. */
type Gap = (core: SleepingCore) => void;

const sleeps: Readonly<Record<string, Gap>> = {
  'sleep of 30 s': (core) => core.sleep(30 * secondMs),
  'sleep of 8 h': (core) => core.sleep(8 * hourMs),
  'sleep of 8 h that the running clock counts': (core) => core.sleep(8 * hourMs, true),
  'sleep of 8 h, told by the system': (core) => {
    core.host.power('suspend', Date.now());
    core.sleep(8 * hourMs);
    core.host.power('resume', Date.now());
  },
};

const jumps: Readonly<Record<string, Gap>> = {
  'clock set ahead by 1 h': (core) => core.sleep(hourMs),
  'clock set back by 1 h': (core) => core.sleep(-hourMs),
  'clock set ahead by 1 d': (core) => core.sleep(dayMs),
  'clock set back by 1 d': (core) => core.sleep(-dayMs),
  'clock set ahead by 30 d': (core) => core.sleep(30 * dayMs),
};

interface Expected {
  /** Titles of incidents that are over a minute later. */
  readonly over: readonly string[];
  /** Titles of those whose end nobody saw. */
  readonly unseen: readonly string[];
  /** Notifications after the waking. */
  readonly told: readonly string[];
}

interface Meanwhile {
  readonly happens: (core: SleepingCore) => void;
  readonly later?: (core: SleepingCore) => void;
  readonly expected: Expected;
}

const manyMore = Array.from({ length: 30 }, (_, index) => `More${index}`);
const nothing: Expected = { over: [], unseen: [], told: [] };

const meanwhiles: Readonly<Record<string, Meanwhile>> = {
  'nothing else happens': { happens: () => undefined, expected: nothing },
  'thirty more fire': {
    happens: (core) => core.alertmanager.fires('A', 'B', ...manyMore),
    expected: { ...nothing, told: ['30 incidents fire, worst Critical'] },
  },
  'one ends': {
    happens: (core) => core.alertmanager.fires('B'),
    expected: { ...nothing, over: ['A'] },
  },
  'the server restarts and forgets': {
    happens: (core) => core.alertmanager.restart(),
    expected: { ...nothing, unseen: ['A', 'B'] },
  },
  'the network is away for the first 20 s': {
    happens: (core) => {
      core.alertmanager.mode = 'refuses';
      core.alertmanager.fires('A', 'B', ...manyMore);
    },
    later: (core) => (core.alertmanager.mode = 'answers'),
    expected: { ...nothing, told: ['30 incidents fire, worst Critical'] },
  },
};

const night = Date.parse('2026-11-21T03:12:00Z');
const wakePauses: number[] = [];
let chance = 0;

/** A core that has told of A and B, a little after its last poll. */
async function watching(atMs = night): Promise<SleepingCore> {
  // Chance that covers its range evenly, whichever cases run.
  vi.spyOn(Math, 'random').mockImplementation(() => (chance = (chance + 0.618_033_988_75) % 1));
  const core = await SleepingCore.start(cleanup, atMs);
  core.alertmanager.fires('A', 'B');
  await core.pass(20 * secondMs);
  expect(titles(core, 'firing')).toEqual(['A', 'B']);
  expect(core.host.shown).toHaveLength(2);
  core.wakePausesMs.length = 0;
  return core;
}

function titles(core: SleepingCore, state: string): string[] {
  return core.rows
    .filter((row) => row.state === state)
    .map(({ title }) => title)
    .toSorted();
}

async function wakesWell(core: SleepingCore, meanwhile: Meanwhile): Promise<void> {
  const { expected } = meanwhile;
  const askedBefore = core.alertmanager.askedAtMs.length;
  // Before it has been asked again, nobody can know of any end.
  for (let second = 0; second < 20; second++) {
    await core.pass(secondMs);
    const seenAgain =
      core.alertmanager.mode === 'answers' && core.alertmanager.askedAtMs.length > askedBefore;
    if (!seenAgain) expect(titles(core, 'resolved')).toEqual([]);
  }
  meanwhile.later?.(core);
  await core.pass(minuteMs);
  expect(titles(core, 'resolved')).toEqual(expected.over);
  expect(titles(core, 'unseen')).toEqual(expected.unseen);
  const told = core.host.shown.slice(2);
  expect(told.map(({ title }) => title)).toEqual(expected.told);
  expect(core.status?.sight.kind).toBe('live');
}

const table = [
  ...Object.entries(sleeps).flatMap(([name, gap]) =>
    Object.entries(meanwhiles).map(([what, meanwhile]) => [name, what, gap, meanwhile] as const),
  ),
  ...Object.entries(jumps).flatMap(([name, gap]) =>
    Object.entries(meanwhiles)
      .slice(0, 3)
      .map(([what, meanwhile]) => [name, what, gap, meanwhile] as const),
  ),
];

test.each(table)('%s, and %s', async (_name, _what, gap, meanwhile) => {
  const core = await watching();
  meanwhile.happens(core);
  gap(core);
  await wakesWell(core, meanwhile);
  expect(core.wakePausesMs.length).toBeGreaterThan(0);
  wakePauses.push(...core.wakePausesMs);
});

test('sleep of 8 h, and an answer was awaited', async () => {
  const core = await watching();
  core.alertmanager.mode = 'hangs';
  await core.pass(12 * secondMs);
  expect(core.alertmanager.hanging).toHaveLength(1);
  core.sleep(8 * hourMs);
  core.alertmanager.mode = 'answers';
  // What it says now it was asked before the sleep.
  const [hanging] = core.alertmanager.hanging;
  core.alertmanager.fires();
  if (hanging !== undefined) core.alertmanager.answer('/api/v2/alerts', hanging);
  core.alertmanager.fires('A', 'B');
  await wakesWell(core, { happens: () => undefined, expected: nothing });
});

test.each([
  ['a clock that the law sets ahead', Date.parse('2026-03-29T00:59:30Z')],
  ['a clock that the law sets back', Date.parse('2026-10-25T00:59:30Z')],
])('%s is no gap', async (_what, atMs) => {
  const zone = process.env['TZ'];
  process.env['TZ'] = 'Europe/Berlin';
  cleanup.add(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });
  const core = await watching(atMs);
  const asked = core.alertmanager.askedAtMs.length;
  await wakesWell(core, { happens: () => undefined, expected: nothing });
  expect(core.wakePausesMs).toEqual([]);
  expect(core.alertmanager.askedAtMs.length - asked).toBeGreaterThanOrEqual(5);
});

test.each([
  ['ahead', 10 * minuteMs],
  ['behind', -10 * minuteMs],
])('a server whose clock is 10 min %s', async (_what, skewMs) => {
  const core = await watching();
  core.alertmanager.skewMs = skewMs;
  core.alertmanager.fires('B');
  await wakesWell(core, { happens: () => undefined, expected: { ...nothing, over: ['A'] } });
  expect(Math.abs((core.sources[0]?.clockSkewMs ?? 0) - skewMs)).toBeLessThan(2 * secondMs);
});

afterAll(() => {
  if (wakePauses.length < 30) return;
  // Consoles that wake together are spread over the window of five seconds.
  expect(Math.max(...wakePauses) - Math.min(...wakePauses)).toBeGreaterThan(2.5 * secondMs);
  expect(Math.max(...wakePauses)).toBeLessThanOrEqual(5 * secondMs);
});
