import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Notice } from '#shared/model/console.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { alertRecord, incidentRecord, notificationRecord, openedIncident } from '#support/journal-records.ts';
import { sourceHealth } from '#support/models.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { cacheFile, journalFile } from './files.ts';
import { openStore, StoreError, type Store } from './store.ts';

const nowMs = Date.UTC(2026, 10, 21, 3, 12);
let cleanup: Cleanup;
let directory: string;
let notices: Notice[];

beforeEach(() => {
  cleanup = new Cleanup();
  directory = join(temporaryFolder(cleanup), 'data');
  notices = [];
});

afterEach(async () => {
  vi.restoreAllMocks();
  await cleanup.run();
});

async function open(safeMode = false, restartDelaysMs?: readonly number[]): Promise<Store> {
  const opened = await openStore({
    dataDirectory: directory,
    safeMode,
    onNotice: (notice) => notices.push(notice),
    nowMs: () => nowMs,
    ...(restartDelaysMs === undefined ? {} : { restartDelaysMs }),
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  cleanup.add(() => opened.value.close());
  return opened.value;
}

describe('the store', () => {
  test('keeps what was committed over a restart, for its owner only', async () => {
    const store = await open();
    const notification = notificationRecord({ outcome: 'shown', outcomeAtMs: 5 });
    const labels = { ['__proto__']: 'x', alertname: 'A' };
    const alert = alertRecord({ labels });
    expect(store.mode).toBe('kept');
    const changes = [
      ...openedIncident(1),
      { kind: 'alert', record: alert },
      { kind: 'notification', record: notification },
    ] as const;
    expect(await store.commit(changes)).toEqual({ ok: true, value: undefined });
    await store.close();
    expect(readdirSync(directory).sort()).toEqual([cacheFile, journalFile]);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const again = await open();
    const state = await again.load(0);
    expect(state).toMatchObject({
      lastIncidentId: 1,
      incidents: [incidentRecord()],
      pendingNotifications: [],
    });
    expect(Object.entries(state.alerts[0]?.labels ?? {})).toEqual(Object.entries(labels));
    expect(await again.incident(1)).toEqual(incidentRecord());
    expect(await again.incident(2)).toBeNull();
    expect(await again.alerts(1)).toEqual([alert]);
    expect(await again.timeline(1)).toMatchObject([{ kind: 'opened', atMs: 1_000 }]);
    expect(await again.notifications(5)).toEqual([notification]);
    expect(notices).toEqual([]);
  });

  test('answers a burst of commits one by one, and reads what was written before', async () => {
    const store = await open();
    const orphan = { kind: 'alert', record: alertRecord({ incidentId: 999 }) } as const;
    const writing = Array.from({ length: 300 }, (_, index) =>
      store.commit(index % 10 === 3 ? [...openedIncident(index + 1), orphan] : openedIncident(index + 1)),
    );
    const loaded = store.load(0);
    const later = store.commit(openedIncident(500));
    const outcomes = await Promise.all(writing);
    expect(outcomes.map(({ ok }) => ok)).toEqual(outcomes.map((_, index) => index % 10 !== 3));
    expect((await loaded).incidents).toHaveLength(270);
    expect((await loaded).lastIncidentId).toBe(300);
    expect((await later).ok).toBe(true);
  });

  test('hands evidence through, columns and all, and in safe mode leaves the cache alone', async () => {
    const store = await open(true);
    const series = [
      {
        labels: { __name__: 'up', a: 'b' },
        timesMs: Float64Array.of(1, 2),
        values: Float64Array.of(Number.NaN, -0),
      },
    ];
    const window = { source: 'p', selector: 'up', fromMs: 0, toMs: 10 };
    await store.putSamples({ ...window, fetchedAtMs: 5, incidentId: null, series });
    expect(await store.samples('p', 'up', 0, 20)).toEqual({
      series,
      covered: [{ fromMs: 0, toMs: 10, fetchedAtMs: 5 }],
      fetchedAtMs: 5,
    });
    await store.putHealth([sourceHealth()]);
    expect(await store.health()).toEqual([sourceHealth()]);
    expect(await store.drawing(1)).toBeNull();
    expect(existsSync(join(directory, cacheFile))).toBe(false);
    expect(await store.stats()).toMatchObject({ cacheFileBytes: 0, slowCalls: expect.any(Object) });
  });

  test('tells what became of a damaged journal once, and keeps it until it is put away', async () => {
    await (await open()).close();
    writeFileSync(join(directory, journalFile), 'noise');
    const store = await open();
    expect(notices).toMatchObject([{ id: `journal-empty-${nowMs}`, severity: 'error' }]);
    expect((await store.load(0)).notices).toEqual(notices);
    await store.close();
    const again = await open();
    expect(notices).toHaveLength(1);
    await again.commit([{ kind: 'notice-dismissed', id: notices[0]?.id ?? '', atMs: nowMs }]);
    expect((await again.load(0)).notices).toEqual([]);
  });

  test('is a named failure where there can be no folder', async () => {
    writeFileSync(directory, 'a file is in the way');
    const opened = await openStore({
      dataDirectory: directory,
      safeMode: false,
      onNotice: () => {},
      nowMs: Date.now,
    });
    expect(opened).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('The data folder') },
    });
  });
});

describe('once the storage thread is gone', () => {
  /** Ends the thread as a crash would: nobody asked it to. */
  async function crash(store: Store): Promise<void> {
    const post = vi.spyOn(Worker.prototype, 'postMessage').mockImplementationOnce(function (this: Worker) {
      void this.terminate();
    });
    await store.commit(openedIncident(1));
    post.mockRestore();
  }

  /** Once there is a thread again. */
  async function committed(store: Store, incidentId: number): Promise<void> {
    await eventually('there is a thread again', async () =>
      (await store.commit(openedIncident(incidentId))).ok ? true : undefined,
    );
  }

  test('everything that waits and everything until it is back is a named failure, with one notice', async () => {
    const store = await open();
    const crashing = crash(store);
    const waiting = store.commit(openedIncident(2));
    await crashing;
    expect(await waiting).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    expect(await store.commit([])).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    expect(await store.putHealth([])).toMatchObject({ ok: false });
    expect(await store.drawing(1)).toBeNull();
    expect((await store.samples('p', 'up', 0, 1)).covered).toEqual([]);
    await expect(store.load(0)).rejects.toThrow(StoreError);
    expect(notices).toMatchObject([
      { severity: 'error', message: expect.stringContaining('started again; what sources tell is kept') },
    ]);
    await store.close();
    expect(notices).toHaveLength(1);
  });

  test('another one opens the same files, and the notice says that it is over', async () => {
    const store = await open();
    await store.commit(openedIncident(1));
    await crash(store);
    expect((await store.commit(openedIncident(2))).ok).toBe(false);
    await committed(store, 3);
    expect(await store.load(0)).toMatchObject({
      incidents: [{ id: 1 }, { id: 3 }],
      notices: [
        { id: `storage-ended-${nowMs}`, message: expect.stringContaining('started again 0.0 s later') },
      ],
    });
    expect(notices.map(({ id, severity }) => [id, severity])).toEqual([
      [`storage-ended-${nowMs}`, 'error'],
      [`storage-ended-${nowMs}`, 'warning'],
    ]);
    await store.close();
    expect((await (await open()).load(0)).incidents).toHaveLength(2);
  });

  test('no other journal takes the place of the one that the core goes on from', async () => {
    const store = await open(false, [0, 0]);
    await store.commit(openedIncident(1));
    await crash(store);
    await rm(join(directory, journalFile));
    const failure = await eventually('it is given up', async () => {
      const answer = await store.commit([]);
      return !answer.ok && answer.failure.nextStep === 'Restart the console.' ? answer.failure : undefined;
    });
    expect(failure.message).toContain('it is missing');
    expect(notices.map(({ id }) => id)).toEqual([`storage-ended-${nowMs}`, `storage-ended-${nowMs}`]);
    expect(existsSync(join(directory, journalFile))).toBe(false);
  });

  test('one that ends again and again is left ended', async () => {
    const store = await open(false, [0]);
    for (let crashes = 1; crashes <= 3; crashes++) {
      await crash(store);
      await committed(store, crashes);
    }
    await crash(store);
    expect(await store.commit([])).toMatchObject({ failure: { nextStep: 'Restart the console.' } });
    expect(notices.at(-1)).toMatchObject({ severity: 'error', nextStep: 'Restart the console.' });
  });

  test('closing in order is no crash', async () => {
    const store = await open();
    await store.close();
    await store.close();
    expect(await store.commit([])).toMatchObject({ failure: { code: 'unavailable' } });
    expect(notices).toEqual([]);
  });
});
