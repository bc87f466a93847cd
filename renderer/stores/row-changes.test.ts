import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changesBetween } from './row-changes.ts';

interface Row {
  readonly id: number;
  readonly version: number;
}

const rows = fc
  .uniqueArray(fc.record({ id: fc.nat(9), version: fc.nat(2) }), { selector: ({ id }) => id })
  .map((list) => list.flatMap((row) => pool[row.id * 3 + row.version] ?? []));
/** Equal rows are the same object, as in a topic's value. */
const pool = Array.from({ length: 30 }, (_, at): Row => ({ id: Math.floor(at / 3), version: at % 3 }));

it('tells everything that differs, in whatever order the lists are', () => {
  fc.assert(
    fc.property(rows, rows, (before, after) => {
      const { put, gone } = changesBetween(before, after, ({ id }) => id);
      const made = new Map(before.map((row) => [row.id, row]));
      for (const { id } of gone) made.delete(id);
      for (const row of put) made.set(row.id, row);
      const byId = (list: readonly Row[]) => list.toSorted((one, other) => one.id - other.id);
      expect(byId([...made.values()])).toEqual(byId(after));
    }),
  );
});

it('puts nothing that stands where it stood', () => {
  const before = pool.filter(({ version }) => version === 0);
  const changed = { id: 4, version: 7 };
  const added = { id: 77, version: 0 };
  const after = [...before.filter(({ id }) => id !== 2).map((row) => (row.id === 4 ? changed : row)), added];
  const { put, gone } = changesBetween(before, after, ({ id }) => id);
  expect(put).toEqual([changed, added]);
  expect(gone.map(({ id }) => id)).toEqual([2]);
});
