import { levelOf } from '#core/sources/loki/level.ts';
import { readLogQuery } from '#shared/logql/read-query.ts';
import type { CommandFailure } from '#shared/failure.ts';
import { labelOf } from '#shared/model/labels.ts';
import { logLevels, nanosecondsOf, type LogLevel, type LogVolume } from '#shared/model/log.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { Series } from '#shared/model/series.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import { askSource, invalidInput, noLinesOfMetric, type LogOrigins } from './ask-source.ts';
import { answerableByKept } from './log-query.ts';

/** How many lines of each level each step of a range has: counted by the source, else of what is kept. */
export interface VolumeRequest {
  /** Name of the source; empty for the first. */
  readonly source: string;
  readonly query: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** At most about this many. */
  readonly steps: number;
}

/** Steps that begin and end at multiples of their length, which is how a Loki counts. */
export interface Steps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly count: number;
}

export async function logVolume(
  origins: LogOrigins,
  request: VolumeRequest,
  signal: AbortSignal,
): Promise<Result<LogVolume, CommandFailure>> {
  if (!(request.fromMs < request.toMs && request.steps >= 1)) {
    return failed(invalidInput('the range has no steps', 'Send fromMs before toMs, and one step or more.'));
  }
  const read = readLogQuery(request.query);
  if (read.ok && read.value.isMetric) {
    return failed(noLinesOfMetric());
  }
  const steps = stepsOf(request);
  const isParsed = !read.ok || read.value.ignored.length + read.value.unanswered.length > 0;
  const counting = countingQuery(request.query, steps.stepMs, isParsed);
  // A count at a time is of the step that ends there.
  const range = { fromMs: steps.fromMs + steps.stepMs, toMs: steps.toMs, stepMs: steps.stepMs };
  const asked = await askSource(
    origins,
    request.source,
    (source) => source.queryRange(counting, range, signal),
    signal,
  );
  if (!asked.ok) return asked;
  const { source, answered, reason } = asked.value;
  if (answered === null) return keptVolume(origins, { ...request, source }, steps, reason);
  const levels = levelsOf(answered.value, steps);
  return success({ origin: answered.origin, ...shapeOf(steps), levels, coverage: [] });
}

function stepsOf({ fromMs, toMs, steps }: VolumeRequest): Steps {
  const stepMs = Math.max(1, Math.ceil((toMs - fromMs) / steps / secondMs)) * secondMs;
  const alignedFromMs = Math.floor(fromMs / stepMs) * stepMs;
  const alignedToMs = Math.ceil(toMs / stepMs) * stepMs;
  return {
    fromMs: alignedFromMs,
    toMs: alignedToMs,
    stepMs,
    count: Math.round((alignedToMs - alignedFromMs) / stepMs),
  };
}

/**
 * Written on lines of their own, for the query may end in a comment. A line that a parser of the query
 * could not read would fail the whole count: it is counted as any other.
 */
function countingQuery(query: string, stepMs: number, isParsed: boolean): string {
  const tolerant = isParsed ? '\n| drop __error__, __error_details__' : '';
  return `sum by (detected_level) (count_over_time(\n${query}${tolerant}\n[${stepMs / secondMs}s]))`;
}

function levelsOf(series: readonly Series[], steps: Steps): LogVolume['levels'] {
  const counts = new Map<LogLevel, Float64Array<ArrayBuffer>>();
  for (const { labels, timesMs, values } of series) {
    const level = levelOf(labelOf(labels, 'detected_level'));
    let ofLevel = counts.get(level);
    if (ofLevel === undefined) counts.set(level, (ofLevel = new Float64Array(steps.count)));
    for (const [index, timeMs] of timesMs.entries()) {
      const step = Math.round((timeMs - steps.fromMs) / steps.stepMs) - 1;
      if (step >= 0 && step < steps.count) ofLevel[step] = (ofLevel[step] ?? 0) + (values[index] ?? 0);
    }
  }
  return logLevels.flatMap((level) => {
    const ofLevel = counts.get(level);
    return ofLevel === undefined ? [] : [{ level, counts: ofLevel }];
  });
}

async function keptVolume(
  { cache }: LogOrigins,
  request: VolumeRequest,
  steps: Steps,
  reason: string,
): Promise<Result<LogVolume, CommandFailure>> {
  const read = answerableByKept(request.query, reason);
  if (!read.ok) return read;
  const { parts, unanswerable } = read.value;
  if (request.source === '' || unanswerable !== null) {
    return success(unknownVolume(steps, unanswerable ?? reason));
  }
  const kept = await cache.logVolume({
    scope: { source: request.source, selector: parts.selectorText, filters: parts.filtersText },
    matchers: parts.selector,
    filters: parts.filters,
    fromNs: nanosecondsOf(steps.fromMs),
    toNs: nanosecondsOf(steps.toMs),
    stepMs: steps.stepMs,
    steps: steps.count,
  });
  const { fetchedAtMs, coverage, levels } = kept;
  if (fetchedAtMs === null || (levels.length === 0 && coverage.length === 0)) {
    return success(unknownVolume(steps, `${reason}; nothing of it is kept`));
  }
  const owned = levels.map(({ level, counts }) => ({ level, counts: Float64Array.from(counts) }));
  const origin: Origin = { kind: 'cache', source: request.source, atMs: fetchedAtMs, reason };
  return success({ origin, ...shapeOf(steps), levels: owned, coverage: [...coverage] });
}

function unknownVolume(steps: Steps, reason: string): LogVolume {
  return { origin: { kind: 'unknown', reason }, ...shapeOf(steps), levels: [], coverage: [] };
}

function shapeOf({ fromMs, toMs, stepMs }: Steps): Pick<LogVolume, 'fromMs' | 'toMs' | 'stepMs'> {
  return { fromMs, toMs, stepMs };
}
