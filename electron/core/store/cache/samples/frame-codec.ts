import type { WordWriter } from './word-writer.ts';

/**
 * A run of up to 120 numbers as words, each run by itself, so that a reader decodes only those it needs.
 * Whole numbers, and decimals that are whole once scaled, are packed as what they exceed the least value
 * by, or as what each change exceeds the least change by; all others as the bits in which they differ from
 * the one before. Every bit survives: NaN payloads, the sign of zero, infinities.
 *
 * A header word names the scheme; then come first value and least value where the scheme has them, then
 * the packed part, all of one width, from the lowest bit.
 */
export const frameLength = 120;

/** `values`, `changes`: whole numbers. `bits`: differing bits of all; `some-bits`: a bitmap, then of those that differ. */
const scheme = { values: 0, changes: 1, bits: 2, someBits: 3 } as const;
/** A number before the packed part: none for zero, a signed word, or a double. */
const operand = { zero: 0, word: 1, double: 2 } as const;

const mostExponent = 9;
const powersOfTen = Array.from({ length: mostExponent + 1 }, (_, exponent) => 10 ** exponent);
/** Differences of such numbers are exact. */
const largestWhole = 2 ** 52;

const doubles = new Float64Array(1);
const doubleWords = new Uint32Array(doubles.buffer);
const wholes = new Float64Array(frameLength);
const excesses = new Float64Array(frameLength);
const differences = new Uint32Array(frameLength * 2);

/** The values' bits, low word then high word. */
export function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
}

/** @param length 1 to `frameLength`. @param words the same values as `wordsOf` gives them. */
export function encodeFrame(
  writer: WordWriter,
  values: Float64Array,
  words: Uint32Array,
  start: number,
  length: number,
): void {
  writer.reserve(5 + length * 2 + 4);
  const exponent = toWholes(values, start, length);
  if (exponent === null) return writeBits(writer, planBits(words, start, length), words, start);
  const byValue = planWholes(length, false);
  const byChange = planWholes(length, true);
  const plan = byChange.cost < byValue.cost ? byChange : byValue;
  if (plan.width > 8) {
    const bits = planBits(words, start, length);
    if (bits.cost < plan.cost) return writeBits(writer, bits, words, start);
  }
  writeWholes(writer, plan, exponent);
}

interface WholesPlan {
  readonly isChanges: boolean;
  readonly length: number;
  readonly least: number;
  readonly shift: number;
  readonly width: number;
  /** In words. */
  readonly cost: number;
}

/**
 * Puts the values, times a power of ten where that makes them whole, into `wholes`.
 * @returns the power's exponent, or null where a value is not to be had that way.
 */
function toWholes(values: Float64Array, start: number, length: number): number | null {
  let exponent = 0;
  for (let index = 0; index < length; index++) {
    const value = values[start + index] ?? 0;
    let power = powersOfTen[exponent] ?? 1;
    let whole = exponent === 0 ? Math.trunc(value) : Math.round(value * power);
    while (whole / power !== value) {
      if (exponent === mostExponent || !(Math.abs(value) < largestWhole)) return null;
      exponent++;
      power = powersOfTen[exponent] ?? 1;
      whole = Math.round(value * power);
    }
    if (!(Math.abs(whole) <= largestWhole) || (whole === 0 && Object.is(value, -0))) return null;
    wholes[index] = whole;
  }
  if (exponent > 0) return rescaled(values, start, length, exponent);
  return exponent;
}

/** The same values with the exponent that the last of them needed. */
function rescaled(values: Float64Array, start: number, length: number, exponent: number): number | null {
  const power = powersOfTen[exponent] ?? 1;
  for (let index = 0; index < length; index++) {
    const value = values[start + index] ?? 0;
    const whole = Math.round(value * power);
    if (whole / power !== value || !(Math.abs(whole) <= largestWhole)) return null;
    wholes[index] = whole;
  }
  return exponent;
}

function planWholes(length: number, isChanges: boolean): WholesPlan {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  const first = isChanges ? 1 : 0;
  for (let index = first; index < length; index++) {
    const number = isChanges ? (wholes[index] ?? 0) - (wholes[index - 1] ?? 0) : (wholes[index] ?? 0);
    if (number < least) least = number;
    if (number > most) most = number;
  }
  if (length === first) least = most = 0;
  const range = most - least;
  const header = 1 + operandWords(least) + (isChanges ? operandWords(wholes[0] ?? 0) : 0);
  const plan = { isChanges, length, least, shift: 0 };
  if (range === 0) return { ...plan, width: 0, cost: header };
  const shift = range < 256 ? 0 : commonShift(length, isChanges, least);
  const width = Math.ceil(Math.log2(range / 2 ** shift + 1));
  if (range > 2 * largestWhole || width > 32)
    return { ...plan, shift, width, cost: Number.POSITIVE_INFINITY };
  return { ...plan, shift, width, cost: header + Math.ceil(((length - first) * width) / 32) };
}

/** How many low bits are zero in all excesses, up to 31. */
function commonShift(length: number, isChanges: boolean, least: number): number {
  let all = 0;
  for (let index = isChanges ? 1 : 0; index < length; index++) {
    const number = isChanges ? (wholes[index] ?? 0) - (wholes[index - 1] ?? 0) : (wholes[index] ?? 0);
    all |= (number - least) >>> 0;
    if ((all & 1) === 1) return 0;
  }
  return all === 0 ? 31 : trailingZeros(all);
}

function writeWholes(writer: WordWriter, plan: WholesPlan, exponent: number): void {
  const { isChanges, length, least, shift, width } = plan;
  const [first] = wholes;
  const firstKind = isChanges ? operandKind(first ?? 0) : operand.zero;
  const name = isChanges ? scheme.changes : scheme.values;
  writer.word(headerOf(name, width, shift, exponent, length, firstKind, operandKind(least)));
  if (isChanges) writeOperand(writer, first ?? 0);
  writeOperand(writer, least);
  if (width === 0) return;
  const scale = 2 ** shift;
  for (let index = isChanges ? 1 : 0; index < length; index++) {
    const number = isChanges ? (wholes[index] ?? 0) - (wholes[index - 1] ?? 0) : (wholes[index] ?? 0);
    excesses[index] = (number - least) / scale;
  }
  for (let index = isChanges ? 1 : 0; index < length; index++) writer.bits((excesses[index] ?? 0) | 0, width);
  writer.endBits();
}

interface BitsPlan {
  readonly length: number;
  readonly changed: number;
  readonly trailing: number;
  readonly width: number;
  readonly isSome: boolean;
  readonly cost: number;
}

function planBits(words: Uint32Array, start: number, length: number): BitsPlan {
  let [allLow, allHigh, changed] = [0, 0, 0];
  for (let index = 1; index < length; index++) {
    const at = (start + index) * 2;
    const low = (words[at] ?? 0) ^ (words[at - 2] ?? 0);
    const high = (words[at + 1] ?? 0) ^ (words[at - 1] ?? 0);
    differences[index * 2] = low;
    differences[index * 2 + 1] = high;
    allLow |= low;
    allHigh |= high;
    if ((low | high) !== 0) changed++;
  }
  if (changed === 0) return { length, changed, trailing: 0, width: 0, isSome: false, cost: 3 };
  const leading = allHigh === 0 ? 32 + Math.clz32(allLow) : Math.clz32(allHigh);
  const trailing = allLow === 0 ? 32 + trailingZeros(allHigh) : trailingZeros(allLow);
  const width = 64 - leading - trailing;
  const dense = Math.ceil(((length - 1) * width) / 32);
  const some = Math.ceil((length - 1) / 32) + Math.ceil((changed * width) / 32);
  return { length, changed, trailing, width, isSome: some < dense, cost: 3 + Math.min(some, dense) };
}

function writeBits(writer: WordWriter, plan: BitsPlan, words: Uint32Array, start: number): void {
  const { length, trailing, width, isSome } = plan;
  const name = isSome ? scheme.someBits : scheme.bits;
  writer.word(headerOf(name, width, trailing, 0, length, operand.double, operand.zero));
  writer.word(words[start * 2] ?? 0);
  writer.word(words[start * 2 + 1] ?? 0);
  if (width === 0) return;
  if (isSome) {
    for (let index = 1; index < length; index++) writer.bits(isDifferent(index) ? 1 : 0, 1);
    writer.endBits();
  }
  for (let index = 1; index < length; index++) {
    if (isSome && !isDifferent(index)) continue;
    const low = differences[index * 2] ?? 0;
    const high = differences[index * 2 + 1] ?? 0;
    const shiftedLow = lowAfterShift(low, high, trailing);
    if (width <= 32) {
      writer.bits(shiftedLow, width);
      continue;
    }
    writer.bits(shiftedLow, 32);
    writer.bits(trailing === 0 ? high : high >>> trailing, width - 32);
  }
  writer.endBits();
}

function isDifferent(index: number): boolean {
  return ((differences[index * 2] ?? 0) | (differences[index * 2 + 1] ?? 0)) !== 0;
}

/** The low word of 64 bits moved down by `count`. */
function lowAfterShift(low: number, high: number, count: number): number {
  if (count === 0) return low;
  return count >= 32 ? high >>> (count - 32) : (low >>> count) | (high << (32 - count));
}

function headerOf(
  name: number,
  width: number,
  shift: number,
  exponent: number,
  length: number,
  firstKind: number,
  leastKind: number,
): number {
  const numbers = (width << 2) | (shift << 9) | (exponent << 15) | ((length - 1) << 19);
  return name | numbers | (firstKind << 26) | (leastKind << 28);
}

function operandKind(number: number): number {
  if (number === 0) return operand.zero;
  return (number | 0) === number ? operand.word : operand.double;
}

function operandWords(number: number): number {
  return operandKind(number);
}

function writeOperand(writer: WordWriter, number: number): void {
  const kind = operandKind(number);
  if (kind === operand.zero) return;
  if (kind === operand.word) return writer.word(number);
  doubles[0] = number;
  writer.word(doubleWords[0] ?? 0);
  writer.word(doubleWords[1] ?? 0);
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** How many numbers the frame at a word holds. */
export function lengthOfFrame(words: Uint32Array, at: number): number {
  return (((words[at] ?? 0) >>> 19) & 127) + 1;
}

/** @returns the word after the frame. */
export function skipFrame(words: Uint32Array, at: number): number {
  const header = words[at] ?? 0;
  const name = header & 3;
  const width = (header >>> 2) & 127;
  const length = ((header >>> 19) & 127) + 1;
  const packed = at + 1 + ((header >>> 26) & 3) + ((header >>> 28) & 3);
  if (width === 0) return packed;
  if (name === scheme.values) return packed + Math.ceil((length * width) / 32);
  if (name !== scheme.someBits) return packed + Math.ceil(((length - 1) * width) / 32);
  const bitmap = Math.ceil((length - 1) / 32);
  let changed = 0;
  for (let index = 0; index < bitmap; index++) changed += bitsSet(words[packed + index] ?? 0);
  return packed + bitmap + Math.ceil((changed * width) / 32);
}

/**
 * Decodes the frame at a word into `out` from `to` on.
 * @param outWords `out` as `wordsOf` gives it. @returns the word after the frame.
 */
export function decodeFrame(
  words: Uint32Array,
  at: number,
  out: Float64Array,
  outWords: Uint32Array,
  to: number,
): number {
  const header = words[at] ?? 0;
  const isWholes = (header & 2) === 0;
  return isWholes ? decodeWholes(words, at, out, to) : decodeBits(words, at, outWords, to);
}

function decodeWholes(words: Uint32Array, at: number, out: Float64Array, to: number): number {
  const header = words[at] ?? 0;
  const isChanges = (header & 3) === scheme.changes;
  const width = (header >>> 2) & 127;
  const scale = 2 ** ((header >>> 9) & 63);
  const power = powersOfTen[(header >>> 15) & 15] ?? 1;
  const end = to + ((header >>> 19) & 127) + 1;
  const firstKind = (header >>> 26) & 3;
  const leastKind = (header >>> 28) & 3;
  let next = at + 1;
  let place = to;
  let value = 0;
  if (isChanges) {
    value = readOperand(words, next, firstKind);
    next += firstKind;
    out[place++] = value / power;
  }
  const least = readOperand(words, next, leastKind);
  next += leastKind;
  if (width === 0) {
    for (; place < end; place++) {
      value = isChanges ? value + least : least;
      out[place] = value / power;
    }
    return next;
  }
  const mask = width === 32 ? 0xffff_ffff : (1 << width) - 1;
  let bit = 0;
  let word = words[next] ?? 0;
  for (; place < end; place++) {
    let packed = word >>> bit;
    bit += width;
    if (bit >= 32) {
      bit -= 32;
      word = words[++next] ?? 0;
      if (bit > 0) packed |= word << (width - bit);
    }
    const number = least + ((packed & mask) >>> 0) * scale;
    value = isChanges ? value + number : number;
    out[place] = value / power;
  }
  return bit === 0 ? next : next + 1;
}

function decodeBits(words: Uint32Array, at: number, outWords: Uint32Array, to: number): number {
  const header = words[at] ?? 0;
  const isSome = (header & 3) === scheme.someBits;
  const width = (header >>> 2) & 127;
  const shift = (header >>> 9) & 63;
  const end = (to + ((header >>> 19) & 127) + 1) * 2;
  const lowMask = width >= 32 ? 0xffff_ffff : (1 << width) - 1;
  const highMask = width <= 32 ? 0 : width === 64 ? 0xffff_ffff : (1 << (width - 32)) - 1;
  let low = words[at + 1] ?? 0;
  let high = words[at + 2] ?? 0;
  const bitmap = at + 3;
  const bitmapWords = isSome && width > 0 ? Math.ceil((end / 2 - to - 1) / 32) : 0;
  let next = bitmap + bitmapWords;
  let bit = 0;
  for (let place = to * 2; place < end; place += 2) {
    const index = place / 2 - to - 1;
    const isChanged =
      index >= 0 &&
      width > 0 &&
      (!isSome || (((words[bitmap + (index >>> 5)] ?? 0) >>> (index & 31)) & 1) === 1);
    if (isChanged) {
      const word = words[next + 1] ?? 0;
      // A shift by 32 is one by 0.
      const rest = 32 - bit;
      const lowPart = (((words[next] ?? 0) >>> bit) | (bit === 0 ? 0 : word << rest)) & lowMask;
      const highPart =
        highMask === 0 ? 0 : ((word >>> bit) | (bit === 0 ? 0 : (words[next + 2] ?? 0) << rest)) & highMask;
      bit += width;
      next += bit >>> 5;
      bit &= 31;
      if (shift >= 32) high ^= lowPart << (shift - 32);
      else {
        low ^= lowPart << shift;
        high ^= shift === 0 ? highPart : (highPart << shift) | (lowPart >>> (32 - shift));
      }
    }
    outWords[place] = low;
    outWords[place + 1] = high;
  }
  return bit === 0 ? next : next + 1;
}

function readOperand(words: Uint32Array, at: number, kind: number): number {
  if (kind === operand.zero) return 0;
  if (kind === operand.word) return (words[at] ?? 0) | 0;
  doubleWords[0] = words[at] ?? 0;
  doubleWords[1] = words[at + 1] ?? 0;
  return doubles[0] ?? 0;
}

function bitsSet(word: number): number {
  let [left, count] = [word, 0];
  while (left !== 0) {
    left &= left - 1;
    count++;
  }
  return count;
}
