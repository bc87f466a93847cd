import type { CommandFailure } from '#shared/failure.ts';
import { printSelector } from '#shared/logql/print.ts';
import type { LabelMatcher } from '#shared/logql/matching.ts';
import { keyOfLabels, labelOf, type Labels } from '#shared/model/labels.ts';
import {
  compareNanoseconds,
  type LogAnswer,
  type LogLine,
  type LogQuery,
  type Nanoseconds,
} from '#shared/model/log.ts';
import { nanosecondsAfter } from '#shared/model/trace.ts';
import { success, type Result } from '#shared/result.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time.ts';
import type { LogOrigins } from './ask-source.ts';
import { queryLogs } from './log-query.ts';

/**
 * The lines around one line of one stream. A burst of lines in the nanosecond of the line is fetched whole
 * and apart, so that the line is always found in it and none beside it is left out.
 */
export interface ContextRequest {
  /** Name of the source; empty for the first. */
  readonly source: string;
  readonly stream: Labels;
  readonly timeNs: Nanoseconds;
  /** The line, or its beginning where it was cut. */
  readonly text: string;
  readonly before: number;
  readonly after: number;
}

/** How far to look, in turn, until there are enough lines: most are near, and a long look is dear. */
const reachesMs = [10 * minuteMs, 6 * hourMs, 7 * dayMs] as const;
const maxBurst = 5_000;
const nsPerMs = 1_000_000;

type Asking = (range: Omit<LogQuery, 'source' | 'query'>) => Promise<Result<LogAnswer, CommandFailure>>;

export async function logContext(
  origins: LogOrigins,
  request: ContextRequest,
  signal: AbortSignal,
): Promise<Result<LogAnswer, CommandFailure>> {
  const { source, stream, timeNs } = request;
  const asking: Asking = (range) => queryStream(origins, { source, query: '', ...range }, stream, signal);
  const nextNs = nanosecondsAfter(timeNs, 1);
  const burst = await asking({ fromNs: timeNs, toNs: nextNs, limit: maxBurst, direction: 'forward' });
  if (!burst.ok || burst.value.origin.kind === 'unknown') return burst;
  const at = placeOf(burst.value.lines, request.text);
  const older = await nearest(asking, timeNs, request.before - at, 'backward');
  if (!older.ok) return older;
  const newer = await nearest(asking, nextNs, request.after - (burst.value.lines.length - at - 1), 'forward');
  if (!newer.ok) return newer;
  const lines = [...older.value.lines, ...burst.value.lines, ...newer.value.lines];
  const index = older.value.lines.length + at;
  return success({
    ...burst.value,
    streams: [stream],
    lines: lines.slice(Math.max(0, index - request.before), index + 1 + request.after),
    isMore: older.value.isMore || newer.value.isMore || index > request.before,
    coverage: [...older.value.coverage, ...burst.value.coverage, ...newer.value.coverage],
  });
}

/** Where the line is in its burst. One that is not there is as far as can be told its first. */
function placeOf(burst: readonly LogLine[], text: string): number {
  const exact = burst.findIndex((line) => line.text === text);
  if (exact !== -1) return exact;
  const begun = burst.findIndex((line) => line.text.startsWith(text) || text.startsWith(line.text));
  return Math.max(0, begun);
}

/** The lines next to a time on one side of it, oldest first. */
async function nearest(
  asking: Asking,
  edgeNs: Nanoseconds,
  limit: number,
  direction: LogQuery['direction'],
): Promise<Result<Pick<LogAnswer, 'lines' | 'isMore' | 'coverage'>, CommandFailure>> {
  if (limit <= 0) return success({ lines: [], isMore: false, coverage: [] });
  for (const [turn, reachMs] of reachesMs.entries()) {
    const farNs = nanosecondsAfter(edgeNs, (direction === 'backward' ? -1 : 1) * reachMs * nsPerMs);
    const [fromNs, toNs] = direction === 'backward' ? [farNs, edgeNs] : [edgeNs, farNs];
    if (compareNanoseconds(fromNs, toNs) >= 0) break;
    const answer = await asking({ fromNs, toNs, limit, direction });
    if (!answer.ok) return answer;
    const isEnough = answer.value.lines.length >= limit || turn === reachesMs.length - 1;
    if (isEnough || answer.value.origin.kind !== 'live') return answer;
  }
  return success({ lines: [], isMore: false, coverage: [] });
}

/**
 * Lines of exactly one stream. A selector also finds streams that have more labels than the one asked for:
 * where it did, it is asked again without them.
 */
async function queryStream(
  origins: LogOrigins,
  query: LogQuery,
  stream: Labels,
  signal: AbortSignal,
): Promise<Result<LogAnswer, CommandFailure>> {
  const wanted = keyOfLabels(stream);
  const matchers: LabelMatcher[] = Object.entries(stream).map(([name, value]) => ({
    name,
    operator: '=',
    value,
  }));
  for (let turn = 0; ; turn++) {
    const answer = await queryLogs(origins, { ...query, query: printSelector(matchers) }, signal);
    if (!answer.ok) return answer;
    const foreign = new Set(
      answer.value.streams.flatMap((other) =>
        Object.keys(other).filter((name) => labelOf(other, name) !== '' && labelOf(stream, name) === ''),
      ),
    );
    if (foreign.size === 0 || turn === 2) return success(onlyOf(answer.value, wanted));
    for (const name of foreign) matchers.push({ name, operator: '=', value: '' });
  }
}

function onlyOf(answer: LogAnswer, wanted: string): LogAnswer {
  const isWanted = answer.streams.map((labels) => keyOfLabels(labels) === wanted);
  const lines = answer.lines.filter((line) => isWanted[line.stream] === true);
  return { ...answer, lines: lines.map((line) => ({ ...line, stream: 0 })) };
}
