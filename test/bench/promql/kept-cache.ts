import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { SeriesToKeep } from '#core/store/cache/samples/sample-writer.ts';
import { Cache } from '#core/store/cache/cache.ts';
import { cacheFile } from '#core/store/files.ts';
import { openStore, type Store } from '#core/store/store.ts';
import { hourMs } from '#shared/time.ts';
import { dataEndMs, sampleBatches } from '../sample-data.ts';
import { coveredFromMs, selectors } from './queries.ts';

/** The samples in a console's own cache, put there through its own door, and what that costs. */

export interface Filled {
  readonly series: number;
  readonly samples: number;
  readonly bytes: number;
  /** Columns handed over until committed. */
  readonly ingestMs: number;
}

export const benchSource = 'bench';
/** About a million samples: what one answer of a server may hold. */
const seriesPerPut = 1_200;
const nowMs = dataEndMs + 4 * hourMs;

/** Joined and closed afterwards, as after some idle time. */
export async function fillCache(dataDirectory: string): Promise<Filled> {
  const opened = await openStore({
    dataDirectory,
    safeMode: false,
    onNotice: (notice) => console.log(notice.message),
    nowMs: () => nowMs,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = opened.value;
  let [series, samples, ingestMs] = [0, 0, 0];
  for (const selector of selectors)
    for (const batch of batchesOf(selector)) {
      ingestMs += await put(store, selector, batch);
      series += batch.length;
      samples += batch.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
    }
  await store.close();
  joinAll(dataDirectory);
  return { series, samples, bytes: statSync(join(dataDirectory, cacheFile)).size, ingestMs };
}

/** @returns milliseconds. */
async function put(store: Store, selector: string, series: readonly SeriesToKeep[]): Promise<number> {
  const startedAtMs = performance.now();
  const written = await store.putSamples({
    source: benchSource,
    selector,
    fromMs: coveredFromMs,
    toMs: dataEndMs,
    fetchedAtMs: nowMs,
    incidentId: null,
    series,
  });
  if (!written.ok) throw new Error(written.failure.message);
  return performance.now() - startedAtMs;
}

function* batchesOf(selector: string): Generator<readonly SeriesToKeep[]> {
  let gathered: SeriesToKeep[] = [];
  for (const { metric, series } of sampleBatches()) {
    if (metric !== selector) continue;
    gathered.push(...series);
    if (gathered.length < seriesPerPut) continue;
    yield gathered;
    gathered = [];
  }
  if (gathered.length > 0) yield gathered;
}

/** What the storage thread does while nobody waits. */
function joinAll(directory: string): void {
  const cache = new Cache({ directory, isLeftAlone: false, onNotice: () => undefined }, nowMs);
  while (cache.maintain(Number.MAX_SAFE_INTEGER, nowMs));
  cache.close();
}
