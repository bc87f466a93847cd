import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nanosecondsOf } from '#shared/model/log.ts';
import { dayMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { cacheFile } from '../../files.ts';
import { Cache } from '../cache.ts';
import type { LogPage } from './log-reader.ts';

/** What one call may cost while others wait, where lines are long or streams many. */

const nowMs = Date.UTC(2026, 10, 21, 3, 12);
const scope = { source: 'loki', selector: '{app="api"}', filters: '' };
const question = { scope, matchers: [], filters: [], fromNs: '0', toNs: nanosecondsOf(nowMs + dayMs) };
let cleanup: Cleanup;
let directory: string;

beforeEach(() => {
  cleanup = new Cleanup();
  directory = temporaryFolder(cleanup);
});

afterEach(() => cleanup.run());

function openCache(): Cache {
  const cache = new Cache({ directory, isLeftAlone: false, onNotice: () => undefined }, nowMs);
  cleanup.add(() => cache.close());
  return cache;
}

const perLine = 262_144;
const texts = Array.from({ length: 40 }, (_, index) => `${index} ${'x'.repeat(perLine)} end`);

/** Four of each nanosecond. */
function withLongLines(): Cache {
  const cache = openCache();
  const lines = texts.map((text, index) => ({
    timeNs: String(1_795_230_000_000_000_000n + BigInt(Math.floor(index / 4))),
    text,
    level: 'info' as const,
    metadata: {},
  }));
  const streams = [{ labels: { app: 'api' }, lines }];
  cache.putLogs({ scope, fetchedAtMs: nowMs, incidentId: null, streams, coverage: null }, nowMs);
  return cache;
}

test.each(['forward', 'backward'] as const)(
  'long lines end a page, and none is left out: %s',
  (direction) => {
    const cache = withLongLines();
    const found: string[] = [];
    let pages = 0;
    const filters = [{ operator: '|~' as const, values: ['^[0-9]+ x+ end$'] }];
    for (let rest: LogPage['rest'] = question; rest !== null; pages++) {
      const query = { ...question, ...rest, filters, direction, limit: 100, isScan: pages > 0 };
      const page = cache.logPage(query, nowMs);
      if (page === null) throw new Error('no page');
      expect(page.lines.length).toBeLessThanOrEqual(20);
      found.push(...page.lines.map(({ text }) => text));
      rest = page.rest;
    }
    expect(pages).toBe(3);
    expect(direction === 'backward' ? found.toReversed() : found).toEqual(texts);
  },
);

test('long lines are counted in pages, each once', () => {
  const cache = withLongLines();
  let counted = 0;
  let pages = 0;
  const filters = [{ operator: '|~' as const, values: ['end$'] }];
  for (let rest: LogPage['rest'] = question; rest !== null; pages++) {
    const query = { ...question, ...rest, filters, originNs: '0', stepNs: '1000000000', isScan: pages > 0 };
    const page = cache.logCounts(query, nowMs);
    if (page === null) throw new Error('no page');
    for (const { lines } of page.counts) counted += lines;
    rest = page.rest;
  }
  expect(pages).toBe(3);
  expect(counted).toBe(texts.length);
});

test('more streams than a call has arguments are counted and asked for', () => {
  openCache().close();
  const database = new Database(join(directory, cacheFile));
  database.exec(`
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 200000)
    INSERT INTO log_stream (source, labels, fetched_at_ms, lines)
    SELECT 'loki', json_array(json_array('n', CAST(n AS TEXT))), ${nowMs}, 1 FROM numbers`);
  database.close();
  const query = { ...question, originNs: '0', stepNs: '1000000000', isScan: false };
  expect(openCache().logCounts(query, nowMs)).toEqual({ counts: [], rest: null, fetchedAtMs: null });
});
