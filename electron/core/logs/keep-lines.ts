import type { KeptLine, LogsToKeep } from '#core/store/cache/log-records.ts';
import { readLogQuery, type LogQueryParts } from '#shared/logql/read-query.ts';
import type { Labels } from '#shared/model/labels.ts';
import { compareNanoseconds, nanosecondsOf, type Nanoseconds } from '#shared/model/log.ts';
import { nanosecondsAfter } from '#shared/model/trace.ts';
import { secondMs } from '#shared/time.ts';
import type { LogOrigins } from './ask-source.ts';
import type { LinesRequest, SourceLines } from './log-source.ts';

/**
 * Puts what a source answered into the cache. Only lines as they are stored are kept: a query that
 * rewrites lines or labels leaves nothing. Coverage is recorded only where the answer is all there is.
 */

/** Lines may reach a Loki this much after their time; the newest part of an answer is not taken as whole. */
const settleMs = 10 * secondMs;

/** Why nobody waits for lines to be kept. */
export const notKept = 'a line that is not kept is only missing from a later look without the source';

/**
 * @param incidentId the incident that holds on to the lines; null for none.
 * @returns whether there is nothing left to keep: a caller that holds on to nothing need not wait.
 */
export async function keepLines(
  { cache, nowMs }: LogOrigins,
  source: string,
  request: LinesRequest,
  fetched: SourceLines,
  incidentId: number | null,
): Promise<boolean> {
  const read = readLogQuery(request.query);
  if (!read.ok || read.value.isMetric || !read.value.isAsStored) return true;
  const coverage = coverageOf(request, fetched, read.value, nowMs());
  if (fetched.lines.length === 0 && coverage === null) return true;
  const put = await cache.putLogs({
    scope: { source, selector: read.value.selectorText, filters: read.value.filtersText },
    fetchedAtMs: nowMs(),
    incidentId,
    streams: byStream(fetched),
    coverage,
  });
  return put.ok;
}

/**
 * Lines of a tail: no more is known than that they exist.
 * @returns when they are written, or are not.
 */
export async function keepTailed(
  { cache, nowMs }: LogOrigins,
  source: string,
  query: LogQueryParts,
  tailed: Pick<SourceLines, 'streams' | 'lines'>,
): Promise<void> {
  if (!query.isAsStored || tailed.lines.length === 0) return;
  await cache.putLogs({
    scope: { source, selector: query.selectorText, filters: query.filtersText },
    fetchedAtMs: nowMs(),
    incidentId: null,
    streams: byStream(tailed),
    coverage: null,
  });
}

/** Where the answer has every line of its selector and line filters. Start included, end not. */
function coverageOf(
  request: LinesRequest,
  { lines, isMore, warnings }: SourceLines,
  query: LogQueryParts,
  atMs: number,
): LogsToKeep['coverage'] {
  // A warning may mean that a part of the server did not answer.
  if (query.unanswered.length > 0 || warnings.length > 0) return null;
  let { fromNs } = request;
  let toNs = earlier(request.toNs, nanosecondsOf(atMs - settleMs));
  // The last nanosecond that the limit reached may have more lines than it let through.
  const edge = request.direction === 'backward' ? lines[0] : lines.at(-1);
  if (isMore) {
    if (edge === undefined) return null;
    if (request.direction === 'backward') fromNs = nanosecondsAfter(edge.timeNs, 1);
    else toNs = earlier(toNs, edge.timeNs);
  }
  return compareNanoseconds(fromNs, toNs) < 0 ? { fromNs, toNs } : null;
}

function byStream({ streams, lines }: Pick<SourceLines, 'streams' | 'lines'>): LogsToKeep['streams'] {
  const kept = streams.map((labels): { labels: Labels; lines: KeptLine[] } => ({ labels, lines: [] }));
  for (const { stream, timeNs, text, level, metadata } of lines) {
    kept[stream]?.lines.push({ timeNs, text, level, metadata });
  }
  return kept.filter((stream) => stream.lines.length > 0);
}

function earlier(left: Nanoseconds, right: Nanoseconds): Nanoseconds {
  return compareNanoseconds(left, right) <= 0 ? left : right;
}
