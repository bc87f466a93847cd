import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowKeys } from './row-keys.ts';

function keysOf(keys: RowKeys, first: number, last: number): readonly number[] {
  const offset = keys.offsetFor(first, last);
  return Array.from({ length: last - first + 1 }, (_none, index) => first + index - offset);
}

it('keeps the element of a line that stays in sight', () => {
  const keys = new RowKeys();
  const before = keysOf(keys, 100, 139);
  const after = keysOf(keys, 105, 144);
  expect(after.slice(0, 35)).toEqual(before.slice(5));
});

it('uses all elements again, in their order, after a jump', () => {
  const keys = new RowKeys();
  const before = keysOf(keys, 100, 139);
  expect(keysOf(keys, 5_000, 5_039)).toEqual(before);
  expect(keysOf(keys, 3, 42)).toEqual(before);
});

it('answers the same for the same lines, however they came into sight', () => {
  const range = fc.record({ first: fc.nat(100_000), count: fc.integer({ min: 1, max: 60 }) });
  fc.assert(
    fc.property(fc.array(range, { minLength: 1 }), (ranges) => {
      const keys = new RowKeys();
      for (const { first, count } of ranges) {
        const given = keysOf(keys, first, first + count - 1);
        expect(new Set(given).size).toBe(count);
        expect(keysOf(keys, first, first + count - 1)).toEqual(given);
      }
    }),
  );
});
