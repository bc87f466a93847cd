import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Series } from '#shared/model/series.ts';
import { minuteMs } from '#shared/time.ts';
import { inProject } from '../../../scripts/project.ts';
import type { ServerCommands } from '../../../scripts/provide/servers.ts';
import { runCommand } from '../../../scripts/run-command.ts';
import { sampleBatches } from '../sample-data.ts';

/**
 * The samples as blocks of Prometheus' own database, written by its own tool. Writing takes a minute, so
 * they stay in a cache folder, by what made them.
 */
const generator = 'test/bench/sample-data.ts';
const limitMs = 15 * minuteMs;

/** @returns a folder of blocks, to be copied: a server changes what it is given. */
export async function providePrometheusData(commands: ServerCommands): Promise<string> {
  const target = join(cacheFolder(), `blocks-${versionOfData()}`);
  if (existsSync(target)) return target;
  console.log('writing the samples for Prometheus, which takes some minutes once …');
  const working = `${target}.${process.pid}`;
  mkdirSync(working, { recursive: true });
  const text = `${working}.txt`;
  try {
    await writeOpenMetrics(text);
    const promtool = join(dirname(commands.prometheus[0]), 'promtool');
    const args = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', text, working];
    const { exitCode, output } = await runCommand(promtool, args, { limitMs });
    if (exitCode !== 0) throw new Error(`promtool wrote no blocks: ${output}`);
    // Renamed only when whole, so that a run cut short leaves nothing that looks like it.
    renameSync(working, target);
  } finally {
    for (const path of [text, working]) rmSync(path, { recursive: true, force: true });
  }
  return target;
}

export async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}

/** The same text generates the same samples. */
function versionOfData(): string {
  return createHash('sha256')
    .update(readFileSync(inProject(generator)))
    .digest('hex')
    .slice(0, 12);
}

function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'opssight-bench');
}

async function writeOpenMetrics(path: string): Promise<void> {
  const stream = createWriteStream(path);
  for (const { series } of sampleBatches())
    for (const one of series) if (!stream.write(linesOf(one))) await once(stream, 'drain');
  stream.end('# EOF\n');
  await once(stream, 'close');
}

function linesOf({ labels: { __name__: metric = '', ...labels }, timesMs, values }: Series): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const series = `${metric}{${pairs.join(',')}}`;
  let lines = '';
  for (let index = 0; index < timesMs.length; index++)
    lines += `${series} ${values[index]} ${(timesMs[index] ?? 0) / 1_000}\n`;
  return lines;
}
