import { beforeEach, expect, test } from 'vitest';
import type { AlertRecord, Witness } from '#core/store/records.ts';
import { readRoutingConfiguration } from '#shared/routing/read/read-configuration.ts';
import { minuteMs } from '#shared/time.ts';
import { alertRecord } from '#support/journal-records.ts';
import { MuteDesk } from './mute-desk.ts';

const startMs = Date.UTC(2026, 10, 21, 21, 59, 30);

let nowMs: number;
let open: Map<string, AlertRecord>;
let waiting: (() => void)[];
let timers: { atMs: number; callback: () => void }[];
let moved: string[][];
let desk: MuteDesk;

beforeEach(() => {
  nowMs = startMs;
  [open, waiting, timers, moved] = [new Map(), [], [], []];
  desk = new MuteDesk({
    book: {
      openAlerts: () => open.values(),
      findOpenAlert: (fingerprint) => open.get(fingerprint),
    },
    isRouted: (source) => source !== 'ours',
    onMoved: (records) => moved.push(records.map(({ fingerprint }) => fingerprint)),
    clock: {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      random: () => 0,
      after: (delayMs, callback) => {
        timers.push({ atMs: nowMs + delayMs, callback });
        return () => undefined;
      },
    },
    later: (callback) => {
      waiting.push(callback);
      return () => (waiting = waiting.filter((one) => one !== callback));
    },
  });
});

function settle(): void {
  while (waiting.length > 0) waiting.shift()?.();
}

function toMinute(): void {
  const [timer] = timers.splice(0);
  nowMs = timer?.atMs ?? nowMs;
  timer?.callback();
}

function alert(fingerprint: string, labels: Record<string, string>, ...sources: string[]): AlertRecord {
  const witness: Omit<Witness, 'source'> = {
    reporting: true,
    says: 'firing',
    lastSeenAtMs: 1,
    serverStartedAtMs: 1,
  };
  const witnesses = sources.map((source) => ({ source, ...witness }));
  const record = alertRecord({ fingerprint, labels, witnesses });
  open.set(fingerprint, record);
  return record;
}

const night = readRoutingConfiguration(`
route: { receiver: r, routes: [{ matchers: [team="db"], mute_time_intervals: [night] }] }
receivers: [{ name: r }]
time_intervals: [{ name: night, time_intervals: [{ times: [{ start_time: '22:00', end_time: '23:00' }] }] }]`);
const always = readRoutingConfiguration('{ route: { receiver: r }, receivers: [{ name: r }] }');

test('unknown until the source has told how it routes, then as time has it, turn after turn', () => {
  const record = alert('a', { team: 'db' }, 'am');
  desk.start();
  expect(desk.mutedBy(record)).toBeNull();
  desk.set('am', night);
  settle();
  expect(moved).toEqual([['a']]);
  expect(desk.mutedBy(record)).toEqual([]);
  toMinute();
  expect(new Date(nowMs).toISOString()).toMatch(/T22:00:00/);
  settle();
  expect(moved).toEqual([['a'], ['a']]);
  expect(desk.mutedBy(record)).toEqual(['night']);
  for (let minute = 0; minute < 60; minute++) toMinute();
  settle();
  expect(desk.mutedBy(record)).toEqual([]);
  expect(moved).toHaveLength(3);
});

test('an alert that comes while some are muted is looked up later, and told then', () => {
  nowMs = startMs + minuteMs;
  desk.set('am', night);
  settle();
  const record = alert('new', { team: 'db' }, 'am');
  expect(desk.mutedBy(record)).toBeNull();
  settle();
  expect(moved.at(-1)).toEqual(['new']);
  expect(desk.mutedBy(record)).toEqual(['night']);
});

test('muted at one source and told at another is not muted; with one unknown it is not known', () => {
  nowMs = startMs + minuteMs;
  const both = alert('both', { team: 'db' }, 'am', 'peer');
  desk.set('am', night);
  settle();
  expect(desk.mutedBy(both)).toBeNull();
  desk.set('peer', always);
  settle();
  expect(desk.mutedBy(both)).toEqual([]);
  desk.set('peer', night);
  settle();
  expect(desk.mutedBy(both)).toEqual(['night']);
  desk.set('peer', null);
  settle();
  expect(desk.mutedBy(both)).toBeNull();
});

test('no time mutes what has ended, or what no Alertmanager routes', () => {
  nowMs = startMs + minuteMs;
  desk.set('am', night);
  settle();
  expect(desk.mutedBy(alert('ours', { team: 'db' }, 'ours'))).toEqual([]);
  expect(desk.mutedBy({ ...alert('old', { team: 'db' }, 'am'), endedAtMs: 5 })).toEqual([]);
});

test('fifty thousand alerts are looked up in turns, none of which takes long', () => {
  nowMs = startMs + minuteMs;
  const regexes = Array.from({ length: 30 }, (_, index) => `{ matchers: ['team=~"x${index}|y.*${index}"'] }`);
  const large = readRoutingConfiguration(`
route: { receiver: r, routes: [${regexes.join(', ')}, { matchers: [team="db"], mute_time_intervals: [night] }] }
receivers: [{ name: r }]
time_intervals: [{ name: night, time_intervals: [{ times: [{ start_time: '22:00', end_time: '23:00' }] }] }]`);
  const count = process.env['OPSSIGHT_FULL'] === '1' ? 50_000 : 5_000;
  for (let index = 0; index < count; index++)
    alert(String(index), { team: index % 2 === 0 ? 'db' : 'web', instance: String(index) }, 'am');
  desk.set('am', large);
  const turns: number[] = [];
  while (waiting.length > 0) {
    const startedAtMs = performance.now();
    waiting.shift()?.();
    turns.push(performance.now() - startedAtMs);
  }
  expect(moved.flat()).toHaveLength(count);
  expect(desk.mutedBy(open.get('0')!)).toEqual(['night']);
  expect(desk.mutedBy(open.get('1')!)).toEqual([]);
  expect(turns.length).toBeGreaterThan(1);
  // A turn ends after 6 ms; the rest is what a busy machine takes away from it.
  expect(turns.sort((left, right) => left - right)[Math.floor(turns.length / 2)]).toBeLessThan(25);
});
