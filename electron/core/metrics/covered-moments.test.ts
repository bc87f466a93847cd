import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coveredRuns, withinRuns } from './covered-moments.ts';

const stepMs = 10;

/** A moment needs the time since `reachMs` before it; what is kept lies in whole stretches of time. */
const world = fc.record({
  reachMs: fc.integer({ min: 0, max: 25 }),
  steps: fc.integer({ min: 0, max: 30 }),
  holes: fc.array(fc.integer({ min: -30, max: 330 }), { maxLength: 6 }),
});

describe('the covered runs of a range', () => {
  it('hold only what is covered, all that can be drawn of it, and never touch', () => {
    fc.assert(
      fc.property(world, ({ reachMs, steps, holes }) => {
        const isCovered = (firstMs: number, lastMs: number): boolean =>
          holes.every((hole) => hole < firstMs - reachMs || hole > lastMs);
        const toMs = steps * stepMs;
        const runs = coveredRuns({ fromMs: 0, toMs: toMs + 5, stepMs }, isCovered);
        for (const [index, { firstMs, lastMs }] of runs.entries()) {
          expect(isCovered(firstMs, lastMs)).toBe(true);
          expect(lastMs).toBeLessThanOrEqual(toMs);
          const next = runs[index + 1];
          if (next !== undefined) expect(next.firstMs - lastMs).toBeGreaterThan(stepMs);
        }
        for (let momentMs = 0; momentMs <= toMs; momentMs += stepMs) {
          const isIn = runs.some(({ firstMs, lastMs }) => firstMs <= momentMs && momentMs <= lastMs);
          // One that is covered is left out only where a line would lead to it from before the hole.
          const leadsOverHole = runs.some(({ lastMs }) => lastMs === momentMs - stepMs);
          expect(isIn).toBe(isCovered(momentMs, momentMs) && !leadsOverHole);
        }
      }),
    );
  });

  it('are one where nothing is missing, and none where everything is', () => {
    const times = { fromMs: 3, toMs: 40, stepMs };
    expect(coveredRuns(times, () => true)).toEqual([{ firstMs: 3, lastMs: 33 }]);
    expect(coveredRuns(times, () => false)).toEqual([]);
  });

  it('cut series to their steps, and leave out those without any', () => {
    const series = [
      { labels: { a: '1' }, timesMs: Float64Array.of(0, 10, 30), values: Float64Array.of(1, 2, 3) },
      { labels: { a: '2' }, timesMs: Float64Array.of(20), values: Float64Array.of(4) },
    ];
    const runs = [
      { firstMs: 0, lastMs: 0 },
      { firstMs: 30, lastMs: 40 },
    ];
    expect(withinRuns(series, runs, stepMs)).toEqual([
      { labels: { a: '1' }, timesMs: Float64Array.of(0, 30), values: Float64Array.of(1, 3) },
    ]);
  });
});
