import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { cacheFile } from '../files.ts';
import { CacheReader } from './cache-reader.ts';
import { Cache } from './cache.ts';

const up = [{ name: '__name__', operator: '=', value: 'up' }] as const;
let cleanup: Cleanup;
let directory: string;

beforeEach(() => {
  cleanup = new Cleanup();
  directory = temporaryFolder(cleanup);
});

afterEach(() => cleanup.run());

function openCache(): Cache {
  const cache = new Cache({ directory, isLeftAlone: false, onNotice: () => undefined }, 0);
  cleanup.add(() => cache.close());
  return cache;
}

function openReader(): CacheReader {
  const reader = new CacheReader(directory);
  cleanup.add(() => reader.close());
  return reader;
}

function put(cache: Cache, timeMs: number): void {
  const series = [
    { labels: { __name__: 'up' }, timesMs: Float64Array.of(timeMs), values: Float64Array.of(1) },
  ];
  const window = {
    source: 'p',
    selector: 'up',
    fromMs: timeMs,
    toMs: timeMs,
    fetchedAtMs: 0,
    incidentId: null,
  };
  expect(cache.putSamples({ ...window, series }, 0)).toMatchObject({ ok: true });
}

test('a reader sees what is written beside it, and there is nothing before there is a cache', () => {
  const reader = openReader();
  expect(reader.source('p')).toBeNull();
  const cache = openCache();
  put(cache, 1);
  const source = reader.source('p');
  expect(source?.select(up, 0, 9)).toHaveLength(1);
  put(cache, 2);
  expect(reader.source('p')).toBe(source);
  expect(source?.select(up, 0, 9)[0]?.timesMs).toEqual(Float64Array.of(1, 2));
  expect(source?.covered(up, 0, 9)).toMatchObject([{ fromMs: 1, toMs: 2 }]);
});

test('a cache that was thrown away is opened anew', () => {
  const reader = openReader();
  const before = openCache();
  put(before, 1);
  expect(reader.source('p')?.select(up, 0, 9)).toHaveLength(1);
  before.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory, cacheFile + suffix), { force: true });
  const other = openCache();
  put(other, 5);
  expect(reader.source('p')?.select(up, 0, 9)[0]?.timesMs).toEqual(Float64Array.of(5));
});

test('a cache of another version is not read', () => {
  openCache().close();
  const newer = new Database(join(directory, cacheFile));
  newer.pragma('user_version = 99');
  newer.close();
  expect(openReader().source('p')).toBeNull();
});
