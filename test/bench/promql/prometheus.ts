import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueryResult } from '#shared/model/query.ts';
import type { Series } from '#shared/model/series.ts';
import type { Cleanup } from '#support/cleanup.ts';
import { freePort } from '#support/free-port.ts';
import { ServerProcess } from '#support/server-process.ts';
import type { ServerCommands } from '../../../scripts/provide/servers.ts';
import type { BenchQuery } from './queries.ts';

/** A real Prometheus over the bench's blocks, and how long it takes to answer. */

export interface Asked {
  /** Of the evaluation, as the server itself tells. */
  readonly evaluationMs: number;
  /** From the request to the answer's last byte, unread. */
  readonly httpMs: number;
  readonly body: string;
}

interface WireRow {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

interface WireAnswer {
  readonly status: string;
  readonly data: {
    readonly resultType: string;
    readonly result: readonly WireRow[];
    readonly stats: { readonly timings: { readonly execTotalTime: number } };
  };
}

/** @param blocks is copied. */
export async function startBenchPrometheus(
  commands: ServerCommands,
  blocks: string,
  folder: string,
  cleanup: Cleanup,
): Promise<ServerProcess> {
  const data = join(folder, 'prometheus');
  mkdirSync(data, { recursive: true });
  cpSync(blocks, join(data, 'data'), { recursive: true });
  const configuration = join(data, 'prometheus.yml');
  writeFileSync(configuration, '{}');
  const address = `127.0.0.1:${await freePort()}`;
  const args = [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${join(data, 'data')}`,
    // The samples are of a day of their own, whatever the clock says.
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=${address}`,
  ];
  const url = `http://${address}`;
  const place = { command: commands.prometheus, args, url, readyUrl: `${url}/-/ready` };
  return await new ServerProcess({ name: 'Prometheus', ...place }, cleanup).start();
}

export async function versionOf({ url }: ServerProcess): Promise<string> {
  const answer = await fetch(`${url}/api/v1/status/buildinfo`);
  const { data } = (await answer.json()) as { readonly data: { readonly version: string } };
  return data.version;
}

export async function askPrometheus({ url }: ServerProcess, { query, times }: BenchQuery): Promise<Asked> {
  const { fromMs, toMs, stepMs } = times;
  const when =
    stepMs === 0
      ? { time: seconds(fromMs) }
      : { start: seconds(fromMs), end: seconds(toMs), step: seconds(stepMs) };
  const path = stepMs === 0 ? 'query' : 'query_range';
  const parameters = new URLSearchParams({ query, ...when, stats: 'all' });
  const startedAtMs = performance.now();
  const answer = await fetch(`${url}/api/v1/${path}?${parameters.toString()}`);
  const bytes = await answer.arrayBuffer();
  const httpMs = performance.now() - startedAtMs;
  const body = new TextDecoder().decode(bytes);
  if (!answer.ok) throw new Error(`Prometheus does not answer ${query}: ${body}`);
  return { evaluationMs: evaluationMsOf(body), httpMs, body };
}

/** The answer in our own form. */
export function resultOfServer({ body }: Asked): QueryResult {
  const { data } = JSON.parse(body) as WireAnswer;
  const kind = data.resultType === 'vector' ? 'vector' : 'matrix';
  return { kind, series: data.result.map(seriesOf) };
}

function seriesOf({ metric, value, values }: WireRow): Series {
  const points = values ?? (value === undefined ? [] : [value]);
  return {
    labels: metric,
    timesMs: Float64Array.from(points, ([atSeconds]) => Math.round(atSeconds * 1_000)),
    values: Float64Array.from(points, ([, text]) => numberOf(text)),
  };
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}

/** The statistics stand at the end, and the answer before may be large. */
function evaluationMsOf(body: string): number {
  const told = /"execTotalTime":([\d.e-]+)/.exec(body.slice(-4_000))?.[1];
  if (told === undefined) throw new Error('Prometheus did not tell how long its evaluation took');
  return Number(told) * 1_000;
}

function seconds(ms: number): string {
  return String(ms / 1_000);
}
