import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from '#core/store/store.ts';
import { Cleanup } from '#support/cleanup.ts';
import { openedIncident } from '#support/journal-records.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { IncidentRunbooks } from './incident-runbooks.ts';
import type { LinkedRunbook } from './runbook-links.ts';
import { RunbookShelf } from './runbook-shelf.ts';

/** Over the real store and a real folder; `restart` is a core that ended and the next one. */
const alerts = [
  {
    labels: { alertname: 'DiskFull' },
    annotations: { runbook_url: 'https://r.example/disk-full' },
    startsAtMs: 1,
  },
];
const cleanup = new Cleanup();
let folder: string;
let data: string;
let nowMs: number;
let store: Store;
let runbooks: IncidentRunbooks;
let linked: LinkedRunbook;

beforeEach(async () => {
  folder = temporaryFolder(cleanup);
  data = temporaryFolder(cleanup);
  nowMs = 1_000;
  linked = { runbook: null, trouble: 'not asked' };
  await start();
  await writeFile(join(folder, 'disk-full.md'), '# Disk full');
});

afterEach(async () => {
  await store.close();
  await cleanup.run();
});

async function start(): Promise<void> {
  const opened = await openStore({
    dataDirectory: data,
    safeMode: false,
    onNotice: () => undefined,
    nowMs: () => nowMs,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  store = opened.value;
  // As the journal of the incident is: without it what belongs to its number is of a journal that was lost.
  runbooks = new IncidentRunbooks(
    new RunbookShelf({ folder: () => folder, nowMs: () => nowMs }),
    { find: async () => linked },
    store,
  );
}

async function restart(): Promise<void> {
  await store.close();
  nowMs += 60_000;
  await start();
}

test('after a restart with the folder gone, what was read for the incident is there with its age', async () => {
  await store.commit(openedIncident(7));
  expect(await runbooks.read(7, alerts)).toMatchObject({ runbook: { title: 'Disk full', readAtMs: 1_000 } });
  await rm(folder, { recursive: true });
  await restart();
  expect(await runbooks.read(7, alerts)).toMatchObject({
    runbook: { title: 'Disk full', markdown: '# Disk full', path: 'disk-full.md', readAtMs: 1_000 },
    link: { url: 'https://r.example/disk-full', trouble: 'not asked' },
  });
  expect((await runbooks.read(6, alerts)).runbook).toBeNull();
});

test('while the folder is there, it is what it says now', async () => {
  await store.commit(openedIncident(7));
  await runbooks.read(7, alerts);
  await restart();
  await writeFile(join(folder, 'disk-full.md'), '# Disk full, mended');
  expect(await runbooks.read(7, alerts)).toMatchObject({
    runbook: { title: 'Disk full, mended', readAtMs: 61_000 },
    link: { trouble: '' },
  });
});

test('what is linked counts where the folder has none, and is kept like a file of the folder', async () => {
  await store.commit(openedIncident(7));
  await rm(folder, { recursive: true });
  const path = 'https://r.example/disk-full';
  const runbook = { title: 'Linked', markdown: '# Linked', path, writtenAtMs: null, readAtMs: 900 };
  linked = { runbook, trouble: '' };
  expect(await runbooks.read(7, alerts)).toEqual({ runbook, link: { url: path, trouble: '' } });
  await restart();
  linked = { runbook: null, trouble: 'r.example does not answer' };
  expect(await runbooks.read(7, alerts)).toEqual({
    runbook,
    link: { url: path, trouble: 'r.example does not answer' },
  });
  expect(await store.runbookAt(path)).toEqual(runbook);
  expect(await store.runbookAt('https://r.example/other')).toBeNull();
});

test('an alert without a link has none', async () => {
  const bare = [{ labels: { alertname: 'DiskFull' }, annotations: {}, startsAtMs: 1 }];
  expect(await runbooks.read(7, bare)).toMatchObject({ runbook: { title: 'Disk full' }, link: null });
});
