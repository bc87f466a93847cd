import { loadavg } from 'node:os';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { findServers } from '../../../scripts/provide/servers.ts';
import { median, tenths } from '../figures.ts';
import { fillCache } from './kept-cache.ts';
import { differences, measurePanel, measureQuery, measureResident, type Sides } from './measure.ts';
import { bytesIn, providePrometheusData } from './prometheus-data.ts';
import { startBenchPrometheus, versionOf } from './prometheus.ts';
import { benchQueries } from './queries.ts';
import { QueryProcess } from './query-process.ts';
import { problemsOf, resultOf, tableOf, type Measured } from './report.ts';

/**
 * `npm run bench:promql`: the engine and a real Prometheus over the same 15 million samples, in one run.
 * Ends with the line `RESULT {…}` of ratios, ours over Prometheus'; the exit code says whether the bars were
 * met and whether both gave the same values.
 */
export async function main(): Promise<number> {
  const servers = await findServers('new');
  if (servers.status !== 'ready') {
    console.error(servers.reason);
    return 1;
  }
  const cleanup = new Cleanup();
  try {
    const blocks = await providePrometheusData(servers.thing);
    const folder = temporaryFolder(cleanup);
    console.log('putting the samples into a cache of our own …');
    const filled = await fillCache(folder);
    const server = await startBenchPrometheus(servers.thing, blocks, folder, cleanup);
    const sides = { server, dataDirectory: folder, cleanup };
    console.log(`asking ${benchQueries.length} queries of both …`);
    const wrong = await differences(sides);
    const measured = {
      prometheus: await versionOf(server),
      filled,
      serverBytes: await bytesIn(blocks),
      queries: await measureAll(sides),
      panel: await measurePanel(sides),
      residentMb: await measureResident(sides),
    };
    return report(measured, wrong);
  } finally {
    await cleanup.run();
  }
}

async function measureAll(sides: Sides): Promise<Measured['queries']> {
  const own = await QueryProcess.start(sides.dataDirectory, sides.cleanup);
  const all: Measured['queries'][number][] = [];
  for (const query of benchQueries) {
    const runs = await measureQuery(sides, own, query);
    const figures = [runs.serverMs, runs.warmMs, runs.coldMs].map((list) => tenths(median(list)));
    console.log(`${query.name}: Prometheus ${figures[0]} ms, warm ${figures[1]} ms, cold ${figures[2]} ms`);
    all.push(runs);
  }
  await own.end();
  return all;
}

function report(measured: Measured, wrong: readonly string[]): number {
  const result = resultOf(measured);
  console.log(tableOf(measured));
  console.log(`load of this machine: ${loadavg().map(tenths).join(', ')}`);
  const problems = [...wrong, ...problemsOf(result)];
  for (const problem of problems) console.log(`missed: ${problem}`);
  console.log(`RESULT ${JSON.stringify(result)}`);
  return problems.length === 0 ? 0 : 1;
}
