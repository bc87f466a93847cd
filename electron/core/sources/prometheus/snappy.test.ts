import fc from 'fast-check';
import { compress } from 'snappyjs';
import { describe, expect, test } from 'vitest';
import { BlockTooLarge, NoSnappyBlock, openSnappyBlock, snappyBlockOf } from './snappy.ts';

const limit = 1_048_576;
const opened = (...bytes: readonly number[]): number[] => [...openSnappyBlock(Uint8Array.from(bytes), limit)];
const textOf = (...bytes: readonly number[]): string => String.fromCharCode(...opened(...bytes));
const [a, b] = [97, 98];

describe('a block is opened', () => {
  test('as the peer compressed it, whatever repeats in it', () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 5 }), fc.nat(400)).map(repeated),
    );
    const bytes = fc
      .array(part, { maxLength: 30 })
      .map((parts) => Uint8Array.from(parts.flatMap((one) => [...one])));
    fc.assert(
      fc.property(bytes, (content) => {
        expect(openSnappyBlock(compress(content), limit)).toEqual(content);
        expect(openSnappyBlock(snappyBlockOf(content), limit)).toEqual(content);
      }),
    );
  });

  test('of more than a literal holds', () => {
    const content = Uint8Array.from({ length: 200_000 }, (_, index) => index * 7);
    expect(openSnappyBlock(snappyBlockOf(content), limit)).toEqual(content);
    expect(openSnappyBlock(compress(content), limit)).toEqual(content);
  });

  test('with each kind of element', () => {
    expect(opened(0)).toEqual([]);
    expect(textOf(2, 1 << 2, a, b)).toBe('ab');
    // A literal whose length takes one byte, and one whose takes four.
    expect(textOf(2, 60 << 2, 1, a, b)).toBe('ab');
    expect(textOf(2, 63 << 2, 1, 0, 0, 0, a, b)).toBe('ab');
    // Copies with an offset of one byte and three bits, of two and of four bytes; each repeats what it writes.
    expect(textOf(7, 1 << 2, a, b, (1 << 2) | 1, 2)).toBe('abababa');
    expect(textOf(6, 1 << 2, a, b, (3 << 2) | 2, 1, 0)).toBe('abbbbb');
    expect(textOf(6, 1 << 2, a, b, (3 << 2) | 3, 2, 0, 0, 0)).toBe('ababab');
  });
});

describe('what is no block is refused', () => {
  test.each<[string, readonly number[], string]>([
    ['nothing', [], 'does not begin with a length'],
    ['a length without end', [0x80, 0x80, 0x80, 0x80, 0x80, 1], 'does not begin with a length'],
    ['a length beyond 32 bits', [0xff, 0xff, 0xff, 0xff, 0x7f], 'does not begin with a length'],
    ['more than it can open to', [0xff, 0x7f, 0, a], 'more than it can'],
    ['less than it says', [3, 1 << 2, a, b], 'less than it says'],
    ['a literal that is cut off', [2, 1 << 2, a], 'beyond its end'],
    ['a literal of more than it says', [1, 1 << 2, a, b], 'beyond its end'],
    // The library took its length for negative, and read it again for ever.
    ['a literal of four gigabytes', [10, 63 << 2, 0xfa, 0xff, 0xff, 0xff, 0, 0, 0, 0], 'beyond its end'],
    ['a length that is cut off', [10, 63 << 2, 1], 'ends within an element'],
    ['a copy of nothing before', [4, (0 << 2) | 1, 1], 'before its start'],
    ['a copy from where it stands', [5, 0, a, (0 << 2) | 1, 0], 'before its start'],
    [
      'a copy from four gigabytes before',
      [5, 0, a, (3 << 2) | 3, 0xff, 0xff, 0xff, 0xff],
      'before its start',
    ],
    ['a copy of more than it says', [3, 0, a, (3 << 2) | 2, 1, 0], 'beyond its end'],
  ])('%s', (_name, bytes, message) => {
    expect(() => opened(...bytes)).toThrow(message);
    expect(() => opened(...bytes)).toThrow(NoSnappyBlock);
  });

  test('and what opens to more than is wanted, before it is', () => {
    expect(() => openSnappyBlock(Uint8Array.of(0x80, 0x80, 0x80, 0x08), limit)).toThrow(BlockTooLarge);
  });

  test('whatever the bytes, it comes back, and with what it said or a refusal', () => {
    const element = fc.oneof(
      fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 8 })).map(([tag, rest]) => [tag, ...rest]),
      fc.uint8Array({ minLength: 4, maxLength: 4 }).map((length) => [63 << 2, ...length]),
    );
    fc.assert(
      fc.property(fc.nat(200), fc.array(element, { maxLength: 20 }), (length, elements) => {
        const block = Uint8Array.from([...snappyLength(length), ...elements.flat()]);
        try {
          expect(openSnappyBlock(block, limit)).toHaveLength(length);
        } catch (error) {
          expect(error).toBeInstanceOf(NoSnappyBlock);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

function repeated([bytes, times]: readonly [Uint8Array, number]): Uint8Array {
  return Uint8Array.from({ length: bytes.length * times }, (_, index) => bytes[index % bytes.length] ?? 0);
}

function snappyLength(length: number): number[] {
  return length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >>> 7];
}
