import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Notice } from '#shared/model/console.ts';
import type { Chart, Series } from '#shared/model/series.ts';
import { dayMs, hourMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { sourceHealth } from '#support/models.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { cacheFile } from '../files.ts';
import { Cache } from './cache.ts';
import { wordsOf } from './samples/frame-codec.ts';
import type { SamplesToKeep } from './samples/sample-writer.ts';

const nowMs = Date.UTC(2026, 10, 21, 3, 12);
let cleanup: Cleanup;
let directory: string;
let notices: Notice[];

beforeEach(() => {
  cleanup = new Cleanup();
  directory = temporaryFolder(cleanup);
  notices = [];
});

afterEach(() => cleanup.run());

function openCache(isLeftAlone = false): Cache {
  const cache = new Cache({ directory, isLeftAlone, onNotice: (notice) => notices.push(notice) }, nowMs);
  cleanup.add(() => cache.close());
  return cache;
}

function series(times: readonly number[], value: (timeMs: number) => number, pod = 'a'): Series {
  return {
    labels: { __name__: 'up', pod },
    timesMs: Float64Array.from(times),
    values: Float64Array.from(times, value),
  };
}

function scrape(fromMs: number, toMs: number): number[] {
  const first = Math.ceil(fromMs / 15_000) * 15_000;
  return Array.from(
    { length: Math.floor((toMs - first) / 15_000) + 1 },
    (_, index) => first + index * 15_000,
  );
}

function kept(fromMs: number, toMs: number, part: Partial<SamplesToKeep> = {}): SamplesToKeep {
  return {
    source: 'prometheus',
    selector: 'up',
    fromMs,
    toMs,
    fetchedAtMs: toMs,
    incidentId: null,
    series: [series(scrape(fromMs, toMs), (timeMs) => timeMs % 7)],
    ...part,
  };
}

const done = { ok: true, value: undefined };

describe('samples', () => {
  test('come back as they were kept, and what was not asked for is not covered', () => {
    const cache = openCache();
    const fromMs = nowMs - 5 * hourMs;
    const input = kept(fromMs, nowMs, {
      series: [series(scrape(fromMs, nowMs), Math.sin), series([fromMs + 1], () => Number.NaN, 'b')],
    });
    expect(cache.putSamples(input, nowMs)).toEqual(done);
    const answer = cache.samples('prometheus', 'up', fromMs - hourMs, nowMs + hourMs, nowMs);
    expect(answer.covered).toEqual([{ fromMs, toMs: nowMs, fetchedAtMs: nowMs }]);
    expect(answer.fetchedAtMs).toBe(nowMs);
    expect(
      answer.series.toSorted((a, b) => (a.labels['pod'] ?? '').localeCompare(b.labels['pod'] ?? '')),
    ).toEqual(input.series);
    const nothing = { series: [], covered: [], fetchedAtMs: null };
    expect(cache.samples('prometheus', 'down', fromMs, nowMs, nowMs)).toEqual(nothing);
    expect(cache.samples('other', 'up', fromMs, nowMs, nowMs)).toEqual(nothing);
    expect(cache.samples('prometheus', 'up', nowMs + 1, nowMs + 2, nowMs)).toEqual(nothing);
  });

  test('keep the bits of staleness markers through storing, joining and reading', () => {
    const cache = openCache();
    const marker = BigUint64Array.of(0x7ff0_0000_0000_0002n);
    const stale = {
      labels: { a: 'b' },
      timesMs: Float64Array.of(10),
      values: new Float64Array(marker.buffer),
    };
    const selector = '{a="b"}';
    cache.putSamples(kept(0, 20, { selector, series: [stale] }), nowMs);
    const later = { ...series([30], () => 1), labels: { a: 'b' } };
    cache.putSamples(kept(15, 40, { selector, series: [later] }), nowMs);
    const [found] = cache.samples('prometheus', selector, 0, 40, nowMs).series;
    expect([...wordsOf(found?.values ?? new Float64Array())].slice(0, 2)).toEqual([2, 0x7ff0_0000]);
  });

  test('of an empty answer are covered: known to be absent', () => {
    const cache = openCache();
    cache.putSamples(kept(100, 200, { series: [] }), nowMs);
    expect(cache.samples('prometheus', 'up', 0, 150, nowMs)).toMatchObject({
      series: [],
      covered: [{ fromMs: 100, toMs: 150 }],
    });
  });

  test('of windows that overlap are joined without a sample twice or a hole', () => {
    const cache = openCache();
    const windows = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 300 }))
        .map(([start, length]) => [start * 60_000, (start + length) * 60_000] as const),
      { minLength: 1, maxLength: 6 },
    );
    let round = 0;
    const check = (list: readonly (readonly [number, number])[]): void => {
      const pod = String(round++);
      const selector = `up{pod="${pod}"}`;
      for (const [fromMs, toMs] of list) {
        const one = series(scrape(fromMs, toMs), (timeMs) => timeMs % 7, pod);
        expect(cache.putSamples(kept(fromMs, toMs, { selector, series: [one] }), nowMs)).toEqual(done);
      }
      const expected = new Set(list.flatMap(([fromMs, toMs]) => scrape(fromMs, toMs)));
      const answer = cache.samples('prometheus', selector, 0, dayMs, nowMs);
      const times = [...(answer.series[0]?.timesMs ?? [])];
      expect(times).toEqual([...expected].toSorted((a, b) => a - b));
      expect([...(answer.series[0]?.values ?? [])]).toEqual(times.map((timeMs) => timeMs % 7));
      const isCovered = (at: number): boolean => answer.covered.some((w) => w.fromMs <= at && w.toMs >= at);
      expect(times.every(isCovered)).toBe(true);
    };
    fc.assert(fc.property(windows, check), { numRuns: 15 });
  });

  test('that are none are refused by name, and nothing of them is kept', () => {
    const cache = openCache();
    const good = series([50], () => 1, 'good');
    const bad = [
      series([50, 50], () => 1),
      series([60, 50], () => 1),
      series([Number.NaN], () => 1),
      { ...series([50], () => 1), values: new Float64Array() },
      series([50], () => 2, 'good'),
      { ...series([50], () => 1), labels: { __name__: 'down' } },
    ];
    for (const one of bad) {
      const put = cache.putSamples(kept(0, 100, { series: [good, one] }), nowMs);
      expect(put).toMatchObject({ ok: false, failure: { code: 'invalid-input' } });
    }
    expect(cache.putSamples(kept(100, 0), nowMs)).toMatchObject({ failure: { code: 'invalid-input' } });
    const none = kept(0, 100, { selector: 'up{', series: [good] });
    expect(cache.putSamples(none, nowMs)).toMatchObject({ failure: { code: 'invalid-input' } });
    expect(cache.samples('prometheus', 'up', 0, 100, nowMs).covered).toEqual([]);
  });
});

describe('what is let go of', () => {
  const oldMs = nowMs - 9 * dayMs;

  test('past its retention: unpinned samples and what they covered; never the evidence of an incident', () => {
    const cache = openCache();
    cache.putSamples(kept(oldMs, oldMs + hourMs), nowMs);
    cache.putSamples(kept(oldMs, oldMs + hourMs, { selector: 'empty', series: [] }), nowMs);
    const pinned = { ...series(scrape(oldMs, oldMs + hourMs), Math.sin), labels: { __name__: 'pinned' } };
    cache.putSamples(
      kept(oldMs, oldMs + hourMs, { selector: 'pinned', incidentId: 7, series: [pinned] }),
      nowMs,
    );
    cache.putSamples(kept(nowMs - hourMs, nowMs), nowMs);
    while (cache.maintain(2 ** 40, nowMs));
    const covered = (selector: string): number =>
      cache.samples('prometheus', selector, oldMs, nowMs, nowMs).covered.length;
    expect([covered('up'), covered('empty'), covered('pinned')]).toEqual([1, 0, 1]);
    expect(cache.samples('prometheus', 'up', oldMs, oldMs + hourMs, nowMs)).toMatchObject({
      series: [],
      covered: [],
    });
    expect(
      cache.samples('prometheus', 'pinned', oldMs, nowMs, nowMs).series[0]?.timesMs.length,
    ).toBeGreaterThan(200);
    expect(notices).toEqual([]);
  });

  test('over its size: the oldest unpinned first, and it says so', () => {
    const cache = openCache();
    const startMs = nowMs - 3 * dayMs;
    const noise = (timeMs: number): number => Math.sin(timeMs) * 1e9;
    const put = (fromMs: number, selector: string, incidentId: number | null): void => {
      const all = Array.from({ length: 40 }, (_, pod) => ({
        ...series(scrape(fromMs, fromMs + 4 * hourMs), noise),
        labels: { __name__: selector, pod: String(pod) },
      }));
      const window = kept(fromMs, fromMs + 4 * hourMs, { selector, incidentId, series: all });
      expect(cache.putSamples(window, nowMs)).toEqual(done);
    };
    put(startMs, 'old', null);
    put(startMs, 'pinned', 7);
    put(startMs + 2 * dayMs, 'new', null);
    cache.maintain(2 ** 40, nowMs);
    const before = cache.size();
    const cap = before.usedBytes - 100_000;
    while (cache.maintain(cap, nowMs));
    expect(cache.size().usedBytes).toBeLessThanOrEqual(cap);
    expect(cache.size().fileBytes).toBeLessThan(before.fileBytes);
    const kept4h = (selector: string): number =>
      cache.samples('prometheus', selector, startMs, nowMs, nowMs).series[0]?.timesMs.length ?? 0;
    expect(kept4h('old')).toBeLessThan(kept4h('pinned'));
    expect(kept4h('new')).toBe(961);
    expect(notices).toMatchObject([{ id: 'cache-evicted-2026-11-21', severity: 'info' }]);
    while (cache.maintain(0, nowMs));
    expect([kept4h('old'), kept4h('new'), kept4h('pinned')]).toEqual([0, 0, 961]);
  });
});

const chart: Chart = {
  origin: { kind: 'live', source: 'prometheus', atMs: nowMs },
  expression: 'up == 0',
  drawn: 'up',
  threshold: { operator: '==', value: 0 },
  fromMs: 0,
  toMs: 30,
  stepMs: 15,
  series: [series([0, 15, 30], (timeMs) => timeMs / 3), { ...series([0], () => Number.NaN), labels: {} }],
  seriesTotal: 2,
};

describe('what was last seen', () => {
  test('is kept over a restart: drawings by incident, health by source', () => {
    const cache = openCache();
    cache.putDrawing(1, { ...chart, seriesTotal: 9 }, nowMs);
    cache.putDrawing(1, chart, nowMs);
    cache.putDrawing(2, { ...chart, series: [] }, nowMs);
    cache.putHealth([sourceHealth({ name: 'gone' })], nowMs);
    cache.putHealth([sourceHealth(), sourceHealth({ name: 'b' })], nowMs);
    cache.close();
    const again = openCache();
    expect(again.drawing(1, nowMs)).toEqual(chart);
    expect(again.drawing(2, nowMs)).toEqual({ ...chart, series: [] });
    expect(again.drawing(3, nowMs)).toBeNull();
    expect(again.health(nowMs)).toEqual([sourceHealth({ name: 'b' }), sourceHealth()]);
  });

  test('of incidents that the journal does not have is forgotten: their numbers come again', () => {
    const cache = openCache();
    for (const id of [1, 2, 3]) cache.putDrawing(id, chart, nowMs);
    cache.forgetIncidentsAfter(1, nowMs);
    expect([1, 2, 3].map((id) => cache.drawing(id, nowMs) !== null)).toEqual([true, false, false]);
  });
});

describe('the file', () => {
  const path = (): string => join(directory, cacheFile);

  test('is for its owner only, and clean after closing', () => {
    openCache().close();
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual([cacheFile]);
  });

  test('is left alone in safe mode', () => {
    const cache = openCache(true);
    expect(cache.putDrawing(1, chart, nowMs)).toEqual(done);
    expect(cache.drawing(1, nowMs)).toEqual(chart);
    expect(existsSync(path())).toBe(false);
  });

  test.each([
    ['an empty file', () => writeFileSync(path(), '')],
    ['noise', () => writeFileSync(path(), 'not a database at all '.repeat(500))],
    ['a folder', () => mkdirSync(path())],
    ['another database', () => void new Database(path()).exec('CREATE TABLE other (a)').close()],
  ])('that is %s gives way to a new one, with a notice', (_shape, make) => {
    make();
    const cache = openCache();
    expect(notices).toMatchObject([{ id: 'cache-recreated', severity: 'info' }]);
    expect(cache.putDrawing(1, chart, nowMs)).toEqual(done);
    expect(cache.size().fileBytes).toBeGreaterThan(0);
  });

  test('of a newer version is left as it is', () => {
    openCache().close();
    const newer = new Database(path());
    newer.pragma('user_version = 99');
    newer.close();
    const before = readFileSync(path());
    const cache = openCache();
    expect(cache.putDrawing(1, chart, nowMs)).toEqual(done);
    expect(notices).toMatchObject([{ id: 'cache-in-memory', severity: 'warning' }]);
    cache.close();
    expect(readFileSync(path()).equals(before)).toBe(true);
  });

  test('whose damage shows while it is used starts over; what is written then is kept', () => {
    const cache = openCache();
    cache.putSamples(kept(0, 60_000), nowMs);
    cache.close();
    const damage = new Database(path());
    damage.exec(`UPDATE sample_part SET data = x'0100'`);
    damage.close();
    const again = openCache();
    expect(again.samples('prometheus', 'up', 0, 60_000, nowMs).covered).toEqual([]);
    expect(notices).toMatchObject([{ id: 'cache-recreated', message: expect.stringContaining('checksum') }]);
    expect(again.putSamples(kept(0, 60_000), nowMs)).toEqual(done);
    expect(again.samples('prometheus', 'up', 0, 60_000, nowMs).series).toHaveLength(1);
  });
});

test('a text is kept by its name until the next of that name, and over a restart', () => {
  const cache = openCache();
  expect(cache.text('overview', nowMs)).toBeNull();
  expect(cache.putText('overview', 'first', nowMs)).toEqual(done);
  expect(cache.putText('overview', 'second', nowMs)).toEqual(done);
  cache.close();
  expect(openCache().text('overview', nowMs)).toBe('second');
});
