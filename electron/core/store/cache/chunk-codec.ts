import { crc32 } from 'node:zlib';
import { failed, success, type Result } from '#shared/result.ts';
import { BitReader, BitWriter } from './bit-stream.ts';

/**
 * Samples of one series as bytes: times as the change of their step, values as what changed in their bits.
 * A regular scrape of a steady value costs two bits a sample. Every bit of a value is kept, so staleness
 * markers, the sign of zero and the payload of any NaN survive.
 * The scheme is Gorilla's (Pelkonen et al., VLDB 2015, section 4.1), with other widths for times.
 *
 * Layout: format (u8), CRC-32 of all that follows (u32), count (u32), then bits; numbers little-endian.
 */
export interface Samples {
  /** Unix milliseconds: whole, rising, at most `longestStepMs` apart. */
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** Why samples cannot be a chunk. */
export type ChunkProblem = 'lengths-differ' | 'time-not-whole' | 'times-not-rising' | 'step-too-long';

const format = 1;
const checksumOffset = 1;
const countOffset = 5;
const headerBytes = 9;
export const longestStepMs = 2 ** 31 - 1;

/** Widths for the change of a step, told by 1, 2 or 3 one bits and a zero, or by 4 one bits. */
const stepWidths = [7, 12, 20, 32] as const;
const leadingWidth = 5;
const lengthWidth = 6;
const mostLeading = 2 ** leadingWidth - 1;

export function encodeChunk(samples: Samples): Result<Uint8Array, ChunkProblem> {
  const problem = problemOf(samples);
  if (problem !== null) return failed(problem);
  const bits = new BitWriter();
  const { timesMs, values } = samples;
  writeTimes(bits, timesMs);
  writeValues(bits, wordsOf(values));
  const body = bits.finish();
  const chunk = new Uint8Array(headerBytes + body.length);
  chunk.set(body, headerBytes);
  chunk[0] = format;
  const header = new DataView(chunk.buffer);
  header.setUint32(countOffset, timesMs.length, true);
  header.setUint32(checksumOffset, crc32(chunk.subarray(countOffset)), true);
  return success(chunk);
}

/** @returns the samples, or undefined where these are not the bytes that `encodeChunk` made. */
export function decodeChunk(chunk: Uint8Array): Samples | undefined {
  if (chunk.length < headerBytes || chunk[0] !== format) return undefined;
  const header = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (header.getUint32(checksumOffset, true) !== crc32(chunk.subarray(countOffset))) return undefined;
  const count = header.getUint32(countOffset, true);
  const bits = new BitReader(chunk.subarray(headerBytes));
  const timesMs = readTimes(bits, count);
  const values = readValues(bits, count);
  return bits.isOverrun ? undefined : { timesMs, values };
}

/** The values' bits, low word then high word: every platform we run on is little-endian. */
export function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
}

function problemOf({ timesMs, values }: Samples): ChunkProblem | null {
  if (timesMs.length !== values.length) return 'lengths-differ';
  for (let index = 0; index < timesMs.length; index++) {
    const timeMs = timesMs[index] ?? Number.NaN;
    if (!Number.isSafeInteger(timeMs)) return 'time-not-whole';
    if (index === 0) continue;
    const stepMs = timeMs - (timesMs[index - 1] ?? 0);
    if (stepMs <= 0) return 'times-not-rising';
    if (stepMs > longestStepMs) return 'step-too-long';
  }
  return null;
}

function writeTimes(bits: BitWriter, timesMs: Float64Array): void {
  const [firstMs] = timesMs;
  if (firstMs === undefined) return;
  const first = wordsOf(Float64Array.of(firstMs));
  bits.write(first[1] ?? 0, 32);
  bits.write(first[0] ?? 0, 32);
  let previousMs = firstMs;
  let previousStepMs = 0;
  for (const timeMs of timesMs.subarray(1)) {
    const stepMs = timeMs - previousMs;
    writeStepChange(bits, stepMs - previousStepMs);
    previousMs = timeMs;
    previousStepMs = stepMs;
  }
}

function writeStepChange(bits: BitWriter, change: number): void {
  if (change === 0) {
    bits.write(0, 1);
    return;
  }
  const found = stepWidths.findIndex((width) => change >= -(2 ** (width - 1)) && change < 2 ** (width - 1));
  const ones = found + 1;
  // The widest needs no closing zero; all others are told apart by it.
  if (ones === stepWidths.length) bits.write(0b1111, 4);
  else bits.write((1 << (ones + 1)) - 2, ones + 1);
  bits.write(change | 0, stepWidths[found] ?? 32);
}

function readTimes(bits: BitReader, count: number): Float64Array {
  const timesMs = new Float64Array(boundedCount(bits, count));
  if (timesMs.length === 0) return timesMs;
  const high = bits.read(32);
  const low = bits.read(32);
  let timeMs = new Float64Array(Uint32Array.of(low, high).buffer)[0] ?? 0;
  let stepMs = 0;
  timesMs[0] = timeMs;
  for (let index = 1; index < timesMs.length; index++) {
    stepMs += readStepChange(bits);
    timeMs += stepMs;
    timesMs[index] = timeMs;
  }
  return timesMs;
}

function readStepChange(bits: BitReader): number {
  let ones = 0;
  while (ones < stepWidths.length && bits.read(1) === 1) ones++;
  if (ones === 0) return 0;
  const width = stepWidths[ones - 1] ?? 32;
  const unused = 32 - width;
  return (bits.read(width) << unused) >> unused;
}

function writeValues(bits: BitWriter, words: Uint32Array): void {
  let previousLow = 0;
  let previousHigh = 0;
  let leading = 0;
  let length = 0;
  for (let index = 0; index < words.length; index += 2) {
    const low = ((words[index] ?? 0) ^ previousLow) >>> 0;
    const high = ((words[index + 1] ?? 0) ^ previousHigh) >>> 0;
    previousLow = words[index] ?? 0;
    previousHigh = words[index + 1] ?? 0;
    if (low === 0 && high === 0) {
      bits.write(0, 1);
      continue;
    }
    const ownLeading = Math.min(mostLeading, high === 0 ? 32 + Math.clz32(low) : Math.clz32(high));
    const ownTrailing = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
    const trailing = 64 - leading - length;
    if (length > 0 && ownLeading >= leading && ownTrailing >= trailing) {
      bits.write(0b10, 2);
    } else {
      leading = ownLeading;
      length = 64 - ownLeading - ownTrailing;
      bits.write(0b11, 2);
      bits.write(leading, leadingWidth);
      bits.write(length - 1, lengthWidth);
    }
    writeMiddle(bits, high, low, leading, length);
  }
}

/** Writes `length` of 64 bits, after the first `leading` ones. */
function writeMiddle(bits: BitWriter, high: number, low: number, leading: number, length: number): void {
  const inHigh = Math.min(length, 32 - leading);
  const inLow = length - inHigh;
  bits.write(high >>> (32 - leading - inHigh), inHigh);
  if (inLow > 0) bits.write(low >>> (32 - inLow), inLow);
}

function readValues(bits: BitReader, count: number): Float64Array {
  const values = new Float64Array(boundedCount(bits, count));
  const words = wordsOf(values);
  let low = 0;
  let high = 0;
  let leading = 0;
  let length = 0;
  for (let index = 0; index < words.length; index += 2) {
    if (bits.read(1) === 1) {
      if (bits.read(1) === 1) {
        leading = bits.read(leadingWidth);
        length = bits.read(lengthWidth) + 1;
      }
      const inHigh = Math.min(length, 32 - leading);
      const inLow = length - inHigh;
      if (inHigh > 0) high ^= bits.read(inHigh) << (32 - leading - inHigh);
      if (inLow > 0) low ^= bits.read(inLow) << (32 - inLow);
    }
    words[index] = low;
    words[index + 1] = high;
  }
  return values;
}

/** Each sample takes two bits at least: a larger count is not one that was written. */
function boundedCount(bits: BitReader, count: number): number {
  return Math.min(count, bits.totalBits);
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
