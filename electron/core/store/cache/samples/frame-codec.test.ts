import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame, encodeFrame, frameLength, lengthOfFrame, skipFrame, wordsOf } from './frame-codec.ts';
import { WordWriter } from './word-writer.ts';

/** Encoded behind a word that is not its own, with what the decoder says of its end. */
function roundTrip(values: Float64Array): { decoded: Float64Array; words: number } {
  const writer = new WordWriter();
  writer.word(0xffff_ffff);
  encodeFrame(writer, values, wordsOf(values), 0, values.length);
  const words = writer.finish();
  const decoded = new Float64Array(values.length + 2);
  expect(decodeFrame(words, 1, decoded, wordsOf(decoded), 1)).toBe(words.length);
  expect(skipFrame(words, 1)).toBe(words.length);
  expect(lengthOfFrame(words, 1)).toBe(values.length);
  expect([decoded[0], decoded.at(-1)]).toEqual([0, 0]);
  return { decoded: decoded.slice(1, -1), words: words.length - 1 };
}

function expectSameBits(values: Float64Array): void {
  expect(wordsOf(roundTrip(values).decoded)).toEqual(wordsOf(values.slice()));
}

const oddBits = fc.constantFrom(
  0x7ff0_0000_0000_0002n,
  0x7ff8_0000_0000_0001n,
  0xfff8_0000_0000_0000n,
  0x8000_0000_0000_0000n,
  0x7ff0_0000_0000_0000n,
  0xfff0_0000_0000_0000n,
  0x0000_0000_0000_0001n,
  0x7fef_ffff_ffff_ffffn,
);
const anyBits = fc.oneof(oddBits, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
const length = { minLength: 1, maxLength: frameLength };
const close = fc.record({
  base: fc.oneof(fc.constantFrom(0, 2 ** 31, 2 ** 52, -(2 ** 52), 0.5), fc.double({ noNaN: true })),
  unit: fc.constantFrom(1, 4096, 0.01, 0.1, 2 ** -20, 2 ** 30, 1e-9),
  steps: fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer()), length),
});

test('any values come back by their bits', () => {
  const values = fc.array(anyBits, length).map((bits) => new Float64Array(BigUint64Array.from(bits).buffer));
  fc.assert(fc.property(values, expectSameBits));
});

test('whole numbers, decimals and near ones come back by their bits, as they are and summed up', () => {
  const check = ({ base, unit, steps }: { base: number; unit: number; steps: number[] }): void => {
    expectSameBits(Float64Array.from(steps, (step) => base + step * unit));
    let sum = base;
    expectSameBits(Float64Array.from(steps, (step) => (sum += step * unit)));
  };
  fc.assert(fc.property(close, check));
});

test('few changes among equal values come back by their bits', () => {
  const changes = fc.array(fc.tuple(fc.nat(frameLength - 1), anyBits), { maxLength: 4 });
  const check = (base: bigint, list: [number, bigint][]): void => {
    const bits = new BigUint64Array(frameLength).fill(base);
    for (const [from, value] of list) bits.fill(value, from);
    expectSameBits(new Float64Array(bits.buffer));
  };
  fc.assert(fc.property(anyBits, changes, check));
});

test.each([
  ['a constant', () => 5, 2],
  ['a steady counter', (index: number) => 1e6 + index * 15, 3],
  ['a counter', (index: number) => 1e6 + index * 100 + ((index * 7) % 16), 22],
  ['hundredths', (index: number) => ((index * 37) % 64) / 100, 24],
  ['pages of memory', (index: number) => 2e9 * 4096 + ((index * 37) % 64) * 4096, 27],
  ['a fraction that changes once', (index: number) => (index < 60 ? 1 / 3 : 2 / 3), 8],
])('%s takes few words', (_what, value, most) => {
  expect(
    roundTrip(Float64Array.from({ length: frameLength }, (_, index) => value(index))).words,
  ).toBeLessThanOrEqual(most);
});
