import { beforeEach, expect, test } from 'vitest';
import { commandFailure } from '#shared/failure.ts';
import { fingerprintOf } from '#shared/model/labels.ts';
import { failed, success } from '#shared/result.ts';
import type { JournalChange } from '#core/store/records.ts';
import { DurableWriter } from './durable-writer.ts';
import { IncidentBook } from './incident-book.ts';
import { IncidentDesk } from './incident-desk.ts';
import { emptyJournal } from '#support/journal-records.ts';

const labels = { alertname: 'Down', service: 'backend', severity: 'critical' };
const down = {
  fingerprint: fingerprintOf(labels),
  labels,
  annotations: {},
  startsAtMs: 500,
  generatorUrl: '',
  state: 'firing',
  silencedBy: [],
  inhibitedBy: [],
} as const;

function other(alertname: string): typeof down {
  const named = { ...labels, alertname };
  return { ...down, labels: named, fingerprint: fingerprintOf(named) };
}

let journal: JournalChange[];
let diskFull: boolean;
let fresh: boolean;
/** Sources that do not answer. */
let away: Set<string>;
/** What the disk waits for. */
let held: Promise<void> | undefined;
let states: (string | undefined)[];
let shown: number[];
let book: IncidentBook;
let desk: IncidentDesk;

beforeEach(() => {
  journal = [];
  diskFull = false;
  fresh = true;
  away = new Set();
  held = undefined;
  states = [];
  shown = [];
  book = new IncidentBook(emptyJournal);
  desk = new IncidentDesk({
    book,
    writer: new DurableWriter({
      journal: {
        commit: async (changes) => {
          await held;
          if (diskFull) return failed(commandFailure('unavailable', 'the disk is full', 'Make room.'));
          journal.push(...changes);
          return success(undefined);
        },
      },
      onTrouble: () => undefined,
      onRefused: () => undefined,
    }),
    nowMs: () => 9_000,
    groupBy: () => ['alertname', 'service'],
    isFresh: (source) => fresh && !away.has(source),
    beforeCommit: () => undefined,
    show: (draft) => {
      shown.push(...draft.changedIncidentIds());
      states.push(book.findOpenAlert(down.fingerprint)?.state);
      return [];
    },
    onKept: () => undefined,
  });
});

async function poll(serverStartedAtMs: number, ...alerts: (typeof down)[]): Promise<void> {
  await desk.observe({ source: 'a', atMs: 1_000, serverStartedAtMs, alerts });
}

function timeline(): string[] {
  return journal.flatMap((change) => (change.kind === 'timeline' ? [change.record.kind] : []));
}

test('acknowledging is journalled, audited and shown; again it changes nothing', async () => {
  await poll(1, down);
  expect(await desk.acknowledge([1], 'ml')).toEqual(success({ changed: [{ id: 1, revision: 2 }] }));
  expect(await desk.acknowledge([1], 'other')).toEqual(success({ changed: [{ id: 1, revision: 2 }] }));
  expect(book.incident(1)).toMatchObject({ acknowledgedBy: 'ml', acknowledgedAtMs: 9_000 });
  expect(timeline()).toEqual(['opened', 'alert-fired', 'acknowledged']);
  expect(journal.filter((change) => change.kind === 'audit')).toHaveLength(1);
});

test('undo and release tell different stories and leave the same state', async () => {
  await poll(1, down);
  await desk.acknowledge([1], 'ml');
  await desk.release([1], 'ml', true);
  await desk.acknowledge([1], 'ml');
  await desk.release([1], 'ao', false);
  expect(timeline().slice(2)).toEqual(['acknowledged', 'undone', 'acknowledged', 'released']);
  expect(book.incident(1)?.acknowledgedBy).toBeNull();
});

test('what cannot be kept is not done: neither in memory nor on the screen', async () => {
  await poll(1, down);
  shown = [];
  diskFull = true;
  expect(await desk.acknowledge([1], 'ml')).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
  expect(book.incident(1)?.acknowledgedBy).toBeNull();
  expect(shown).toEqual([]);
});

test('an alert that comes while the disk is full is shown all the same', async () => {
  diskFull = true;
  await poll(1, down);
  expect(shown).toEqual([1]);
  expect(journal).toEqual([]);
  diskFull = false;
  await desk.note([1], 'disk was full', 'ml');
  expect(timeline()).toEqual(['opened', 'alert-fired', 'note']);
});

test('one unknown incident in a list refuses the whole list', async () => {
  await poll(1, down);
  expect(await desk.acknowledge([1, 7], 'ml')).toMatchObject({ ok: false, failure: { code: 'not-found' } });
  expect(book.incident(1)?.acknowledgedBy).toBeNull();
});

test('only an incident that nobody sees can be closed by hand, and its alerts are not called resolved', async () => {
  await poll(1, down);
  expect(await desk.close([1], 'ml')).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  await poll(2);
  expect(await desk.close([1], 'ml')).toMatchObject({ ok: true });
  expect(book.incident(1)?.resolvedAtMs).toBe(9_000);
  expect(book.alertsOf(1)[0]).toMatchObject({ state: 'unseen', endedAtMs: 9_000 });
});

test('closing one of many that is still seen closes none of them', async () => {
  const slow = other('Slow');
  await poll(1, down, slow);
  await poll(2, slow);
  expect(await desk.close([1, 2], 'ml')).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  expect([1, 2].map((id) => book.incident(id)?.resolvedAtMs)).toEqual([null, null]);
  await poll(3);
  expect(await desk.close([1, 2], 'ml')).toMatchObject({ ok: true });
  expect([1, 2].map((id) => book.incident(id)?.resolvedAtMs)).toEqual([9_000, 9_000]);
  const told = journal.flatMap((change) => (change.kind === 'audit' ? [change.record] : []));
  expect(told.map(({ action, target }) => `${action} ${target}`)).toEqual(['close INC-1', 'close INC-2']);
});

test('a close taken back leaves the incident as it was, and is told as an undo', async () => {
  await poll(1, down);
  await desk.acknowledge([1], 'ml');
  await poll(2);
  const alerts = book.alertsOf(1);
  await desk.close([1], 'ml');
  expect(await desk.reopen([1], 'ml')).toMatchObject({ ok: true });
  expect(book.incident(1)).toMatchObject({ resolvedAtMs: null, acknowledgedBy: 'ml' });
  expect(book.alertsOf(1)).toEqual(alerts);
  expect(timeline().slice(-2)).toEqual(['closed', 'undone']);
  const length = journal.length;
  await desk.reopen([1], 'ml');
  expect(journal).toHaveLength(length);
});

test('what fires again since it was closed is not open twice: the others are taken back, it is told where it goes on', async () => {
  await poll(1, down, other('Slow'));
  await poll(2);
  await desk.close([1, 2], 'ml');
  await poll(3, down);
  expect(await desk.reopen([1], 'ml')).toMatchObject({
    ok: false,
    failure: { code: 'conflict', message: 'INC-1 goes on as INC-3' },
  });
  expect(await desk.reopen([1, 2], 'ml')).toMatchObject({ ok: true, value: { changed: [{ id: 2 }] } });
  expect([1, 2, 3].map((id) => book.incident(id)?.resolvedAtMs)).toEqual([9_000, null, null]);
  expect(journal).toContainEqual({
    kind: 'audit',
    record: {
      atMs: 9_000,
      by: 'ml',
      action: 'undo close',
      target: 'INC-1',
      outcome: 'conflict',
      detail: 'it goes on as INC-3',
    },
  });
});

test('what a source resolved is not reopened by what takes a close back', async () => {
  await poll(1, down);
  await poll(1);
  expect(await desk.reopen([1], 'ml')).toMatchObject({ ok: true });
  expect(book.incident(1)?.resolvedAtMs).toBe(1_000);
});

test('a source that restarted while an alert was closed does not resolve it once it is open again', async () => {
  await poll(1, down);
  fresh = false;
  await desk.loseSight('a does not answer');
  await desk.close([1], 'ml');
  fresh = true;
  // It comes back without its alerts; only what was open then would have been compared.
  for (const atMs of [9_500, 9_600])
    await desk.observe({ source: 'a', atMs, serverStartedAtMs: 2, alerts: [] });
  await desk.reopen([1], 'ml');
  await desk.observe({ source: 'a', atMs: 9_700, serverStartedAtMs: 2, alerts: [] });
  expect(book.alertsOf(1)).toMatchObject([{ state: 'unseen', endedAtMs: null }]);
  expect(timeline()).not.toContain('alert-resolved');
});

test('until when a closed alert was seen does not go back to when it was first told', async () => {
  await poll(1, down);
  await desk.observe({ source: 'a', atMs: 5_000, serverStartedAtMs: 1, alerts: [down] });
  fresh = false;
  await desk.loseSight('a does not answer');
  await desk.close([1], 'ml');
  expect(book.alertsOf(1)[0]?.witnesses).toMatchObject([{ lastSeenAtMs: 5_000 }]);
});

test('closing does not end what comes back into sight while it waits for its turn', async () => {
  await poll(1, down);
  await poll(2);
  const [, closed] = await Promise.all([poll(2, down), desk.close([1], 'ml')]);
  expect(closed).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  expect(book.incident(1)?.resolvedAtMs).toBeNull();
});

test('two things at once happen one after the other', async () => {
  await poll(1, down);
  const both = await Promise.all([desk.acknowledge([1], 'ml'), desk.acknowledge([1], 'ao'), poll(1)]);
  expect(both[0]).toMatchObject({ ok: true });
  expect(book.incident(1)).toMatchObject({ acknowledgedBy: 'ml' });
  expect(book.incident(1)?.resolvedAtMs).not.toBeNull();
});

test('a source that is asked otherwise, for another tenant say, resolves nothing by not having it', async () => {
  await poll(1, down);
  await desk.interrupt(['a']);
  await poll(1);
  expect(book.alertsOf(1)[0]).toMatchObject({ state: 'unseen', endedAtMs: null });
});

test('idle waits for what follows from what was under way', async () => {
  await poll(1, down);
  void desk.record(() => void desk.note([1], 'follows', 'ml'));
  await desk.idle();
  expect(timeline()).toContain('note');
});

test('losing sight is told once an incident', async () => {
  await poll(1, down);
  fresh = false;
  await desk.loseSight('a does not answer');
  await desk.loseSight('a does not answer');
  expect(timeline().filter((kind) => kind === 'sight-lost')).toHaveLength(1);
});

test('a source that answers again counts by what it says now, however long its word waits for its turn', async () => {
  const told = (source: string, alerts: readonly (typeof down)[]): Promise<void> =>
    desk.observe({ source, atMs: 2_000, serverStartedAtMs: 1, alerts });
  await told('a', [down]);
  await told('b', [down]);
  away = new Set(['a', 'b']);
  await desk.loseSight('the network is gone');
  expect(book.findOpenAlert(down.fingerprint)?.state).toBe('unseen');
  states.length = 0;
  const disk = Promise.withResolvers<void>();
  held = disk.promise;
  const before = desk.note([1], 'looks', 'ml');
  // Both have let go of it meanwhile, and answer before the disk does.
  away.clear();
  const polls = [told('a', []), told('b', [])];
  disk.resolve();
  await Promise.all([before, ...polls]);
  expect(states).not.toContain('firing');
  expect(book.incident(1)?.resolvedAtMs).toBe(2_000);
});

test('what is forgotten while a note on it waits for the disk does not come back without its alerts', async () => {
  await poll(1, down);
  await poll(1);
  const disk = Promise.withResolvers<void>();
  held = disk.promise;
  const noted = desk.note([1], 'it was the cable', 'ml');
  await new Promise((resolve) => setImmediate(resolve));
  const gone: number[] = [];
  const forgotten = desk.forgetResolvedBefore(5_000, (ids) => gone.push(...ids));
  disk.resolve();
  await forgotten;
  expect(await noted).toMatchObject({ ok: true });
  expect([gone, book.incident(1)]).toEqual([[1], undefined]);
});
