import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyAlerts, type AlertsPatch } from '#shared/model/alert-facts.ts';
import { alertsFold } from '#shared/model/alerts-fold.ts';
import { alertFacts, incidentRow } from '#support/models.ts';
import { collectionTopic } from './definition.ts';
import type { Fold } from './fold.ts';
import * as v from 'valibot';

const rowSchema = v.object({ key: v.string(), n: v.number() });
const rows = collectionTopic(rowSchema, (row) => row.key);

const key = fc.constantFrom('a', 'b', 'c', 'd');
const rowPatch = fc.record({
  upsert: fc.array(fc.record({ key, n: fc.nat(9) }), { maxLength: 4 }),
  remove: fc.array(key, { maxLength: 2 }),
});

const incidentId = fc.integer({ min: 1, max: 3 });
const alertsPatch: fc.Arbitrary<AlertsPatch> = fc.record({
  upsert: fc.array(
    fc
      .record({ incidentId, fingerprint: key, startsAtMs: fc.nat(9) })
      .map(({ incidentId: id, ...part }) => alertFacts(incidentRow({ id }), part)),
    { maxLength: 4 },
  ),
  forget: fc.array(incidentId, { maxLength: 1 }),
});

/** What a window has in the end, if it takes `maxRows` at a time and reads the value in between. */
function folded<Snapshot, Patch>(
  fold: Fold<Snapshot, Patch>,
  snapshot: Snapshot,
  patches: readonly Patch[],
  maxRows: number,
): Snapshot {
  const kept = fold.keep(snapshot);
  const gathered = fold.gather();
  for (const [index, patch] of patches.entries()) {
    gathered.add(patch);
    if (index % 3 !== 0) continue;
    const some = gathered.take(maxRows);
    if (some !== null) kept.apply(some);
    kept.value();
  }
  for (let rest = gathered.take(maxRows); rest !== null; rest = gathered.take(maxRows)) kept.apply(rest);
  return kept.value();
}

describe('a fold', () => {
  it('of rows means what applying one patch after the other means', () => {
    fc.assert(
      fc.property(fc.array(rowPatch, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (patches, max) => {
        const start = [{ key: 'a', n: 1 }];
        const one = patches.reduce((value, patch) => rows.apply(value, patch), start);
        const many = folded(rows.fold, start, patches, max);
        const inOrder = (list: typeof start) => list.toSorted((a, b) => a.key.localeCompare(b.key));
        expect(inOrder(many)).toEqual(inOrder(one));
      }),
    );
  });

  it('of alerts does too', () => {
    fc.assert(
      fc.property(
        fc.array(alertsPatch, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        (patches, max) => {
          const plain = (list: ReturnType<typeof applyAlerts>) =>
            list
              .flatMap(({ alerts }) => alerts)
              .map((facts) => `${facts.incidentId} ${facts.fingerprint} ${facts.startsAtMs}`)
              .toSorted();
          const one = patches.reduce(
            (value, patch) => applyAlerts(value, patch),
            [] as ReturnType<typeof applyAlerts>,
          );
          expect(plain(folded(alertsFold, [], patches, max))).toEqual(plain(one));
        },
      ),
    );
  });

  it('leaves alone what did not change', () => {
    const facts = (id: number) => alertFacts(incidentRow({ id }));
    const kept = alertsFold.keep([1, 2].map((id) => ({ incidentId: id, alerts: [facts(id)] })));
    const [one, two] = kept.value();
    kept.apply({ upsert: [facts(2)], forget: [] });
    const after = kept.value();
    expect(after[0]).toBe(one);
    expect(after[1]).not.toBe(two);
  });
});
