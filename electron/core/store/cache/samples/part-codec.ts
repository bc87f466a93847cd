import { crc32 } from 'node:zlib';
import { decodeFrame, encodeFrame, frameLength, lengthOfFrame, skipFrame, wordsOf } from './frame-codec.ts';
import { WordWriter } from './word-writer.ts';

/**
 * A part: samples of up to 1,024 series of one block as one blob. Times stand once for all series that were
 * scraped together. A series is found by its slot; only what a reader asks for is decoded.
 *
 * Layout in little-endian words: format; number of columns, of times; of each column: slot, times and
 * flags, first word; of each of the times: first word; then times (their count, frames) and columns (where
 * flagged: count and places of stale markers; frames).
 */
export const seriesPerPart = 1_024;
const slotBits = 10;

/** The bits by which Prometheus marks that a series has ended. Source: prometheus model/value/value.go. */
const staleLow = 0x0000_0002;
const staleHigh = 0x7ff0_0000;

/** One series' samples within the block. */
export interface Column {
  /** Of the series within the part. */
  readonly slot: number;
  /** Whole Unix milliseconds, rising; series scraped together share it. */
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

const format = 1;
const headerWords = 3;
const slotMask = seriesPerPart - 1;
const staleFlag = 2 ** 31;

/** @param columns of different slots, with samples. */
export function encodePart(columns: readonly Column[]): Uint8Array<ArrayBuffer> {
  const writer = new WordWriter();
  const times = new Map<Float64Array, number>();
  for (const { timesMs } of columns) if (!times.has(timesMs)) times.set(timesMs, times.size);
  for (const word of [format, columns.length, times.size]) writer.word(word);
  const directory = writer.length;
  writer.reserve(columns.length * 2 + times.size);
  for (let index = 0; index < columns.length * 2 + times.size; index++) writer.word(0);
  for (const [timesMs, index] of times) {
    writer.set(directory + columns.length * 2 + index, writer.length);
    writer.word(timesMs.length);
    encodeNumbers(writer, timesMs);
  }
  columns.forEach(({ slot, timesMs, values }, index) => {
    const stale = staleWithin(values);
    const flags = ((times.get(timesMs) ?? 0) << slotBits) | (stale === null ? 0 : staleFlag);
    writer.set(directory + index * 2, slot | flags);
    writer.set(directory + index * 2 + 1, writer.length);
    if (stale === null) return encodeNumbers(writer, values);
    writer.word(stale.length);
    for (const place of stale) writer.word(place);
    encodeNumbers(writer, withoutStale(values, stale));
  });
  const words = writer.finish();
  return new Uint8Array(words.buffer);
}

/** @param before of what comes before, where it is one of several. */
export function checksumOf(data: Uint8Array, before = 0): number {
  return crc32(data, before);
}

/** A part to be read. @throws RangeError where it is of a format that this code does not know. */
export class Part {
  readonly #words: Uint32Array;
  readonly #directory = headerWords;
  readonly #columns: number;
  readonly #timesCount: number;
  /** Of each slot its column plus one; 0 where the part has none. */
  readonly #places = new Uint16Array(seriesPerPart);

  constructor(data: Uint8Array) {
    const isAligned = data.byteOffset % 4 === 0;
    const bytes = isAligned ? data : data.slice();
    this.#words = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
    if (this.#words[0] !== format) throw new RangeError('a part of samples is of an unknown format');
    this.#columns = this.#words[1] ?? 0;
    this.#timesCount = this.#words[2] ?? 0;
    this.#refuseImpossible();
    for (let index = 0; index < this.#columns; index++) this.#places[this.slotAt(index)] = index + 1;
  }

  /** Whoever writes a checksum of their own may write any count: none makes arrays longer than the part can fill. */
  #refuseImpossible(): void {
    let isPossible = this.#columns <= seriesPerPart && this.#timesCount <= seriesPerPart * 2;
    for (let times = 0; isPossible && times < this.#timesCount; times++)
      isPossible = this.#word(this.#timesAt(times)) <= this.#words.length * frameLength;
    for (let column = 0; isPossible && column < this.#columns; column++)
      isPossible = this.timesOf(column) < this.#timesCount;
    if (!isPossible) throw new RangeError('a part of samples names more than it can hold');
  }

  get columns(): number {
    return this.#columns;
  }

  slotAt(column: number): number {
    return this.#word(this.#directory + column * 2) & slotMask;
  }

  /** @returns the slot's column, or -1. */
  columnOf(slot: number): number {
    return (this.#places[slot] ?? 0) - 1;
  }

  /** Which of the part's times a column goes by. */
  timesOf(column: number): number {
    return (this.#word(this.#directory + column * 2) >>> slotBits) & (seriesPerPart * 2 - 1);
  }

  /** Equal for equal times, in this part and any other. */
  keyOfTimes(times: number): string {
    const at = this.#timesAt(times);
    const end = this.#endOfFrames(at + 1, this.#word(at));
    let key = '';
    for (let index = at; index < end; index++) key += this.#word(index).toString(36) + ' ';
    return key;
  }

  decodeTimes(times: number): Float64Array<ArrayBuffer> {
    const at = this.#timesAt(times);
    const timesMs = new Float64Array(this.#word(at));
    this.#decode(at + 1, 0, timesMs.length, timesMs, wordsOf(timesMs), 0);
    return timesMs;
  }

  /**
   * Decodes a column's values into `out` from `to` on, stale markers as the NaN that they are.
   * @param first a multiple of `frameLength`. @param end no more than the column has.
   */
  decodeValues(
    column: number,
    first: number,
    end: number,
    out: Float64Array,
    outWords: Uint32Array,
    to: number,
  ): void {
    this.#decode(this.#framesAt(column), first, end, out, outWords, to);
    for (const place of this.#stalePlaces(column)) {
      if (place < first || place >= end) continue;
      outWords[(to + place - first) * 2] = staleLow;
      outWords[(to + place - first) * 2 + 1] = staleHigh;
    }
  }

  /** Every column, whole. */
  all(): Column[] {
    const times = Array.from({ length: this.#timesCount }, (_, index) => this.decodeTimes(index));
    return Array.from({ length: this.#columns }, (_, column) => {
      const timesMs = times[this.timesOf(column)] ?? new Float64Array();
      return { slot: this.slotAt(column), timesMs, values: this.#whole(column, timesMs.length) };
    });
  }

  /** Whole; empty where the slot has none. */
  valuesOf(slot: number): Float64Array {
    const column = this.columnOf(slot);
    if (column === -1) return new Float64Array();
    return this.#whole(column, this.#word(this.#timesAt(this.timesOf(column))));
  }

  #whole(column: number, length: number): Float64Array {
    const values = new Float64Array(length);
    this.decodeValues(column, 0, length, values, wordsOf(values), 0);
    return values;
  }

  /** Whether a column may hold stale markers. */
  hasStale(column: number): boolean {
    return this.#word(this.#directory + column * 2) >= staleFlag;
  }

  #word(index: number): number {
    return this.#words[index] ?? 0;
  }

  #timesAt(times: number): number {
    if (times >= this.#timesCount) throw new RangeError('a part of samples names times that it has not');
    return this.#word(this.#directory + this.#columns * 2 + times);
  }

  #framesAt(column: number): number {
    const at = this.#word(this.#directory + column * 2 + 1);
    return this.hasStale(column) ? at + 1 + this.#word(at) : at;
  }

  #stalePlaces(column: number): Uint32Array {
    if (!this.hasStale(column)) return noPlaces;
    const at = this.#word(this.#directory + column * 2 + 1);
    return this.#words.subarray(at + 1, at + 1 + this.#word(at));
  }

  #endOfFrames(at: number, count: number): number {
    let [next, left] = [at, count];
    while (left > 0) {
      left -= lengthOfFrame(this.#words, next);
      next = skipFrame(this.#words, next);
    }
    return next;
  }

  /** A last frame that ends past `end` is decoded aside. */
  #decode(
    at: number,
    first: number,
    end: number,
    out: Float64Array,
    outWords: Uint32Array,
    to: number,
  ): void {
    let next = at;
    for (let skipped = 0; skipped < first; skipped += frameLength) next = skipFrame(this.#words, next);
    for (let place = first; place < end; place += frameLength) {
      const length = lengthOfFrame(this.#words, next);
      if (place + length <= end) {
        next = decodeFrame(this.#words, next, out, outWords, to + place - first);
        continue;
      }
      next = decodeFrame(this.#words, next, aside, asideWords, 0);
      outWords.set(asideWords.subarray(0, (end - place) * 2), (to + place - first) * 2);
    }
  }
}

const noPlaces = new Uint32Array();
const aside = new Float64Array(frameLength + 8);
const asideWords = wordsOf(aside);

function encodeNumbers(writer: WordWriter, numbers: Float64Array): void {
  const words = wordsOf(numbers);
  for (let start = 0; start < numbers.length; start += frameLength)
    encodeFrame(writer, numbers, words, start, Math.min(frameLength, numbers.length - start));
}

/** Places of stale markers, or null where there are none. */
function staleWithin(values: Float64Array): number[] | null {
  let places: number[] | null = null;
  const words = wordsOf(values);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    // Only a NaN differs from itself.
    if (value === value || words[index * 2] !== staleLow || words[index * 2 + 1] !== staleHigh) continue;
    places ??= [];
    places.push(index);
  }
  return places;
}

/** 1 at stale markers; null where there are none. */
export function markersOf(values: Float64Array): Uint8Array | null {
  const places = staleWithin(values);
  if (places === null) return null;
  const markers = new Uint8Array(values.length);
  for (const place of places) markers[place] = 1;
  return markers;
}

/** The value before in the place of each marker: it costs least. */
function withoutStale(values: Float64Array, stale: readonly number[]): Float64Array {
  const filled = values.slice();
  const words = wordsOf(filled);
  for (const place of stale) {
    words[place * 2] = place === 0 ? 0 : (words[place * 2 - 2] ?? 0);
    words[place * 2 + 1] = place === 0 ? 0 : (words[place * 2 - 1] ?? 0);
  }
  return filled;
}
