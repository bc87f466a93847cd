import { mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { dropOldAside, stampOf } from './files.ts';

const mebibyte = 2 ** 20;
let cleanup: Cleanup;
let directory: string;

beforeEach(() => {
  cleanup = new Cleanup();
  directory = temporaryFolder(cleanup);
});

afterEach(() => cleanup.run());

/** A file without content of its own on the disk. */
function putAside(second: number, bytes: number, suffix = ''): string {
  const name = `journal.db.corrupt-${stampOf(second * 1_000)}${suffix}`;
  writeFileSync(join(directory, name), '');
  truncateSync(join(directory, name), bytes);
  return name;
}

test('the newest five stay, side files count with their database', () => {
  const names = Array.from({ length: 7 }, (_, second) => putAside(second, 10));
  putAside(0, 10, '-wal');
  putAside(6, 10, '-shm');
  expect(dropOldAside(directory).sort()).toEqual(names.slice(0, 2));
  expect(readdirSync(directory)).toHaveLength(6);
  expect(dropOldAside(directory)).toEqual([]);
});

test('together they are at most 1 GiB, but the newest stays whatever its size', () => {
  const [oldest, middle] = [putAside(1, 300 * mebibyte), putAside(2, 100 * mebibyte)];
  putAside(3, 600 * mebibyte);
  putAside(3, 200 * mebibyte, '-wal');
  expect(dropOldAside(directory)).toEqual([oldest]);
  putAside(4, 1_200 * mebibyte);
  expect(dropOldAside(directory)).toContain(middle);
  expect(readdirSync(directory)).toHaveLength(1);
});

test('nothing else in the folder is touched, nor what is no file', () => {
  for (const name of ['journal.db', 'cache.db', 'journal.db.corrupt-notes', 'x.corrupt-20261121T031208123Z'])
    writeFileSync(join(directory, name), '');
  for (let second = 0; second < 7; second++)
    mkdirSync(join(directory, `cache.db.corrupt-${stampOf(second * 1_000)}`));
  expect(dropOldAside(directory)).toEqual([]);
  expect(readdirSync(directory)).toHaveLength(11);
});
