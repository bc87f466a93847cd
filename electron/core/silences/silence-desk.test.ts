import * as v from 'valibot';
import { beforeEach, expect, test } from 'vitest';
import type { JournalChange, OutboxRecord, TendedSilenceRecord } from '#core/store/records.ts';
import type { CommandFailure } from '#shared/failure.ts';
import { silenceDraftSchema, type Silence, type SilenceDraft } from '#shared/model/silence.ts';
import { failed, success } from '#shared/result.ts';
import { MovedClock, SimulatedAlertmanager } from '#support/silence-world.ts';
import { SilenceDesk, type SilenceDeskOptions } from './silence-desk.ts';

const peers = [
  { name: 'A', address: '10.0.0.1:9094' },
  { name: 'B', address: '10.0.0.2:9094' },
];

let clock: MovedClock;
let servers: SimulatedAlertmanager[];
let version: string;
let silencedBy: string[];
let rows: Map<string, Silence>;
let told: string[];
let troubles: (CommandFailure | null)[];
let polled: string[];
let store: ReturnType<typeof memoryStore>;
let desk: SilenceDesk;

function memoryStore() {
  const outbox = new Map<string, OutboxRecord>();
  const tended = new Map<string, TendedSilenceRecord>();
  const texts = new Map<string, string>();
  const settings = new Map<string, string>();
  return {
    commit: (changes: readonly JournalChange[]) => {
      for (const change of changes) {
        if (change.kind === 'outbox') outbox.set(change.record.id, change.record);
        if (change.kind === 'setting') settings.set(change.key, change.value ?? '');
        if (change.kind === 'tended-silence') tended.set(change.record.id, change.record);
      }
      return Promise.resolve(success(undefined));
    },
    outbox: () => Promise.resolve([...outbox.values()]),
    tendedSilences: () => Promise.resolve([...tended.values()].filter(({ endedAtMs }) => endedAtMs === null)),
    text: (name: string) => Promise.resolve(texts.get(name) ?? null),
    setting: (key: string) => Promise.resolve(settings.get(key) ?? null),
    putText: (name: string, text: string) => {
      texts.set(name, text);
      return Promise.resolve(success(undefined));
    },
  };
}

function opened(more: Partial<SilenceDeskOptions> = {}): SilenceDesk {
  rows = new Map();
  return new SilenceDesk({
    store,
    clock,
    places: () => servers.map(({ place }) => place),
    server: (source) => servers.find((server) => server.source === source)?.serve(desk),
    isFresh: () => true,
    pollNow: (source) => void polled.push(source),
    versionOf: () => version,
    openAlerts: () => [{ silencedBy } as never],
    onSilences: (upsert, remove) => {
      for (const row of upsert) rows.set(row.key, row);
      for (const key of remove) rows.delete(key);
    },
    onOutbox: () => undefined,
    onTrouble: (_source, failure) => void troubles.push(failure),
    tell: (ids, text) => void told.push(`${ids.join()}: ${text}`),
    onUnreadable: (count) => expect.unreachable(String(count)),
    ...more,
  });
}

beforeEach(async () => {
  clock = new MovedClock();
  servers = [new SimulatedAlertmanager('a', clock), new SimulatedAlertmanager('b', clock)];
  version = '0.33.0';
  silencedBy = [];
  told = [];
  troubles = [];
  polled = [];
  store = memoryStore();
  desk = opened();
  await desk.start();
  await poll();
});

async function poll(): Promise<void> {
  for (const { source } of servers) desk.polled(source, peers);
  await clock.advance(500);
}

function draft(more: Partial<SilenceDraft> = {}): SilenceDraft {
  const nowMs = clock.nowMs();
  return {
    matchers: [{ name: 'alertname', value: 'DiskFull', isRegex: false, isEqual: true }],
    startsAtMs: nowMs,
    endsAtMs: nowMs + 3_600_000,
    comment: 'the disk is changed',
    endsAfterQuietMs: null,
    ...more,
  };
}

const save = { cluster: 'b', replaces: null, incidentIds: [], by: 'anna' };

async function made(more: Partial<SilenceDraft> = {}): Promise<Silence> {
  const put = await desk.save({ ...save, draft: draft(more) });
  if (!put.ok) throw new Error(put.failure.message);
  await clock.advance(11_000);
  const [a, b] = servers;
  if (b !== undefined) a?.gossipWith(b);
  await poll();
  const id = desk.outbox.entries().find((entry) => entry.id === put.value.id)?.silenceId ?? '';
  const row = desk.find(`a/${id}`);
  if (row === undefined) throw new Error('there is no row of it');
  return row;
}

test('a journal that could not be read at the start is read when it is needed, and what waits is sent', async () => {
  let isReadable = false;
  const outbox = () => (isReadable ? store.outbox() : Promise.reject(new Error('the storage thread ended')));
  desk = opened({ store: { ...store, outbox } });
  await expect(desk.start()).rejects.toThrow('the storage thread ended');
  isReadable = true;
  await poll();
  const silence = await made();
  expect(silence.state).toBe('active');
});

test('a silence that would end when no server can be told is none', () => {
  for (const endsAtMs of [Number.POSITIVE_INFINITY, 8.64e15, -1])
    expect(v.is(silenceDraftSchema, draft({ endsAtMs }))).toBe(false);
  expect(v.is(silenceDraftSchema, draft())).toBe(true);
});

test('what a server answers late is not told of another one that has its name since', async () => {
  const [before] = servers;
  await made();
  expect(rows.size).toBe(1);
  desk.polled('a', peers);
  servers = [new SimulatedAlertmanager('a', clock)];
  desk.altered(['a', 'b']);
  expect([before?.silences.size, rows.size]).toEqual([1, 0]);
  await clock.advance(500);
  expect(rows.size).toBe(0);
  await poll();
  expect(desk.heardAtMs('a')).not.toBeNull();
});

test('what is saved is held for ten seconds, sent, shown as one row, and its alerts are asked for', async () => {
  const row = await made();
  expect(row).toMatchObject({ cluster: 'a', sources: ['a', 'b'], missingFrom: [], state: 'active' });
  expect(rows.get(row.key)).toEqual(row);
  expect(polled.toSorted()).toEqual(['a', 'b']);
  silencedBy = [row.id];
  desk.alertsChanged();
  desk.alertsChanged();
  await clock.advance(1_000);
  expect(rows.get(row.key)?.silencedCount).toBe(1);
});

test('the incidents that it was made from are told what became of it', async () => {
  await desk.save({ ...save, draft: draft(), incidentIds: [3, 4] });
  await clock.advance(12_000);
  expect(told).toEqual([expect.stringMatching(/^3,4: Silenced until /)]);
});

test('it is edited and expired by its key', async () => {
  const row = await made();
  const edit = await desk.save({ ...save, draft: draft({ comment: 'longer' }), replaces: row.key });
  expect(edit).toMatchObject({
    value: { request: { kind: 'edit', id: row.id, seenUpdatedAtMs: row.updatedAtMs } },
  });
  await clock.advance(12_000);
  await poll();
  expect(rows.get(row.key)).toMatchObject({ comment: 'longer' });
  expect((await desk.expire(row.key, 'anna')).ok).toBe(true);
  await clock.advance(12_000);
  await poll();
  expect(rows.get(row.key)).toMatchObject({ state: 'expired' });
  expect(await desk.expire(row.key, 'anna')).toMatchObject({ failure: { code: 'conflict' } });
});

test.each([
  ['an end before its start', { startsAtMs: 2e12, endsAtMs: 1.9e12 }, /before it begins/],
  ['an end that has passed', { startsAtMs: 1, endsAtMs: 2 }, /has passed/],
  ['a pattern of another language', { matchers: [['a', '(?=b)', true]] }, /\(\?=b\)/],
  ['matchers that take anything', { matchers: [['a', '.*', true]] }, /take any alert/],
] as const)('%s is refused before it is put', async (_what, change, says) => {
  const matchers =
    'matchers' in change
      ? {
          matchers: change.matchers.map(([name, value, isRegex]) => ({
            name,
            value,
            isRegex,
            isEqual: true,
          })),
        }
      : change;
  const answer = await desk.save({ ...save, draft: draft(matchers) });
  expect(answer).toMatchObject({
    failure: { code: 'invalid-input', message: expect.stringMatching(says) },
  });
});

test('names that an old server does not take are refused by its name', async () => {
  version = '0.25.0';
  const matchers = [{ name: 'disk.name', value: 'sda', isRegex: false, isEqual: true }];
  expect(await desk.save({ ...save, draft: draft({ matchers }) })).toMatchObject({
    failure: { message: 'a takes no label called "disk.name"' },
  });
  version = '0.27.0';
  expect((await desk.save({ ...save, draft: draft({ matchers }) })).ok).toBe(true);
});

test('what is not there is not found', async () => {
  expect(await desk.save({ ...save, draft: draft(), cluster: 'other' })).toMatchObject({
    failure: { code: 'not-found' },
  });
  expect(await desk.save({ ...save, draft: draft(), replaces: 'a/none' })).toMatchObject({
    failure: { code: 'not-found' },
  });
  expect(await desk.expire('a/none', 'anna')).toMatchObject({ failure: { code: 'not-found' } });
});

test('the list is there after a start without any server, and what waits is sent by the next core', async () => {
  const row = await made();
  await desk.save({ ...save, draft: draft({ comment: 'waits' }) });
  const stopped = desk.stop();
  await clock.advance(1_000);
  await stopped;
  for (const server of servers) server.mode = 'away';
  desk = opened();
  await desk.start();
  expect(rows.get(row.key)).toEqual(row);
  expect(desk.outbox.entries().map(({ state }) => state)).toContain('held');
  for (const server of servers) server.mode = 'answers';
  await clock.advance(12_000);
  expect(desk.outbox.entries().map(({ state }) => state)).toEqual(['done', 'done']);
});

test('a silence that ends itself is looked after until it ends, under every id that it gets', async () => {
  const row = await made({ endsAfterQuietMs: 600_000 });
  expect(row).toMatchObject({ care: 'self-ending', endsAfterQuietMs: 600_000 });
  const matchers = [{ name: 'alertname', value: 'Other', isRegex: false, isEqual: true }];
  await desk.save({ ...save, draft: draft({ matchers, endsAfterQuietMs: 900_000 }), replaces: row.key });
  await clock.advance(12_000);
  const [tended, ...more] = desk.tended.all();
  expect(more).toEqual([]);
  expect(tended).toMatchObject({ care: 'self-ending', endsAfterQuietMs: 900_000, endedAtMs: null });
  expect(tended?.id).not.toBe(row.id);
  await poll();
  await desk.expire(`a/${tended?.id}`, 'anna');
  await clock.advance(12_000);
  expect(desk.tended.all()).toEqual([]);
  expect(await store.tendedSilences()).toEqual([]);
});

test('silences that cannot be read are told after the third time, and once they can be', async () => {
  servers[0]?.expire('none');
  const broken = { ...(servers[0]?.serve({}) as object) } as ReturnType<SilenceDeskOptions['server']>;
  let isBroken = true;
  const failure = {
    code: 'server-error',
    message: 'it is broken',
    nextStep: 'Mend it.',
    retryAfterMs: null,
    status: 500,
  } as const;
  desk = opened({
    server: () =>
      broken && {
        ...broken,
        silences: () => Promise.resolve(isBroken ? failed(failure) : success([])),
      },
  });
  await desk.start();
  for (let index = 0; index < 4; index++) {
    desk.polled('a', []);
    await clock.advance(100);
  }
  expect(troubles).toMatchObject([{ message: 'The silences of a cannot be read: it is broken' }]);
  isBroken = false;
  desk.polled('a', []);
  await clock.advance(100);
  expect(troubles).toHaveLength(2);
  expect(troubles[1]).toBeNull();
});

test('one question at a time: polls that come meanwhile are one more', async () => {
  let asked = 0;
  const server = servers[0]?.serve({});
  desk = opened({
    server: (source) =>
      server && {
        ...server,
        source,
        silences: () => {
          asked += 1;
          return new Promise((resolve) => clock.after(1_000, () => resolve(success([]))));
        },
      },
  });
  await desk.start();
  for (let index = 0; index < 5; index++) desk.polled('a', []);
  expect(asked).toBe(1);
  await clock.advance(5_000);
  expect(asked).toBe(2);
});
