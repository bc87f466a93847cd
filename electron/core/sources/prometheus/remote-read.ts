import { PbfReader, PbfWriter } from 'pbf';
import type { SourceFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import { malformedAt, type Listing } from '../checked.ts';
import { malformed, sourceFailure } from '../source-failure.ts';
import { BlockTooLarge, openSnappyBlock, snappyBlockOf } from './snappy.ts';

/**
 * Prometheus' remote read: raw samples of a selector with their stale markers, which no query answers, and
 * native histograms whole. Messages are protobuf in one snappy block.
 * Source: prometheus/prometheus prompb/remote.proto and prompb/types.proto.
 */

/** Samples as they were written; a stale marker is the NaN with the bits 0x7ff0000000000002. */
export interface RawSamples {
  readonly labels: Labels;
  /** Unix milliseconds, rising. */
  readonly timesMs: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
  readonly histograms: readonly RawHistogram[];
}

/** A native histogram as the server encoded it, kept for whoever can read it one day. */
export interface RawHistogram {
  readonly timeMs: number;
  readonly message: Uint8Array;
}

export interface RemoteReadQuery {
  readonly matchers: readonly LabelMatcher[];
  /** Both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Of one answer, decompressed: four times what the raw body may take. */
const maxBytes = 96 * 1_048_576;
const maxSeries = 100_000;
const maxSamples = 2_000_000;
const maxLabels = 1_000;

const matcherTypes = { '=': 0, '!=': 1, '=~': 2, '!~': 3 } as const;

export const remoteReadHeaders = {
  accept: 'application/x-protobuf',
  'x-prometheus-remote-read-version': '0.1.0',
} as const;

/** The body of a request. */
export function writeReadRequest(query: RemoteReadQuery): Uint8Array {
  const request = new PbfWriter();
  request.writeMessage(1, writeQuery, query);
  return snappyBlockOf(request.finish());
}

function writeQuery(query: RemoteReadQuery, writer: PbfWriter): void {
  writer.writeVarintField(1, query.fromMs);
  writer.writeVarintField(2, query.toMs);
  for (const matcher of query.matchers) writer.writeMessage(3, writeMatcher, matcher);
}

function writeMatcher({ name, operator, value }: LabelMatcher, writer: PbfWriter): void {
  writer.writeVarintField(1, matcherTypes[operator]);
  writer.writeStringField(2, name);
  writer.writeStringField(3, value);
}

/** @param body compressed, of an answer of the type SAMPLES. */
export function readReadResponse(body: unknown): Result<Listing<null, RawSamples>, SourceFailure> {
  if (!(body instanceof Uint8Array)) return failed(malformed('it is not a protobuf message.'));
  const reading: Reading = { rows: [], samples: 0 };
  try {
    const reader = new PbfReader(openSnappyBlock(body, maxBytes));
    readFields(reader, readResponse, reading, reader.length);
  } catch (error) {
    if (error instanceof BlockTooLarge) return failed(tooMuch(`more than ${maxBytes / 1_048_576} MiB`));
    if (error instanceof TooMuch) return failed(tooMuch(error.message));
    if (error instanceof OutOfOrder) return failed(malformedAt('timeseries', error.message));
    // Whatever is no such message.
    return failed(malformed(`it is not a remote-read answer (${messageOf(error)}).`));
  }
  return success({ head: null, rows: reading.rows });
}

type ReadField<Into> = (tag: number, into: Into, reader: PbfReader) => void;

/** The library takes a message for whole that ends within a field, beyond the one it is in, or with field 0. */
function readFields<Into>(reader: PbfReader, readField: ReadField<Into>, into: Into, end: number): Into {
  if (end > reader.length) throw new Error('a message ends before its bytes');
  reader.readFields(readField, into, end);
  if (reader.pos !== end) throw new Error('a message ends within a field');
  return into;
}

function readMessage<Into>(reader: PbfReader, readField: ReadField<Into>, into: Into): Into {
  expectType(reader, bytesType);
  return readFields(reader, readField, into, reader.readVarint() + reader.pos);
}

/** How a field is written. Source: protobuf.dev/programming-guides/encoding. */
const [varintType, eightBytesType, bytesType] = [0, 1, 2] as const;

function expectType(reader: PbfReader, type: number): void {
  if (reader.type !== type) throw new Error(`a field is written as type ${reader.type}, not ${type}`);
}

interface Reading {
  readonly rows: RawSamples[];
  samples: number;
}

class TooMuch extends Error {}
class OutOfOrder extends Error {}

function readResponse(tag: number, reading: Reading, reader: PbfReader): void {
  if (tag === 1) readMessage(reader, readQueryResult, reading);
}

function readQueryResult(tag: number, reading: Reading, reader: PbfReader): void {
  if (tag !== 1) return;
  if (reading.rows.length === maxSeries) throw new TooMuch(`more than ${maxSeries} series`);
  const series = readMessage(reader, readSeries, {
    labels: [],
    timesMs: new Float64Array(64),
    bits: new Uint8Array(64 * 8),
    count: 0,
    histograms: [],
    budget: maxSamples - reading.samples,
  });
  reading.samples += series.count + series.histograms.length;
  reading.rows.push({
    labels: Object.fromEntries(series.labels),
    timesMs: series.timesMs.slice(0, series.count),
    values: new Float64Array(series.bits.slice(0, series.count * 8).buffer),
    histograms: series.histograms,
  });
}

interface SeriesReading {
  readonly labels: [string, string][];
  timesMs: Float64Array<ArrayBuffer>;
  /** Values as bytes: a NaN that passes through arithmetic may lose what it says. */
  bits: Uint8Array<ArrayBuffer>;
  count: number;
  readonly histograms: RawHistogram[];
  readonly budget: number;
}

function readSeries(tag: number, series: SeriesReading, reader: PbfReader): void {
  if (tag === 1) {
    if (series.labels.length === maxLabels) throw new TooMuch(`a series with more than ${maxLabels} labels`);
    const label: [string, string] = ['', ''];
    series.labels.push(readMessage(reader, readLabel, label));
  } else if (tag === 2) {
    if (series.count === series.budget) throw new TooMuch(`more than ${maxSamples} samples`);
    if (series.count === series.timesMs.length) grow(series);
    readMessage(reader, readSample, series);
    const at = series.count++;
    if (at > 0 && (series.timesMs[at] ?? 0) <= (series.timesMs[at - 1] ?? 0))
      throw new OutOfOrder('expected rising times');
  } else if (tag === 4) {
    if (series.histograms.length === series.budget) throw new TooMuch(`more than ${maxSamples} samples`);
    expectType(reader, bytesType);
    const message = Uint8Array.from(reader.readBytes());
    series.histograms.push({ message, timeMs: timeOfHistogram(message) });
  }
}

function grow(series: SeriesReading): void {
  const timesMs = new Float64Array(series.timesMs.length * 2);
  const bits = new Uint8Array(timesMs.length * 8);
  timesMs.set(series.timesMs);
  bits.set(series.bits);
  Object.assign(series, { timesMs, bits });
}

function readLabel(tag: number, label: [string, string], reader: PbfReader): void {
  if (tag !== 1 && tag !== 2) return;
  expectType(reader, bytesType);
  label[tag - 1] = reader.readString();
}

/** A field that protobuf leaves out is 0: both columns are zeroed where they were made. */
function readSample(tag: number, series: SeriesReading, reader: PbfReader): void {
  if (tag === 1) {
    expectType(reader, eightBytesType);
    if (reader.pos + 8 > reader.length) throw new Error('a value ends before its eight bytes');
    series.bits.set(reader.buf.subarray(reader.pos, reader.pos + 8), series.count * 8);
    reader.pos += 8;
  } else if (tag === 2) series.timesMs[series.count] = readTimeMs(reader);
}

function readTimeMs(reader: PbfReader): number {
  expectType(reader, varintType);
  const timeMs = reader.readVarint(true);
  if (!Number.isSafeInteger(timeMs)) throw new Error(`${timeMs} ms is no time`);
  return timeMs;
}

function timeOfHistogram(message: Uint8Array): number {
  const readTime: ReadField<{ timeMs: number }> = (tag, found, reader) => {
    if (tag === 15) found.timeMs = readTimeMs(reader);
  };
  return readFields(new PbfReader(message), readTime, { timeMs: 0 }, message.length).timeMs;
}

function tooMuch(what: string): SourceFailure {
  return sourceFailure('too-large', `The answer has ${what}.`, 'Ask for fewer series or a shorter range.');
}
