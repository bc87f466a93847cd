import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { DamagedContent, openDatabase, type SqliteDatabase } from '../../database.ts';
import { cacheFile } from '../../files.ts';
import { Cache } from '../cache.ts';
import { blockMs } from './blocks.ts';
import { CacheSampleSource, readerDefaults } from './sample-reader.ts';
import type { SamplesToKeep, SeriesToKeep } from './sample-writer.ts';

const nowMs = Date.UTC(2026, 10, 21, 3, 12);
const blockStartMs = Math.floor((nowMs - 6 * hourMs) / blockMs) * blockMs;
const scrapeMs = 15_000;
const done = { ok: true, value: undefined };
let cleanup: Cleanup;
let directory: string;
let cache: Cache;

beforeEach(() => {
  cleanup = new Cleanup();
  directory = temporaryFolder(cleanup);
  cache = new Cache({ directory, isLeftAlone: false, onNotice: () => undefined }, nowMs);
  cleanup.add(() => cache.close());
});

afterEach(() => cleanup.run());

function reader(): SqliteDatabase {
  const database = openDatabase(join(directory, cacheFile), { readonly: true });
  cleanup.add(() => database.close());
  return database;
}

function named(name: string): LabelMatcher[] {
  return [{ name: '__name__', operator: '=', value: name }];
}

function scraped(name: string, pod: string, fromMs: number, count: number, part: Partial<SeriesToKeep> = {}) {
  return {
    labels: { __name__: name, pod },
    timesMs: Float64Array.from({ length: count }, (_, index) => fromMs + index * scrapeMs),
    values: Float64Array.from({ length: count }, (_, index) => fromMs / 1_000 + index),
    ...part,
  };
}

function put(selector: string, series: SeriesToKeep[], part: Partial<SamplesToKeep> = {}): void {
  const times = series.flatMap(({ timesMs }) => [...timesMs]);
  const window = { fromMs: Math.min(...times), toMs: Math.max(...times) };
  const input = { source: 'p', selector, ...window, fetchedAtMs: nowMs, incidentId: null, series, ...part };
  expect(cache.putSamples(input, nowMs)).toEqual(done);
}

/** One scrape after another, as a tail brings them. */
function putScrapes(name: string, pods: readonly string[], count: number): void {
  for (let index = 0; index < count; index++)
    put(
      name,
      pods.map((pod) => scraped(name, pod, blockStartMs + index * scrapeMs, 1)),
    );
}

function partCount(database: SqliteDatabase): number {
  return Number(database.prepare('SELECT count(*) FROM sample_part').pluck().get());
}

describe('a source of samples', () => {
  test('gives series in the order of their labels, with one column of times where they were scraped together', () => {
    put(
      'up',
      ['b', 'a', 'c'].map((pod) => scraped('up', pod, blockStartMs - hourMs, 500)),
    );
    put('other', [scraped('other', 'z', blockStartMs - hourMs, 500)]);
    const source = new CacheSampleSource(reader(), 'p');
    const found = source.select(named('up'), blockStartMs - 10 * minuteMs, blockStartMs + 10 * minuteMs);
    expect(found.map(({ labels }) => labels.get('pod'))).toEqual(['a', 'b', 'c']);
    expect(new Set(found.map(({ timesMs }) => timesMs)).size).toBe(1);
    const [first] = found;
    expect(first?.timesMs).toHaveLength(81);
    expect(first?.values[0]).toBe((blockStartMs - hourMs) / 1_000 + 200);
    const [other] = source.select(named('other'), blockStartMs - 10 * minuteMs, blockStartMs + 10 * minuteMs);
    expect(other?.timesMs).toBe(first?.timesMs);
    expect(source.select(named('up'), blockStartMs + dayMs, blockStartMs + 2 * dayMs)).toEqual([]);
    expect(new CacheSampleSource(reader(), 'q').select(named('up'), 0, nowMs)).toEqual([]);
  });

  test('answers what was put, however it was put: in any pieces, again, read in any windows, in little memory', () => {
    const pods = ['a', 'b', 'c'];
    const piece = fc.record({
      start: fc.integer({ min: 0, max: 900 }),
      length: fc.integer({ min: 1, max: 400 }),
      pods: fc.subarray(pods, { minLength: 1 }),
    });
    const window = fc.tuple(fc.integer({ min: -10, max: 1_300 }), fc.integer({ min: 0, max: 700 }));
    let round = 0;
    const check = (
      pieces: { start: number; length: number; pods: string[] }[],
      windows: [number, number][],
    ): void => {
      const name = `up_${round++}`;
      const at = (index: number): number => blockStartMs + index * scrapeMs;
      const expected = new Map(pods.map((pod) => [pod, new Map<number, number>()]));
      const source = new CacheSampleSource(reader(), 'p', { ...readerDefaults, decodedBytes: 5_000 });
      for (const { start, length, pods: own } of pieces) {
        put(
          name,
          own.map((pod) => scraped(name, pod, at(start), length)),
        );
        // At a moment that two pieces have, the newer one counts.
        for (const pod of own)
          for (let index = 0; index < length; index++)
            expected.get(pod)?.set(at(start + index), at(start) / 1_000 + index);
        if (start % 3 === 0) cache.maintain(2 ** 40, nowMs);
        for (const [from, count] of windows) {
          const found = source.select(named(name), at(from), at(from + count));
          const answer = found.map(({ labels, timesMs, values }) => [
            labels.get('pod'),
            [...timesMs].map((timeMs, index) => [timeMs, values[index]]),
          ]);
          const within = ([timeMs]: [number, number]): boolean =>
            timeMs >= at(from) && timeMs <= at(from + count);
          const wanted = [...expected]
            .map(
              ([pod, all]) => [pod, [...all].filter(within).sort(([left], [right]) => left - right)] as const,
            )
            .filter(([, samples]) => samples.length > 0);
          expect(answer).toEqual(wanted);
        }
      }
    };
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.array(window, { minLength: 1, maxLength: 4 }),
        check,
      ),
      { numRuns: 15 },
    );
  });

  test('follows what others commit, and keeps within its memory', () => {
    const source = new CacheSampleSource(reader(), 'p', { ...readerDefaults, decodedBytes: 20_000 });
    expect(source.select(named('up'), 0, nowMs)).toEqual([]);
    put('up', [scraped('up', 'a', blockStartMs, 10)]);
    expect(source.select(named('up'), 0, nowMs)[0]?.timesMs).toHaveLength(10);
    put('up', [scraped('up', 'a', blockStartMs + 10 * scrapeMs, 5), scraped('up', '0', blockStartMs, 5)]);
    expect(source.select(named('up'), 0, nowMs).map(({ timesMs }) => timesMs.length)).toEqual([5, 15]);
    for (let index = 0; index < 40; index++) put(`m${index}`, [scraped(`m${index}`, 'a', blockStartMs, 400)]);
    for (let index = 0; index < 40; index++) source.select(named(`m${index}`), 0, nowMs);
    expect(source.decodedBytes).toBeLessThanOrEqual(20_000);
    expect(source.decodedBytes).toBeGreaterThan(3_000);
  });

  test('marks stale markers, and names the times of native histograms, whose bytes are kept', () => {
    const values = Float64Array.of(1, Number.NaN, 2);
    new BigUint64Array(values.buffer)[1] = 0x7ff0_0000_0000_0002n;
    const histograms = [{ timeMs: blockStartMs + 60_000, message: Uint8Array.of(9, 8, 7) }];
    put('up', [scraped('up', 'a', blockStartMs, 3, { values, histograms })], { toMs: blockStartMs + hourMs });
    const [series] = new CacheSampleSource(reader(), 'p').select(
      named('up'),
      blockStartMs,
      blockStartMs + hourMs,
    );
    expect(series?.stale).toEqual(Uint8Array.of(0, 1, 0));
    expect(series?.histogramTimesMs).toEqual(Float64Array.of(blockStartMs + 60_000));
    const [kept] = cache.samples('p', 'up', blockStartMs, blockStartMs + hourMs, nowMs).series;
    expect(kept?.histograms).toMatchObject([{ timeMs: blockStartMs + 60_000 }]);
    expect([...(kept?.histograms?.[0]?.message ?? [])]).toEqual([9, 8, 7]);
    expect(new BigUint64Array(kept?.values.buffer ?? new ArrayBuffer())[1]).toBe(0x7ff0_0000_0000_0002n);
  });

  test('is covered where a selection of at least as much is', () => {
    put('up', [], { fromMs: 0, toMs: 100 });
    put('up{pod="a"}', [], { fromMs: 90, toMs: 200 });
    const source = new CacheSampleSource(reader(), 'p');
    const podA = [...named('up'), { name: 'pod', operator: '=', value: 'a' }] as const;
    const windows = (matchers: readonly LabelMatcher[]) =>
      source.covered(matchers, 50, 500).map(({ fromMs, toMs }) => [fromMs, toMs]);
    expect(windows(named('up'))).toEqual([[50, 100]]);
    expect(windows(podA)).toEqual([[50, 200]]);
    expect(windows([{ name: 'pod', operator: '=', value: 'a' }])).toEqual([]);
  });

  test('refuses more series or samples than allowed, and says damage by name', () => {
    put(
      'up',
      ['a', 'b'].map((pod) => scraped('up', pod, blockStartMs, 100)),
    );
    const few = (limits: object) => new CacheSampleSource(reader(), 'p', { ...readerDefaults, ...limits });
    expect(() => few({ maxSeries: 1 }).select(named('up'), 0, nowMs)).toThrow(
      'one selector selects more than 1 series',
    );
    expect(() => few({ maxSamples: 199 }).select(named('up'), 0, nowMs)).toThrow('more than 199 samples');
    expect(few({ maxSamples: 200 }).select(named('up'), 0, nowMs)).toHaveLength(2);
    const writing = openDatabase(join(directory, cacheFile));
    writing.exec(
      `UPDATE sample_part SET data = CAST(substr(data, 1, 20) || x'01' || substr(data, 22) AS BLOB)`,
    );
    writing.close();
    expect(() => few({}).select(named('up'), 0, nowMs)).toThrow(DamagedContent);
  });

  test('reading ends where whoever asked wants it to', () => {
    put('up', [scraped('up', 'a', blockStartMs, 10)]);
    const ends = (): void => {
      throw new Error('nobody waits');
    };
    expect(() => new CacheSampleSource(reader(), 'p').select(named('up'), 0, nowMs, ends)).toThrow(
      'nobody waits',
    );
  });

  test('labels that are not what was written are damage, not another series', () => {
    put('up', [scraped('up', 'a', blockStartMs, 10)]);
    for (const damaged of [`replace(labels, '"a"', '"b"')`, `'[]'`, `'7'`, `'['`]) {
      const writing = openDatabase(join(directory, cacheFile));
      writing.exec(`UPDATE sample_series SET labels = ${damaged}`);
      writing.close();
      const again = new CacheSampleSource(reader(), 'p');
      expect(() => again.select(named('up'), 0, nowMs), damaged).toThrow(DamagedContent);
      expect(() => again.select([], 0, nowMs), damaged).toThrow(DamagedContent);
    }
  });
});

describe('tidying up', () => {
  test('joins the parts of many scrapes into one of a block that is past, and loses nothing', () => {
    const pods = Array.from({ length: 30 }, (_, index) => String(index).padStart(2, '0'));
    putScrapes('up', pods, 60);
    const database = reader();
    const before = new CacheSampleSource(database, 'p').select(named('up'), 0, nowMs);
    expect(partCount(database)).toBe(60);
    while (cache.maintain(2 ** 40, blockStartMs + hourMs));
    expect(partCount(database)).toBe(1);
    const joined = new CacheSampleSource(database, 'p').select(named('up'), 0, nowMs);
    expect(joined).toEqual(before);
    put('up', [scraped('up', '00', blockStartMs + 60 * scrapeMs, 1)]);
    while (cache.maintain(2 ** 40, nowMs));
    expect(partCount(database)).toBe(1);
  });

  test('joins little of a block that still grows: each sample is written a few times', () => {
    for (let index = 0; index < 64; index++) {
      put('up', [scraped('up', 'a', blockStartMs + index * scrapeMs, 1)]);
      while (cache.maintain(2 ** 40, blockStartMs + hourMs));
    }
    const rows = reader().prepare('SELECT level, samples FROM sample_part ORDER BY id').all();
    expect(rows).toEqual([{ level: 2, samples: 64 }]);
  });

  test('drops what no incident holds from a block, and what it covered', () => {
    const oldMs = blockStartMs - 9 * dayMs;
    const pair = ['a', 'b'].map((pod) => scraped('up', pod, oldMs, 100));
    const message = Uint8Array.of(1);
    const histograms = [{ timeMs: oldMs, message }];
    put(
      'up',
      pair.map((series) => ({ ...series, histograms })),
    );
    put('up{pod="a"}', pair.slice(0, 1), { incidentId: 4 });
    while (cache.maintain(2 ** 40, nowMs));
    const source = new CacheSampleSource(reader(), 'p');
    expect(source.select(named('up'), 0, nowMs).map(({ labels }) => labels.get('pod'))).toEqual(['a']);
    expect(cache.samples('p', 'up', 0, nowMs, nowMs).covered).toEqual([]);
    const [held] = cache.samples('p', 'up{pod="a"}', 0, nowMs, nowMs).series;
    expect(held?.timesMs).toHaveLength(100);
    expect(held?.histograms).toHaveLength(1);
    expect(cache.forgetIncidentsAfter(3, nowMs)).toEqual(done);
    cache.close();
    cache = new Cache({ directory, isLeftAlone: false, onNotice: () => undefined }, nowMs);
    while (cache.maintain(2 ** 40, nowMs));
    expect(new CacheSampleSource(reader(), 'p').select(named('up'), 0, nowMs)).toEqual([]);
  });

  test('leaves bands of what it drops: by five minutes, then by hours', () => {
    const oldMs = blockStartMs - 9 * dayMs;
    const values = Float64Array.from({ length: 480 }, (_, index) =>
      index % 40 === 7 ? Number.NaN : index % 20,
    );
    put('up', [scraped('up', 'a', oldMs, 480, { values }), scraped('up', 'b', oldMs, 10)]);
    while (cache.maintain(2 ** 40, nowMs));
    expect(cache.samples('p', 'up', 0, nowMs, nowMs).series).toEqual([]);
    const source = new CacheSampleSource(reader(), 'p');
    expect(source.hasBands(named('up'), oldMs, oldMs + 1)).toBe(true);
    expect(source.hasBands(named('up'), oldMs + 3 * hourMs, nowMs)).toBe(false);
    expect(source.hasBands(named('down'), oldMs, nowMs)).toBe(false);
    const [band, other] = cache.bands('p', 'up', oldMs, nowMs, nowMs);
    expect(band).toMatchObject({ labels: { pod: 'a' }, tierMs: 5 * minuteMs });
    expect(band?.timesMs).toHaveLength(24);
    expect([band?.least[0], band?.mean[0], band?.most[0], band?.count[0]]).toEqual([
      0,
      Math.fround((190 - 7) / 19),
      19,
      19,
    ]);
    expect([band?.count[1], other?.count[0]]).toEqual([20, 10]);
    const yearMs = 365 * dayMs;
    while (cache.maintain(2 ** 40, nowMs + 100 * dayMs));
    const hours = cache.bands('p', 'up{pod="a"}', oldMs, nowMs, nowMs);
    expect(hours).toMatchObject([{ tierMs: hourMs, count: Float64Array.of(234, 234) }]);
    while (cache.maintain(2 ** 40, nowMs + yearMs));
    expect(cache.bands('p', 'up', 0, nowMs, nowMs)).toEqual([]);
  });

  test('finds damage within a week though nobody asks', () => {
    put('up', [scraped('up', 'a', blockStartMs, 10)]);
    while (cache.maintain(2 ** 40, nowMs));
    const writing = openDatabase(join(directory, cacheFile));
    writing.exec(`UPDATE sample_part SET checksum = checksum + 1`);
    writing.close();
    while (cache.maintain(2 ** 40, nowMs + hourMs));
    expect(partCount(reader())).toBe(1);
    cache.maintain(2 ** 40, nowMs + 7 * dayMs + 2 * hourMs);
    expect(partCount(reader())).toBe(0);
  });
});
