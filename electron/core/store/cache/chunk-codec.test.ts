import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeChunk, encodeChunk, longestStepMs, wordsOf, type Samples } from './chunk-codec.ts';

const stalenessMarker = 0x7ff0_0000_0000_0002n;

function valuesOfBits(bits: readonly bigint[]): Float64Array {
  return new Float64Array(BigUint64Array.from(bits).buffer);
}

function encoded(samples: Samples): Uint8Array {
  const chunk = encodeChunk(samples);
  if (!chunk.ok) throw new Error(chunk.failure);
  return chunk.value;
}

/** Compares bits, not numbers: NaN payloads and the sign of zero count. */
function expectExactRoundTrip(samples: Samples): void {
  const decoded = decodeChunk(encoded(samples));
  expect(decoded?.timesMs).toEqual(samples.timesMs);
  expect(wordsOf(decoded?.values ?? new Float64Array())).toEqual(wordsOf(samples.values));
}

const anyBits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const tellingBits = fc.constantFrom(
  stalenessMarker,
  0x7ff8_0000_0000_0001n,
  0xfff0_0000_0000_0000n,
  0x7ff0_0000_0000_0000n,
  0x8000_0000_0000_0000n,
  0n,
  1n,
  2n ** 64n - 1n,
);
const ordinaryBits = fc.double().map((value) => new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n);
const step = fc.oneof(
  fc.constant(15_000),
  fc.integer({ min: 14_990, max: 15_010 }),
  fc.integer({ min: 1, max: longestStepMs }),
);
const samplesOf = (bits: fc.Arbitrary<bigint>): fc.Arbitrary<Samples> =>
  fc
    .tuple(
      fc.integer({ min: -8_640_000_000_000, max: 8_640_000_000_000 }),
      fc.array(fc.tuple(step, bits), { maxLength: 300 }),
    )
    .map(([startMs, rows]) => {
      let timeMs = startMs;
      return {
        timesMs: Float64Array.from(rows, ([stepMs]) => (timeMs += stepMs)),
        values: valuesOfBits(rows.map(([, value]) => value)),
      };
    });

describe('a chunk', () => {
  test('gives back every bit of times and values', () => {
    const bits = fc.oneof(anyBits, tellingBits, ordinaryBits, fc.constant(0x4045_0000_0000_0000n));
    fc.assert(fc.property(samplesOf(bits), expectExactRoundTrip), { numRuns: 300 });
  });

  test('keeps staleness markers, infinities and negative zero among ordinary values', () => {
    expectExactRoundTrip({
      timesMs: Float64Array.from({ length: 7 }, (_, index) => 1_700_000_000_000 + index * 15_000),
      values: valuesOfBits([
        0x3ff0_0000_0000_0000n,
        stalenessMarker,
        0x7ff0_0000_0000_0000n,
        0xfff0_0000_0000_0000n,
        0x8000_0000_0000_0000n,
        0x7ff8_0000_0000_0000n,
        0n,
      ]),
    });
  });

  test('is small for a regular scrape', () => {
    const length = 480;
    const timesMs = Float64Array.from({ length }, (_, index) => 1_700_000_000_000 + index * 15_000);
    const steady = encoded({ timesMs, values: new Float64Array(length).fill(42) });
    const counter = encoded({ timesMs, values: Float64Array.from({ length }, (_, index) => index * 15) });
    expect(steady.length).toBeLessThan(160);
    expect(counter.length / length).toBeLessThan(3);
  });

  test.each([
    ['lengths-differ', [1, 2], [1]],
    ['time-not-whole', [1.5], [1]],
    ['time-not-whole', [Number.NaN], [1]],
    ['times-not-rising', [5, 5], [1, 2]],
    ['times-not-rising', [5, 4], [1, 2]],
    ['step-too-long', [0, longestStepMs + 1], [1, 2]],
  ])('refuses %s', (failure, times, values) => {
    const samples = { timesMs: Float64Array.from(times), values: Float64Array.from(values) };
    expect(encodeChunk(samples)).toEqual({ ok: false, failure });
  });

  test('that was damaged anywhere is told, never decoded to something else', () => {
    const chunk = encoded({
      timesMs: Float64Array.of(1_000, 2_000, 2_500),
      values: Float64Array.of(1, 2, 3.5),
    });
    for (let bit = 0; bit < chunk.length * 8; bit++) {
      const flipped = chunk.slice();
      flipped[bit >>> 3] = (flipped[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeChunk(flipped)).toBeUndefined();
    }
    for (let length = 0; length < chunk.length; length++) {
      expect(decodeChunk(chunk.subarray(0, length))).toBeUndefined();
    }
  });

  test('of any bytes never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => decodeChunk(bytes) === undefined));
  });
});
