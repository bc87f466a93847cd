import { execFile } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { journalFile } from '#core/store/files.ts';
import { openStore } from '#core/store/store.ts';
import { Cleanup } from '#support/cleanup.ts';
import { openedIncident } from '#support/journal-records.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/**
 * A data folder, or a journal in it, that may not be written: the console shows what it can read and says
 * that nothing is kept. Root may write anywhere, so under root the console runs as another user here.
 */
const opener = fileURLToPath(new URL('opener.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const cleanup = new Cleanup();
let parent: string;
let directory: string;

beforeEach(() => {
  parent = temporaryFolder(cleanup);
  directory = join(parent, 'data');
});

afterEach(() => cleanup.run());

/** Why the other user cannot run this checkout; undefined where it can. */
function whyNobodyCannotRun(): string | undefined {
  if (!isRoot) return undefined;
  const closed = [opener, process.execPath]
    .flatMap((path) => foldersAbove(path))
    .find((folder) => (statSync(folder).mode & 0o001) === 0);
  return closed === undefined
    ? undefined
    : `other users may not enter ${closed}, so none can run the console there`;
}

function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...foldersAbove(above)];
}

async function fill(): Promise<void> {
  const opened = await openStore({
    dataDirectory: directory,
    safeMode: false,
    onNotice: () => {},
    nowMs: Date.now,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  expect((await opened.value.commit(openedIncident(1))).ok).toBe(true);
  await opened.value.close();
}

function giveAway(path: string): void {
  if (isRoot) chownSync(path, nobody, nobody);
}

function protect(path: string, mode: number): void {
  chmodSync(path, mode);
  cleanup.add(() => existsSync(path) && chmodSync(path, 0o700));
}

async function openAsUser(): Promise<unknown> {
  chmodSync(parent, 0o755);
  const user = isRoot ? { uid: nobody, gid: nobody } : {};
  const { stdout } = await promisify(execFile)(process.execPath, [opener, directory], user);
  return JSON.parse(stdout) as unknown;
}

const readOnly = { ok: false, failure: { code: 'read-only' } };

test('a journal that may only be read is read, and says so', async (context) => {
  context.skip(whyNobodyCannotRun() !== undefined, whyNobodyCannotRun());
  await fill();
  giveAway(directory);
  for (const name of readdirSync(directory)) giveAway(join(directory, name));
  protect(join(directory, journalFile), 0o400);
  expect(await openAsUser()).toMatchObject({
    claimed: 'held',
    mode: 'read-only',
    incidents: [1],
    committed: readOnly,
    notices: [{ severity: 'error' }],
  });
});

test('a folder of somebody else cannot be claimed; opened all the same it is read', async (context) => {
  context.skip(!isRoot, 'needs two users: run it as root');
  context.skip(whyNobodyCannotRun() !== undefined, whyNobodyCannotRun());
  await fill();
  chmodSync(directory, 0o755);
  for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o644);
  expect(await openAsUser()).toMatchObject({
    claimed: 'read-only',
    mode: 'read-only',
    incidents: [1],
    committed: readOnly,
  });
});

test('an empty folder that may not be written leaves a journal in memory, and says so', async (context) => {
  context.skip(!isRoot, 'needs two users: run it as root');
  context.skip(whyNobodyCannotRun() !== undefined, whyNobodyCannotRun());
  await fill();
  for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o000);
  chmodSync(directory, 0o755);
  expect(await openAsUser()).toMatchObject({
    claimed: 'read-only',
    mode: 'memory',
    incidents: [],
    committed: { ok: true },
    notices: [
      { severity: 'error', message: expect.stringContaining('Nothing of this run is kept') },
      { id: 'cache-in-memory' },
    ],
  });
});
