import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type Store } from '#core/store/store.ts';
import { startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { forkCoreUnderTest } from '#support/forked-core.ts';

/**
 * A data folder as a long shift leaves it: twenty open incidents in the journal, a cache of 200 MB, and a
 * configuration whose one source does not answer any more.
 */

/** A little over, because closing folds the log in. */
const cacheBytes = 208_000_000;
const incidents = 20;
/** Four days of a series scraped every 15 s. */
const samplesPerSeries = 4 * 24 * 240;
const seriesPerPut = 4;

export interface OfflineFolder {
  readonly dataDirectory: string;
  readonly configurationPath: string;
  readonly cacheBytes: number;
}

export async function makeOfflineFolder(folder: string): Promise<OfflineFolder> {
  const cleanup = new Cleanup();
  const dataDirectory = join(folder, 'data');
  const alertmanager = await startAlertmanagerDouble(cleanup);
  alertmanager.setAlerts(
    Array.from({ length: incidents }, (_, index) => ({
      labels: { alertname: `Alert${index}`, service: `service-${index}`, severity: 'warning' },
      annotations: { summary: `service-${index} is slow` },
    })),
  );
  const configurationPath = writeConfiguration(folder, [
    { name: 'am', kind: 'alertmanager', url: alertmanager.url },
  ]);
  try {
    const core = forkCoreUnderTest({ dataDirectory, configurationPath }, cleanup);
    const client = await core.connect();
    await client.until('all incidents are there', 'incidents', (rows) => rows.length === incidents);
    await core.stop();
  } finally {
    await cleanup.run();
  }
  await fillCache(dataDirectory);
  return { dataDirectory, configurationPath, cacheBytes: cacheSize(dataDirectory) };
}

async function fillCache(dataDirectory: string): Promise<void> {
  const opened = await openStore({
    dataDirectory,
    safeMode: false,
    onNotice: () => undefined,
    nowMs: Date.now,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = opened.value;
  for (let put = 0; cacheSize(dataDirectory) < cacheBytes; put++) await putSeries(store, put);
  await store.close();
}

async function putSeries(store: Store, put: number): Promise<void> {
  const toMs = Date.now();
  const fromMs = toMs - samplesPerSeries * 15_000;
  const series = Array.from({ length: seriesPerPut }, (_, index) => ({
    labels: { __name__: `metric_${put}`, instance: `host-${index}` },
    timesMs: Float64Array.from({ length: samplesPerSeries }, (_unused, at) => fromMs + at * 15_000),
    values: Float64Array.from({ length: samplesPerSeries }, () => Math.random() * 1_000),
  }));
  const written = await store.putSamples({
    source: 'prometheus',
    selector: `metric_${put}`,
    fromMs,
    toMs,
    fetchedAtMs: toMs,
    incidentId: 1 + (put % incidents),
    series,
  });
  if (!written.ok) throw new Error(written.failure.message);
}

/** The database and its log. */
function cacheSize(dataDirectory: string): number {
  return readdirSync(dataDirectory)
    .filter((name) => name.startsWith('cache.db'))
    .reduce((bytes, name) => bytes + statSync(join(dataDirectory, name)).size, 0);
}
