import fc from 'fast-check';
import { expect, test } from 'vitest';
import { windowsOf, type RangeCall } from '#support/promql-ranges.ts';
import type { CallSite } from '../../evaluate/context.ts';
import { defaultOptions } from '../../evaluate/options.ts';
import { LabelPool } from '../../model/label-set.ts';
import { rangeFunctions } from './table.ts';

/** Series of one scrape: the same times and windows, other values. */
const anyScrape = fc.record({
  gaps: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 40 }),
  series: fc.array(
    fc.array(fc.oneof(fc.integer({ min: -3, max: 30 }), fc.constantFrom(Number.NaN, 1e-210, 0.5)), {
      minLength: 40,
      maxLength: 40,
    }),
    { minLength: 3, maxLength: 3 },
  ),
  stepMs: fc.constantFrom(1000, 7000, 60_000),
  rangeMs: fc.constantFrom(20_000, 60_000, 300_000),
  semantics: fc.constantFrom('v2' as const, 'v3' as const),
});

test.each(['rate', 'increase', 'delta'])(
  '%s of series that share their times is that of each alone',
  (name) => {
    fc.assert(
      fc.property(anyScrape, ({ gaps, series, stepMs, rangeMs, semantics }) => {
        let timeMs = 0;
        const times = gaps.map((gap) => (timeMs += gap * 5000));
        const call: RangeCall = {
          samples: times.map((time) => [time, 0]),
          startMs: 0,
          stepMs,
          steps: 30,
          rangeMs,
          options: { semantics },
        };
        const windows = windowsOf(call);
        const timesMs = Float64Array.from(times);
        const together = siteOf(name, call);
        for (const values of series) {
          const samples = {
            timesMs,
            values: Float64Array.from(values.slice(0, times.length)),
            startTimesMs: null,
          };
          const compute = (site: ReturnType<typeof siteOf>) => {
            const out = { values: new Float64Array(call.steps), present: new Uint8Array(call.steps) };
            rangeFunctions.get(name)!(samples, windows, [], out, site);
            return out;
          };
          expect(compute(together)).toEqual(compute(siteOf(name, call)));
        }
      }),
      { numRuns: process.env['OPSSIGHT_FULL'] === '1' ? 5000 : 100 },
    );
  },
);

function siteOf(name: string, call: RangeCall): CallSite & { readonly metricName: string } {
  return {
    name,
    span: { start: 0, end: 0 },
    arguments: [],
    metricName: '',
    context: {
      options: { ...defaultOptions, ...call.options },
      steps: { startMs: call.startMs, stepMs: call.stepMs, count: call.steps },
      labels: new LabelPool(),
      annotate: () => undefined,
      checkpoint: () => undefined,
      hold: () => undefined,
    },
  };
}
