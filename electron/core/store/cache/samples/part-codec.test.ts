import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameLength, wordsOf } from './frame-codec.ts';
import { encodePart, markersOf, Part, type Column } from './part-codec.ts';

const stale = 0x7ff0_0000_0000_0002n;
const valueBits = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0x4059_0000_0000_0000n) },
  { weight: 1, arbitrary: fc.constant(stale) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
);
const steps = fc.array(fc.oneof(fc.constant(15_000), fc.integer({ min: 1, max: 2 ** 31 })), {
  minLength: 1,
  maxLength: 300,
});

function timesOf(list: readonly number[]): Float64Array {
  let timeMs = 1_795_226_400_000;
  return Float64Array.from(list, (step) => (timeMs += step));
}

const columns = fc
  .tuple(
    fc.array(steps, { minLength: 1, maxLength: 3 }),
    fc.uniqueArray(fc.nat(1_023), { minLength: 1, maxLength: 6 }),
  )
  .chain(([lists, slots]) => {
    const times = lists.map(timesOf);
    return fc.tuple(
      ...slots.map((slot) =>
        fc.nat(times.length - 1).chain((which) => {
          const timesMs = times[which] ?? new Float64Array();
          return fc
            .array(valueBits, { minLength: timesMs.length, maxLength: timesMs.length })
            .map((bits): Column => ({
              slot,
              timesMs,
              values: new Float64Array(BigUint64Array.from(bits).buffer),
            }));
        }),
      ),
    );
  });

test('columns come back by their bits, whole and in windows of frames', () => {
  const check = (list: readonly Column[], firstFrame: number, cut: number): void => {
    const part = new Part(encodePart(list));
    expect(part.columns).toBe(list.length);
    for (const { slot, timesMs, values } of list) {
      const column = part.columnOf(slot);
      expect(part.decodeTimes(part.timesOf(column))).toEqual(timesMs);
      const first = Math.min(
        firstFrame * frameLength,
        Math.floor((timesMs.length - 1) / frameLength) * frameLength,
      );
      const end = Math.max(first, timesMs.length - cut);
      const out = new Float64Array(end - first + 1);
      part.decodeValues(column, first, end, out, wordsOf(out), 1);
      const expected = values.slice(first, end);
      expect(wordsOf(out.slice(1))).toEqual(wordsOf(expected));
      const isStale = [...new BigUint64Array(expected.buffer)].map((bits) => (bits === stale ? 1 : 0));
      expect([...(markersOf(out.slice(1)) ?? [])]).toEqual(isStale.includes(1) ? isStale : []);
      if (isStale.includes(1)) expect(part.hasStale(column)).toBe(true);
    }
  };
  fc.assert(fc.property(columns, fc.nat(2), fc.nat(200), check), { numRuns: 60 });
});

test('series scraped together share one column of times, also across parts', () => {
  const timesMs = timesOf([15_000, 15_000, 15_001]);
  const alike = timesOf([15_000, 15_000, 15_001]);
  const other = timesOf([15_000, 15_000, 15_002]);
  const values = Float64Array.of(1, 2, 3);
  const one = new Part(
    encodePart([timesMs, timesMs, other].map((times, slot) => ({ slot, timesMs: times, values }))),
  );
  const two = new Part(encodePart([{ slot: 5, timesMs: alike, values }]));
  expect([0, 1, 2].map((slot) => one.timesOf(one.columnOf(slot)))).toEqual([0, 0, 1]);
  expect(two.keyOfTimes(0)).toBe(one.keyOfTimes(0));
  expect(two.keyOfTimes(0)).not.toBe(one.keyOfTimes(1));
  expect(one.columnOf(3)).toBe(-1);
});

test('a part need not lie at a word', () => {
  const data = encodePart([{ slot: 1, timesMs: timesOf([1]), values: Float64Array.of(0.5) }]);
  const moved = new Uint8Array(data.length + 1);
  moved.set(data, 1);
  const part = new Part(moved.subarray(1));
  const out = new Float64Array(1);
  part.decodeValues(part.columnOf(1), 0, 1, out, wordsOf(out), 0);
  expect(out[0]).toBe(0.5);
  expect(() => new Part(Uint8Array.of(9, 0, 0, 0))).toThrow(RangeError);
});

test('whatever its words say, reading a part ends soon, with samples or a complaint', () => {
  const timesMs = timesOf(Array.from({ length: 300 }, () => 15_000));
  const own = [0, 1, 7].map((slot): Column => ({ slot, timesMs, values: timesMs.map((ms) => ms % 977) }));
  const data = encodePart(own);
  const change = fc.tuple(fc.nat(data.length / 4 - 1), fc.oneof(fc.nat(0xffff_ffff), fc.nat(2_000)));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const forged = data.slice();
      const words = new Uint32Array(forged.buffer);
      for (const [place, word] of changes) words[place] = word;
      try {
        const all = new Part(forged).all();
        expect(all.every((column) => column.timesMs.length <= words.length * frameLength)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
    { numRuns: 200 },
  );
});
