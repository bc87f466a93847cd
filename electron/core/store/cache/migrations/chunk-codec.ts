import { crc32 } from 'node:zlib';
import type { Samples } from '../samples/columns.ts';
import { wordsOf } from '../samples/frame-codec.ts';
import { BitReader } from './bit-stream.ts';

/**
 * Reads the chunks of caches up to version 3: samples of one series bit by bit, for the migration alone.
 * The scheme is Gorilla's (Pelkonen et al., VLDB 2015, section 4.1), with other widths for times.
 *
 * Layout: format (u8), CRC-32 of all that follows (u32), count (u32), then bits; numbers little-endian.
 */
const format = 1;
const checksumOffset = 1;
const countOffset = 5;
const headerBytes = 9;

/** Widths for the change of a step, told by 1, 2 or 3 one bits and a zero, or by 4 one bits. */
const stepWidths = [7, 12, 20, 32] as const;
const leadingWidth = 5;
const lengthWidth = 6;

/** @returns the samples, or undefined where these are not the bytes of a chunk. */
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
