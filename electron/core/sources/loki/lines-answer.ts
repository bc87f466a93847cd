import type { SourceFailure } from '#shared/failure.ts';
import { keyOfLabels, type Labels } from '#shared/model/labels.ts';
import { compareNanoseconds, type Nanoseconds } from '#shared/model/log.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { checked, malformedAt, type Listing } from '../checked.ts';
import { sourceFailure } from '../source-failure.ts';
import { levelOfLine } from './level.ts';
import type { LokiLine } from './model.ts';
import { envelopeSchema, queryDataSchema, tailFrameSchema } from './schemas.ts';

/** Reads lines: those of a query, and those of a tail. Pure; runs in the core or on the parsing thread. */

export interface LinesHead {
  readonly streams: readonly Labels[];
  readonly warnings: readonly string[];
}

export interface TailHead {
  readonly streams: readonly Labels[];
  /** What the server says it left out; the times are of the earliest and the latest of it. */
  readonly dropped: {
    readonly count: number;
    readonly firstNs: Nanoseconds;
    readonly lastNs: Nanoseconds;
  } | null;
}

interface WireStream {
  readonly stream: Labels;
  readonly values: readonly unknown[];
}

/** An answer that was asked for newest first: each stream has its lines in reverse. */
export function readBackward(json: unknown): Result<Listing<LinesHead, LokiLine>, SourceFailure> {
  return readLines(json, 'backward');
}

export function readForward(json: unknown): Result<Listing<LinesHead, LokiLine>, SourceFailure> {
  return readLines(json, 'forward');
}

function readLines(
  json: unknown,
  direction: 'backward' | 'forward',
): Result<Listing<LinesHead, LokiLine>, SourceFailure> {
  const envelope = checked(envelopeSchema, json, '');
  if (!envelope.ok) return envelope;
  const data = checked(queryDataSchema, envelope.value.data, 'data');
  if (!data.ok) return data;
  if (data.value.resultType !== 'streams') return failed(numbersNotLines());
  const read = readStreams(data.value.result, direction, 'data.result');
  if (!read.ok) return read;
  const { streams, lines } = read.value;
  return success({ head: { streams, warnings: envelope.value.warnings }, rows: lines });
}

/** One frame of a tail. */
export function readTailFrame(json: unknown): Result<Listing<TailHead, LokiLine>, SourceFailure> {
  const frame = checked(tailFrameSchema, json, '');
  if (!frame.ok) return frame;
  const read = readStreams(frame.value.streams, 'forward', 'streams');
  if (!read.ok) return read;
  const times = frame.value.dropped_entries.map(({ timestamp }) => timestamp).toSorted(compareNanoseconds);
  const [firstNs] = times;
  const lastNs = times.at(-1);
  const dropped =
    firstNs === undefined || lastNs === undefined ? null : { count: times.length, firstNs, lastNs };
  return success({ head: { streams: read.value.streams, dropped }, rows: read.value.lines });
}

/** Ten times what is asked for at once: a server that sends more goes by no limit of the question. */
const maxLines = 50_000;

/** Joins rows of one stream, for a row is a stream only where nothing but index labels tells them apart. */
function readStreams(
  rows: readonly WireStream[],
  direction: 'backward' | 'forward',
  where: string,
): Result<{ streams: Labels[]; lines: LokiLine[] }, SourceFailure> {
  const count = rows.reduce((sum, { values }) => sum + values.length, 0);
  if (count > maxLines) return failed(moreThanAsked(count));
  const table = new StreamTable();
  const lines: LokiLine[] = [];
  for (const [index, { stream, values }] of rows.entries()) {
    const number = table.indexOf(stream);
    const from = lines.length;
    for (const [place, value] of values.entries()) {
      const line = lineOf(value, stream, number);
      if (line === null)
        return failed(malformedAt(`${where}.${index}, value ${place}`, 'expected a time, a line and labels'));
      lines.push(line);
    }
    if (direction === 'backward') lines.push(...lines.splice(from).toReversed());
  }
  // Every row is in order already, and the sort is stable and merges runs that are: equal times keep
  // the order of their stream.
  return success({ streams: [...table.streams], lines: lines.toSorted(byTime) });
}

function byTime(left: LokiLine, right: LokiLine): number {
  return compareNanoseconds(left.timeNs, right.timeNs);
}

/** Numbers label sets in the order in which they are met. */
export class StreamTable {
  readonly streams: Labels[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf(stream: Labels): number {
    const key = keyOfLabels(stream);
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#indexes.set(key, this.streams.length);
    return this.streams.push(stream) - 1;
  }
}

const none: Labels = {};
const nanoseconds = /^(?:0|[1-9]\d{0,19})$/;

/** `[ns, line]`, or with the flag of `client.ts` also `{structuredMetadata, parsed}`; null for anything else. */
function lineOf(value: unknown, labels: Labels, stream: number): LokiLine | null {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) return null;
  const [timeNs, text, beside]: readonly unknown[] = value;
  if (typeof timeNs !== 'string' || typeof text !== 'string' || !nanoseconds.test(timeNs)) return null;
  const { structuredMetadata = none, parsed = none } = asRecord(beside);
  if (!areLabels(structuredMetadata) || !areLabels(parsed)) return null;
  const level = levelOfLine(labels, structuredMetadata, parsed);
  return { timeNs, stream, text, metadata: structuredMetadata, parsed, level };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function areLabels(value: unknown): value is Labels {
  if (value === none) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const text of Object.values(value)) if (typeof text !== 'string') return false;
  return true;
}

function moreThanAsked(count: number): SourceFailure {
  return sourceFailure(
    'too-large',
    `The answer has ${count} lines; at most ${maxLines} are read at once.`,
    'Ask over a shorter range; a proxy in between may leave the limit out.',
  );
}

function numbersNotLines(): SourceFailure {
  return sourceFailure(
    'bad-query',
    'The query counts or computes: it gives numbers, and lines were asked for.',
    'Draw it as a chart, or leave the function and its range out to see the lines.',
  );
}
