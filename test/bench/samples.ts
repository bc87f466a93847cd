import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { hourMs } from '#shared/time.ts';
import { Cache } from '#core/store/cache/cache.ts';
import { openDatabase } from '#core/store/database.ts';
import { CacheSampleSource, readerDefaults } from '#core/store/cache/samples/sample-reader.ts';
import { cacheFile } from '#core/store/files.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { median, tenths } from './figures.ts';
import { dataEndMs, dataStartMs, sampleBatches, seriesCount } from './sample-data.ts';

/** What raw samples cost in the cache: bytes on disk, time into it, time out of it from a cold start. */
export interface SampleCosts {
  readonly series: number;
  readonly samples: number;
  readonly bytesPerSample: number;
  /** Columns handed over until committed. */
  readonly ingestPerSecond: number;
  /** Of the same series, one scrape at a time. */
  readonly scrapeMs: number;
  /** Open, index, and decode 1 h of 12,000 series with nothing in memory. */
  readonly coldMs: number;
  /** The same again. */
  readonly warmMs: number;
  /** Read from the file and decoded, with the labels in memory. */
  readonly decodedPerSecond: number;
  /** Over what the process had before, with all series decoded. */
  readonly residentMb: number;
}

const buckets: readonly LabelMatcher[] = [
  { name: '__name__', operator: '=', value: 'http_request_duration_seconds_bucket' },
];
const everything: readonly LabelMatcher[] = [{ name: 'job', operator: '=', value: 'api' }];

export async function measureSamples(): Promise<SampleCosts> {
  const cleanup = new Cleanup();
  try {
    const directory = temporaryFolder(cleanup);
    const nowMs = dataEndMs + 4 * hourMs;
    const { samples, ingestMs } = fill(directory, nowMs);
    const bytes = statSync(join(directory, cacheFile)).size;
    const cold = [1, 2, 3].map(() => readOnce(directory));
    const residentMb = residentOf(directory);
    return {
      series: seriesCount,
      samples,
      bytesPerSample: Math.round((bytes / samples) * 100) / 100,
      ingestPerSecond: Math.round((samples / ingestMs) * 1_000),
      scrapeMs: tenths(scrapeOnce(directory, nowMs)),
      coldMs: tenths(median(cold.map(({ coldMs }) => coldMs))),
      warmMs: tenths(median(cold.map(({ warmMs }) => warmMs))),
      decodedPerSecond: Math.round(decodeRate(directory)),
      residentMb: tenths(residentMb),
    };
  } finally {
    await cleanup.run();
  }
}

/** Then joined and closed, as after some idle time. */
function fill(directory: string, nowMs: number): { samples: number; ingestMs: number } {
  const cache = new Cache({ directory, isLeftAlone: false, onNotice: () => undefined }, nowMs);
  let [samples, ingestMs] = [0, 0];
  const window = {
    source: 'bench',
    fromMs: dataStartMs,
    toMs: dataEndMs,
    fetchedAtMs: nowMs,
    incidentId: null,
  };
  for (const { selector, series } of sampleBatches()) {
    const startedAtMs = performance.now();
    const put = cache.putSamples({ ...window, selector, series }, nowMs);
    ingestMs += performance.now() - startedAtMs;
    if (!put.ok) throw new Error(put.failure.message);
    for (const { timesMs } of series) samples += timesMs.length;
  }
  while (cache.maintain(2 ** 40, nowMs));
  cache.close();
  return { samples, ingestMs };
}

function readOnce(directory: string): { coldMs: number; warmMs: number } {
  const startedAtMs = performance.now();
  const database = openDatabase(join(directory, cacheFile), { readonly: true });
  const source = new CacheSampleSource(database, 'bench');
  const fromMs = dataEndMs - hourMs;
  source.select(buckets, fromMs, dataEndMs);
  const coldMs = performance.now() - startedAtMs;
  const again = performance.now();
  source.select(buckets, fromMs, dataEndMs);
  const warmMs = performance.now() - again;
  database.close();
  return { coldMs, warmMs };
}

/** All four hours of the buckets, again and again without keeping them. */
function decodeRate(directory: string): number {
  const database = openDatabase(join(directory, cacheFile), { readonly: true });
  const source = new CacheSampleSource(database, 'bench', { ...readerDefaults, decodedBytes: 0 });
  const rates = [1, 2, 3, 4, 5].map(() => {
    const startedAtMs = performance.now();
    const found = source.select(buckets, dataStartMs, dataEndMs);
    const tookMs = performance.now() - startedAtMs;
    return (found.reduce((sum, { timesMs }) => sum + timesMs.length, 0) / tookMs) * 1_000;
  });
  database.close();
  return median(rates);
}

/** In a process of its own, which has done nothing else. */
function residentOf(directory: string): number {
  const output = execFileSync(process.execPath, [import.meta.filename, directory], { encoding: 'utf8' });
  return Number(output);
}

function printResident(directory: string): void {
  const before = process.memoryUsage.rss();
  const database = openDatabase(join(directory, cacheFile), { readonly: true });
  const source = new CacheSampleSource(database, 'bench');
  const found = source.select(everything, dataStartMs, dataEndMs);
  const after = process.memoryUsage.rss();
  database.close();
  process.stdout.write(String(found.length === seriesCount ? (after - before) / 2 ** 20 : Number.NaN));
}

/** One new sample of each series. */
function scrapeOnce(directory: string, nowMs: number): number {
  const cache = new Cache({ directory, isLeftAlone: false, onNotice: () => undefined }, nowMs);
  const timesMs = Float64Array.of(dataEndMs + 15_000);
  const all = [...sampleBatches()].map(({ selector, series }) => ({
    selector,
    series: series.map(({ labels, values }) => ({ labels, timesMs, values: values.slice(-1) })),
  }));
  const window = {
    source: 'bench',
    fromMs: dataEndMs,
    toMs: dataEndMs + 15_000,
    fetchedAtMs: nowMs,
    incidentId: null,
  };
  const startedAtMs = performance.now();
  for (const batch of all) cache.putSamples({ ...window, ...batch }, nowMs);
  const tookMs = performance.now() - startedAtMs;
  cache.close();
  return tookMs;
}

if (import.meta.main) {
  const [directory] = process.argv.slice(2);
  if (directory === undefined) process.stdout.write(`${JSON.stringify(await measureSamples(), null, 2)}\n`);
  else printResident(directory);
}
