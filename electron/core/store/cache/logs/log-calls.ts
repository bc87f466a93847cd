import type { CommandFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import { logLevels } from '#shared/model/log.ts';
import { success, type Result } from '#shared/result.ts';
import type { KeptLine, KeptLogQuery, KeptLogs, KeptVolume, LogCache, LogsToKeep } from '../log-records.ts';
import type { LogPage } from './log-reader.ts';
import type { OutputOf } from '../../calls.ts';
import type { StoreClient } from '../../store-client.ts';

/**
 * Log lines from the core's side: what takes long is asked in pieces, so that other calls come in between.
 * A search that meets nothing goes on to the end of what is kept.
 */
type LogsQuery = Parameters<LogCache['logs']>[0];
type VolumeQuery = Parameters<LogCache['logVolume']>[0];
type PageAnswer<Name extends 'logPage' | 'logCounts'> = Result<OutputOf<Name>, CommandFailure>;

interface Range {
  readonly fromNs: string;
  readonly toNs: string;
}

/** Lines written by one call: about 40 ms. */
const linesPerCall = 1_000;
/** Most steps of a volume. */
const maxSteps = 20_000;

const nothing: KeptLogs = { streams: [], lines: [], isMore: false, coverage: [], fetchedAtMs: null };

/** The coverage and what an incident holds are written last: a kill in between claims nothing. */
export async function putLogs(client: StoreClient, logs: LogsToKeep): Promise<Result<void, CommandFailure>> {
  const calls = batchesOf(logs);
  for (const [index, streams] of calls.entries()) {
    const coverage = index === calls.length - 1 ? logs.coverage : null;
    const put = await client.call('putLogs', { ...logs, streams, coverage });
    if (!put.ok) return put;
  }
  return success(undefined);
}

export async function readLogs(client: StoreClient, query: LogsQuery): Promise<KeptLogs> {
  const covered = await client.call('logCoverage', questionOf(query));
  if (!covered.ok) return nothing;
  const streams: Labels[] = [];
  const lines: (KeptLine & { readonly stream: number })[] = [];
  let { fetchedAtMs } = covered.value;
  let left: Range | null = query;
  let isScan = false;
  while (left !== null && lines.length <= query.limit) {
    const limit = query.limit + 1 - lines.length;
    const answer: PageAnswer<'logPage'> = await client.call('logPage', {
      ...query,
      ...range(left),
      limit,
      isScan,
    });
    if (!answer.ok || answer.value === null) return nothing;
    const page: LogPage = answer.value;
    const offset = streams.length;
    streams.push(...page.streams);
    for (const line of page.lines) lines.push({ ...line, stream: line.stream + offset });
    fetchedAtMs ??= page.fetchedAtMs;
    left = page.rest;
    isScan = true;
  }
  const kept = lines.slice(0, query.limit);
  return {
    ...withStreamsOnce(streams, query.direction === 'backward' ? kept.reverse() : kept),
    isMore: lines.length > query.limit,
    coverage: covered.value.coverage,
    fetchedAtMs,
  };
}

export async function readLogVolume(client: StoreClient, query: VolumeQuery): Promise<KeptVolume> {
  const nothingCounted: KeptVolume = { levels: [], coverage: [], fetchedAtMs: null };
  const { stepMs, steps } = query;
  if (!(stepMs > 0) || !(steps >= 1 && steps <= maxSteps)) return nothingCounted;
  const stepNs = BigInt(Math.max(1, Math.round(stepMs * 1e6)));
  const endNs = BigInt(query.fromNs) + stepNs * BigInt(steps);
  const toNs = endNs < BigInt(query.toNs) ? String(endNs) : query.toNs;
  const covered = await client.call('logCoverage', { ...questionOf(query), toNs });
  if (!covered.ok) return nothingCounted;
  const counts = new Map<string, Float64Array>();
  let { fetchedAtMs } = covered.value;
  let left: Range | null = { fromNs: query.fromNs, toNs };
  let isScan = false;
  while (left !== null) {
    const part: KeptLogQuery & { readonly isScan: boolean } = {
      ...questionOf(query),
      ...range(left),
      isScan,
    };
    const answer: PageAnswer<'logCounts'> = await client.call('logCounts', {
      ...part,
      originNs: query.fromNs,
      stepNs: String(stepNs),
    });
    if (!answer.ok || answer.value === null) return nothingCounted;
    for (const { step, level, lines } of answer.value.counts) {
      const column = counts.get(level) ?? new Float64Array(steps);
      column[step] = (column[step] ?? 0) + lines;
      counts.set(level, column);
    }
    fetchedAtMs ??= answer.value.fetchedAtMs;
    left = answer.value.rest;
    isScan = true;
  }
  const levels = logLevels.flatMap((level) => {
    const column = counts.get(level);
    return column === undefined ? [] : [{ level, counts: column }];
  });
  return { levels, coverage: covered.value.coverage, fetchedAtMs };
}

/** One call at least, so that an empty answer covers too. */
function batchesOf({ streams }: LogsToKeep): LogsToKeep['streams'][] {
  const batches: { labels: Labels; lines: readonly KeptLine[] }[][] = [[]];
  let room = linesPerCall;
  for (const { labels, lines } of streams) {
    for (let start = 0; start < lines.length;) {
      if (room === 0) {
        batches.push([]);
        room = linesPerCall;
      }
      const piece = lines.slice(start, start + room);
      batches.at(-1)?.push({ labels, lines: piece });
      start += piece.length;
      room -= piece.length;
    }
  }
  return batches;
}

/** Each page names its own streams; in the answer each is there once. */
function withStreamsOnce(
  streams: readonly Labels[],
  lines: readonly (KeptLine & { readonly stream: number })[],
): Pick<KeptLogs, 'streams' | 'lines'> {
  const indices = new Map<string, number>();
  const once: Labels[] = [];
  const places = streams.map((labels) => {
    const key = JSON.stringify(Object.entries(labels));
    const known = indices.get(key);
    if (known !== undefined) return known;
    indices.set(key, once.length);
    return once.push(labels) - 1;
  });
  return { streams: once, lines: lines.map((line) => ({ ...line, stream: places[line.stream] ?? 0 })) };
}

function questionOf({ scope, matchers, filters, fromNs, toNs }: KeptLogQuery): KeptLogQuery {
  return { scope, matchers, filters, fromNs, toNs };
}

function range({ fromNs, toNs }: Range): Range {
  return { fromNs, toNs };
}
