import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlineOf } from '#shared/traces/outline.ts';
import { longTrace, slowTrace } from '#support/scripted-traces.ts';
import {
  lookAt,
  panned,
  pathByRow,
  revealed,
  selfTimeOf,
  visibleRows,
  withAllFolds,
  withLevel,
  zoomed,
} from './trace-look.ts';

describe('the rows of a trace', () => {
  it('are those that no fold above them hides, whichever are folded', () => {
    const outline = outlineOf(longTrace(60));
    const folds = fc.uint8Array({ minLength: 60, maxLength: 60, max: 1 });
    fc.assert(
      fc.property(folds, (folded) => {
        const isHidden = (row: number): boolean => {
          const parent = outline.parents[row] ?? -1;
          return parent >= 0 && (folded[parent] === 1 || isHidden(parent));
        };
        const wanted = outline.spanIds.map((_id, row) => row).filter((row) => !isHidden(row));
        expect([...visibleRows(outline, folded, false)]).toEqual(wanted);
      }),
    );
  });

  it('show a row that is jumped to, and keep the cursor on one that is shown', () => {
    const outline = outlineOf(longTrace(60));
    fc.assert(
      fc.property(fc.nat({ max: 59 }), fc.boolean(), (row, onlyPath) => {
        const look = { ...lookAt(outline), onlyPath };
        const jumped = revealed(outline, withAllFolds(outline, look, true), row);
        expect(jumped.cursor).toBe(row);
        expect(jumped.rows).toContain(row);
        const folded = withAllFolds(outline, jumped, true);
        expect(folded.rows).toContain(folded.cursor);
      }),
    );
  });

  it('fold level by level down to the root', () => {
    const outline = outlineOf(slowTrace());
    let look = lookAt(outline);
    const counts = [look.rows.length];
    for (let step = 0; step < 3; step++) {
      look = withLevel(outline, look, -1);
      counts.push(look.rows.length);
    }
    expect(counts).toEqual([8, 6, 3, 1]);
  });
});

describe('the time of a trace', () => {
  it('is never left by zooming and panning', () => {
    const outline = outlineOf(slowTrace());
    const step = fc.oneof(
      fc.double({ min: 0.01, max: 100, noNaN: true }).map((factor) => ({ factor, share: 0 })),
      fc.double({ min: -2, max: 2, noNaN: true }).map((share) => ({ factor: 1, share })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let look = lookAt(outline);
        for (const { factor, share } of steps) {
          look = panned(outline, zoomed(outline, look, factor), share);
          expect(look.fromNs).toBeGreaterThanOrEqual(0);
          expect(look.toNs).toBeLessThanOrEqual(outline.durationNs * (1 + 1e-9));
          expect(look.toNs).toBeGreaterThan(look.fromNs);
        }
      }),
    );
  });

  it('counts what children ran in once, however they overlap', () => {
    const outline = outlineOf(slowTrace());
    // 2,000 ms and 2,500 ms of the 5,000; the ping lies within the second.
    expect(selfTimeOf(outline, 2)).toBe(500_000_000);
    expect(selfTimeOf(outline, 1)).toBe(9_000_000);
  });

  it('has each part of the critical path with its row', () => {
    const outline = outlineOf(longTrace(60));
    const { at, order } = pathByRow(outline);
    expect(order.toSorted()).toEqual(Int32Array.from(outline.criticalRows.keys()));
    outline.spanIds.forEach((_id, row) => {
      for (const part of order.subarray(at[row] ?? 0, at[row + 1] ?? 0)) {
        expect(outline.criticalRows[part]).toBe(row);
      }
    });
  });
});
