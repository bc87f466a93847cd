import { PbfWriter } from 'pbf';

/**
 * Snappy's block format, in which remote read sends and takes its messages. Written here because the library
 * for it never comes back from a literal whose length is negative to it, nor minds a block that ends early.
 * Source: google/snappy format_description.txt.
 */

/** A copy of three bytes opens to 64: what says that it is larger is no block. */
const mostTimesLarger = 22;

/**
 * @returns what the block opens to: exactly as much as it says.
 * @throws NoSnappyBlock for whatever else the bytes are; BlockTooLarge before anything is opened.
 */
export function openSnappyBlock(block: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  const { length, start } = readLength(block);
  if (length > maxBytes) throw new BlockTooLarge(`it opens to ${length} bytes, more than ${maxBytes}`);
  if (length > block.length * mostTimesLarger)
    throw new NoSnappyBlock('it says that it opens to more than it can');
  const opened = new Uint8Array(length);
  const end = fill(opened, block, start);
  if (end !== length) throw new NoSnappyBlock('it opens to less than it says');
  return opened;
}

export class NoSnappyBlock extends Error {}
export class BlockTooLarge extends Error {}

/** The bytes as a block that is not compressed: a request is a few matchers. */
export function snappyBlockOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const perLiteral = 2 ** 16;
  const writer = new PbfWriter();
  writer.writeVarint(bytes.length);
  const length = writer.finish();
  const literals = Math.ceil(bytes.length / perLiteral);
  const block = new Uint8Array(length.length + literals * 3 + bytes.length);
  block.set(length);
  let at = length.length;
  for (let from = 0; from < bytes.length; from += perLiteral) {
    const part = bytes.subarray(from, from + perLiteral);
    const last = part.length - 1;
    block.set([longLiteral(2), last & 0xff, last >>> 8], at);
    block.set(part, at + 3);
    at += 3 + part.length;
  }
  return block;
}

/** The tag of a literal whose length, less one, stands in so many bytes behind it. */
function longLiteral(bytes: number): number {
  return (59 + bytes) << 2;
}

/** A varint of at most 32 bits. */
function readLength(block: Uint8Array): { readonly length: number; readonly start: number } {
  let length = 0;
  for (let at = 0; at < 5; at++) {
    const byte = block[at];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80 && length < 2 ** 32) return { length, start: at + 1 };
  }
  throw new NoSnappyBlock('it does not begin with a length');
}

/** @returns how many bytes were opened. */
function fill(opened: Uint8Array, block: Uint8Array, start: number): number {
  let at = start;
  let to = 0;
  while (at < block.length) {
    const tag = block[at++] ?? 0;
    const kind = tag & 3;
    if (kind === 0) {
      const bytes = Math.max(0, (tag >>> 2) - 59);
      const length = (bytes === 0 ? tag >>> 2 : littleEndian(block, at, bytes)) + 1;
      at += bytes;
      if (length > block.length - at || length > opened.length - to)
        throw new NoSnappyBlock('a literal goes beyond its end');
      copyLiteral(opened, to, block, at, length);
      at += length;
      to += length;
      continue;
    }
    const bytes = kind === 3 ? 4 : kind;
    const length = kind === 1 ? 4 + ((tag >>> 2) & 7) : 1 + (tag >>> 2);
    const high = kind === 1 ? (tag >>> 5) << 8 : 0;
    const offset = high + littleEndian(block, at, bytes);
    at += bytes;
    if (offset === 0 || offset > to) throw new NoSnappyBlock('a copy begins before its start');
    if (length > opened.length - to) throw new NoSnappyBlock('a copy goes beyond its end');
    // One after the other: a copy may repeat what it has just written.
    for (const end = to + length; to < end; to++) opened[to] = opened[to - offset] ?? 0;
  }
  return to;
}

/** Short ones, which are most of them, are quicker byte by byte. */
function copyLiteral(opened: Uint8Array, to: number, block: Uint8Array, at: number, length: number): void {
  if (length > 32) opened.set(block.subarray(at, at + length), to);
  else for (let index = 0; index < length; index++) opened[to + index] = block[at + index] ?? 0;
}

/** Bits of a number that has no sign. */
function littleEndian(block: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > block.length) throw new NoSnappyBlock('it ends within an element');
  let value = 0;
  for (let index = 0; index < bytes; index++) value += (block[at + index] ?? 0) * 2 ** (8 * index);
  return value;
}
