import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { claimDataFolder, readOwner, writeOwner, type Claim, type ClaimName } from './lock.ts';

let cleanup: Cleanup;
let directory: string;

beforeEach(() => {
  cleanup = new Cleanup();
  directory = join(temporaryFolder(cleanup), 'data');
});

afterEach(() => cleanup.run());

async function claim(name: ClaimName = 'host', waitMs = 0): Promise<Claim> {
  const claimed = await claimDataFolder(directory, name, waitMs);
  if (!claimed.ok) throw new Error(claimed.failure.message);
  cleanup.add(() => claimed.value.release());
  return claimed.value;
}

test('a folder has one owner of each name, until it lets go', async () => {
  const host = await claim();
  await claim('core');
  const second = await claimDataFolder(directory, 'host', 0);
  expect(second).toMatchObject({
    ok: false,
    failure: { code: 'conflict', message: expect.stringContaining(directory) },
  });
  host.release();
  host.release();
  await claim();
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, 'host.lock')).mode & 0o777).toBe(0o600);
});

test('whoever is second is told where the first one is', async () => {
  const host = await claim();
  writeOwner(directory, 'http://127.0.0.1:7700/#token=x');
  expect(statSync(join(directory, 'owner.json')).mode & 0o777).toBe(0o600);
  expect(await claimDataFolder(directory, 'host', 0)).toMatchObject({
    failure: { owner: 'http://127.0.0.1:7700/#token=x' },
  });
  host.release();
  await claim();
  // What the one before told is not said of this one.
  expect(readOwner(directory)).toBeNull();
});

test('a claim waits for an owner that is ending', async () => {
  const host = await claim();
  const waiting = claimDataFolder(directory, 'host', 5_000);
  setTimeout(() => host.release(), 60);
  const claimed = await waiting;
  expect(claimed.ok).toBe(true);
  if (claimed.ok) claimed.value.release();
});

test.each(['', '{"address":5}', 'noise', '{'])('an owner file of %j tells no address', async (text) => {
  await claim();
  writeFileSync(join(directory, 'owner.json'), text);
  expect(readOwner(directory)).toBeNull();
});

test('a folder that cannot be is a named failure', async () => {
  const file = join(temporaryFolder(cleanup), 'file');
  writeFileSync(file, '');
  expect(await claimDataFolder(join(file, 'data'), 'host', 0)).toMatchObject({ ok: false });
});
