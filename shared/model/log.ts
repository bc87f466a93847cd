import * as v from 'valibot';
import { sourceFailureSchema } from '../failure.ts';
import { labelsSchema } from './labels.ts';
import { originSchema } from './origin.ts';

/**
 * Log lines as Loki keeps them. A time is Unix nanoseconds in decimal text: no number of JavaScript holds
 * it, and a rounded one would lose lines and their order. Lines of many streams are one list, each naming
 * its stream by index, so that labels are said once.
 */

/** Unix nanoseconds, decimal, without leading zeros: two of them compare by length, then by text. */
export const nanosecondsSchema = v.pipe(v.string(), v.regex(/^(?:0|[1-9]\d{0,19})$/));
export type Nanoseconds = string;

/** The levels that Loki detects, the worst first; any other word is `unknown`. */
export const logLevels = ['critical', 'error', 'warn', 'info', 'debug', 'trace', 'unknown'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logLineSchema = v.object({
  timeNs: nanosecondsSchema,
  /** Index into the answer's `streams`. */
  stream: v.number(),
  /** The line; a very long one is cut for the window. */
  text: v.string(),
  /** Length of the whole line in UTF-16 units where `text` is cut, else 0. */
  cutFrom: v.number(),
  level: v.picklist(logLevels),
  /** Structured metadata, as stored beside the line. */
  metadata: labelsSchema,
  /** Labels that the query's own parsers made of the line. */
  parsed: labelsSchema,
});
export type LogLine = v.InferOutput<typeof logLineSchema>;

/** A time in which what is kept is all there is. Both ends included, milliseconds. */
const windowSchema = v.object({ fromMs: v.number(), toMs: v.number() });

export const logAnswerSchema = v.object({
  origin: originSchema,
  query: v.string(),
  /** Index labels of each stream. */
  streams: v.array(labelsSchema),
  /** Oldest first; lines of one nanosecond in the order in which their stream has them. */
  lines: v.array(logLineSchema),
  /** There are more lines in the range than the limit let through: older ones when asked backward. */
  isMore: v.boolean(),
  /** From the cache: where it is complete for this query. Outside of it lines may be missing. */
  coverage: v.array(windowSchema),
  /** What the server said beside its answer, or what of the query the cache could not answer. */
  warnings: v.array(v.string()),
});
export type LogAnswer = v.InferOutput<typeof logAnswerSchema>;

export const logQuerySchema = v.object({
  /** Name of the source; empty for the first of its kind. */
  source: v.pipe(v.string(), v.maxLength(64)),
  query: v.pipe(v.string(), v.maxLength(5_000)),
  /** Included. */
  fromNs: nanosecondsSchema,
  /** Not included. */
  toNs: nanosecondsSchema,
  limit: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100_000)),
  /** Which end of the range the limit keeps: `backward` the newest. */
  direction: v.picklist(['backward', 'forward']),
});
export type LogQuery = v.InferOutput<typeof logQuerySchema>;

/** Lines per step of a range, by level; only levels that occur. */
export const logVolumeSchema = v.object({
  origin: originSchema,
  fromMs: v.number(),
  toMs: v.number(),
  stepMs: v.number(),
  /** `counts[i]` is of the step that begins at `fromMs + i * stepMs`. */
  levels: v.array(v.object({ level: v.picklist(logLevels), counts: v.instance(Float64Array) })),
  /** From the cache: where the counts are complete. */
  coverage: v.array(windowSchema),
});
export type LogVolume = v.InferOutput<typeof logVolumeSchema>;

/** Fields found in the lines of a query: by name, with how many values each has. */
export const logFieldsSchema = v.object({
  origin: originSchema,
  fields: v.array(
    v.object({
      name: v.string(),
      type: v.string(),
      cardinality: v.number(),
      parsers: v.array(v.string()),
    }),
  ),
});
export type LogFields = v.InferOutput<typeof logFieldsSchema>;

export const logPatternsSchema = v.object({
  origin: originSchema,
  patterns: v.array(
    v.object({
      pattern: v.string(),
      count: v.number(),
      /** When the lines were written, Unix milliseconds, and how many; where the source says so. */
      samples: v.optional(v.object({ timesMs: v.instance(Float64Array), counts: v.instance(Float64Array) })),
    }),
  ),
});
export type LogPatterns = v.InferOutput<typeof logPatternsSchema>;

const logTailStatus = {
  /** `recovering`: the stream is open and lines it dropped are being fetched. */
  state: v.picklist(['connecting', 'live', 'recovering', 'waiting', 'ended']),
  /** Lines received since the tail began, those fetched afterwards included. */
  received: v.number(),
  /** Lines that the server said it dropped, or that fell into a gap of the connection. */
  dropped: v.number(),
  /** Lines that back-fill brought. */
  recovered: v.number(),
  linesPerSecond: v.number(),
  failure: v.nullable(sourceFailureSchema),
};

/** A live tail as a window follows it: the newest lines, at most `maxTailLines` and `maxTailLength`, oldest first. */
export const logTailSchema = v.object({
  source: v.string(),
  query: v.string(),
  streams: v.array(labelsSchema),
  lines: v.array(logLineSchema),
  ...logTailStatus,
});
export type LogTail = v.InferOutput<typeof logTailSchema>;

/** Lines may belong between lines that are there already: they are merged by time. */
export const logTailPatchSchema = v.object({
  /** Streams that are new; they follow those that are known. */
  streams: v.array(labelsSchema),
  lines: v.array(logLineSchema),
  ...logTailStatus,
});
export type LogTailPatch = v.InferOutput<typeof logTailPatchSchema>;

export const maxTailLines = 5_000;
/** UTF-16 units of all lines of a tail together: where lines are long, fewer of them are held. */
export const maxTailLength = 16 * 1_048_576;

/** A tail begins this long before it was asked for: what reached the source late is in no answer before it. */
export const tailBackMs = 5_000;

/** Negative when `left` is earlier. */
export function compareNanoseconds(left: Nanoseconds, right: Nanoseconds): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The millisecond that a nanosecond lies in. */
export function millisecondsOf(timeNs: Nanoseconds): number {
  return timeNs.length <= 6 ? 0 : Number(timeNs.slice(0, -6));
}

/** @param ms Unix milliseconds; a fraction is dropped. */
export function nanosecondsOf(ms: number): Nanoseconds {
  const whole = Math.max(0, Math.floor(ms));
  return whole === 0 ? '0' : `${whole}000000`;
}

/** The only meaning of a tail's patch. The later of two equal times is the one that came later. */
export function applyLogTail(tail: LogTail, patch: LogTailPatch): LogTail {
  const { streams, lines, ...status } = patch;
  return {
    ...tail,
    ...status,
    streams: streams.length === 0 ? tail.streams : [...tail.streams, ...streams],
    lines:
      lines.length === 0
        ? tail.lines
        : newestLines(mergedLines(tail.lines, lines), maxTailLines, maxTailLength),
  };
}

/** Of lines that stand oldest first: the newest, within a number of them and a length of all their texts. */
export function newestLines<Line extends { readonly text: string }>(
  lines: readonly Line[],
  most: number,
  mostLength: number,
): Line[] {
  let from = Math.max(0, lines.length - most);
  let length = 0;
  for (let at = lines.length - 1; at >= from; at--) {
    length += lines[at]?.text.length ?? 0;
    if (length > mostLength) from = at + 1;
  }
  return lines.slice(from);
}

/** Whether lines that a tail brought are not in it any more. */
export function isTailCut({ lines, received }: Pick<LogTail, 'lines' | 'received'>): boolean {
  if (received > maxTailLines) return true;
  const length = lines.reduce((sum, { text }) => sum + text.length, 0);
  return received > lines.length && length > maxTailLength / 2;
}

/** Both oldest first; of equal times those that are present come first. */
export function mergedLines(present: readonly LogLine[], added: readonly LogLine[]): LogLine[] {
  const last = present.at(-1);
  const first = added[0];
  if (last === undefined || first === undefined || compareNanoseconds(last.timeNs, first.timeNs) <= 0) {
    return [...present, ...added];
  }
  const merged: LogLine[] = [];
  let next = 0;
  for (const line of present) {
    for (let one = added[next]; one !== undefined && compareNanoseconds(one.timeNs, line.timeNs) < 0;) {
      merged.push(one);
      one = added[++next];
    }
    merged.push(line);
  }
  return [...merged, ...added.slice(next)];
}
