import fc from 'fast-check';
import { expect, test } from 'vitest';
import { callRangeFunction, windowsOf, type RangeCall } from '#support/promql-ranges.ts';
import { rangeFunctions } from './table.ts';

const isFull = process.env['OPSSIGHT_FULL'] === '1';
const fullTimeoutMs = 120_000;

/** Each function as its definition reads, over the samples of one window; undefined where it has no value. */
type Definition = (samples: readonly Sample[], call: RangeCall, untilMs: number) => number | undefined;
type Sample = readonly [timeMs: number, value: number];

const valuesOf = (samples: readonly Sample[]) => samples.map(([, value]) => value);
const first = (samples: readonly Sample[]) => samples.at(0)!;
const last = (samples: readonly Sample[]) => samples.at(-1)!;
const pairs = (samples: readonly Sample[]) =>
  samples.slice(1).map((after, index) => [samples.at(index)!, after] as const);

function kahan(values: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const total = sum + value;
    if (Number.isFinite(total) || Number.isNaN(total))
      lost += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    else lost = 0;
    sum = total;
  }
  return Number.isFinite(sum) || Number.isNaN(sum) ? sum + lost : sum;
}

function growth(isCounter: boolean, isPerSecond: boolean): Definition {
  return (samples, { rangeMs }, untilMs) => {
    if (samples.length < 2) return undefined;
    let grown = last(samples)[1] - first(samples)[1];
    if (isCounter) for (const [before, after] of pairs(samples)) if (after[1] < before[1]) grown += before[1];
    const sampled = (last(samples)[0] - first(samples)[0]) / 1000;
    const spacing = sampled / (samples.length - 1);
    let toStart = (first(samples)[0] - (untilMs - rangeMs)) / 1000;
    if (toStart >= spacing * 1.1) toStart = spacing / 2;
    if (isCounter && grown > 0 && first(samples)[1] >= 0)
      toStart = Math.min(toStart, sampled * (first(samples)[1] / grown));
    let toEnd = (untilMs - last(samples)[0]) / 1000;
    if (toEnd >= spacing * 1.1) toEnd = spacing / 2;
    const factor = (sampled + toStart + toEnd) / sampled;
    return grown * (isPerSecond ? factor / (rangeMs / 1000) : factor);
  };
}

function extreme(sign: number, pick: (best: Sample) => number, prefersLater: boolean): Definition {
  return (samples) => {
    let best = first(samples);
    for (const sample of samples) {
      const isBetter = sample[1] * sign > best[1] * sign || (prefersLater && sample[1] === best[1]);
      if (isBetter || (Number.isNaN(best[1]) && (prefersLater || !Number.isNaN(sample[1])))) best = sample;
    }
    return pick(best);
  };
}

function quantile(values: readonly number[], share: number): number {
  if (share < 0) return -Infinity;
  if (share > 1) return Infinity;
  const isNumber = (value: number) => !Number.isNaN(value);
  const sorted = [
    ...values.filter((value) => !isNumber(value)),
    ...values.filter(isNumber).sort((left, right) => (left < right ? -1 : left > right ? 1 : 0)),
  ];
  const rank = share * (sorted.length - 1);
  const lower = Math.floor(rank);
  const weight = rank - lower;
  return sorted.at(lower)! * (1 - weight) + sorted.at(Math.min(lower + 1, sorted.length - 1))! * weight;
}

const definitions = new Map<string, Definition>(
  Object.entries({
    rate: growth(true, true),
    increase: growth(true, false),
    delta: growth(false, false),
    irate: (samples) => {
      if (samples.length < 2) return undefined;
      const [before, after] = pairs(samples).at(-1)!;
      return (after[1] < before[1] ? after[1] : after[1] - before[1]) / ((after[0] - before[0]) / 1000);
    },
    idelta: (samples) => (samples.length < 2 ? undefined : last(samples)[1] - samples.at(-2)![1]),
    changes: (samples) =>
      pairs(samples).filter(([a, b]) => a[1] !== b[1] && !(Number.isNaN(a[1]) && Number.isNaN(b[1]))).length,
    resets: (samples) => pairs(samples).filter(([before, after]) => after[1] < before[1]).length,
    sum_over_time: (samples) => kahan(valuesOf(samples)),
    count_over_time: (samples) => samples.length,
    present_over_time: () => 1,
    first_over_time: (samples) => first(samples)[1],
    last_over_time: (samples) => last(samples)[1],
    ts_of_first_over_time: (samples) => first(samples)[0] / 1000,
    ts_of_last_over_time: (samples) => last(samples)[0] / 1000,
    max_over_time: extreme(1, ([, value]) => value, false),
    min_over_time: extreme(-1, ([, value]) => value, false),
    ts_of_max_over_time: extreme(1, ([timeMs]) => timeMs / 1000, true),
    ts_of_min_over_time: extreme(-1, ([timeMs]) => timeMs / 1000, true),
    quantile_over_time: (samples, { parameters }) =>
      quantile(valuesOf(samples), parameters?.at(0)?.at(0) ?? Number.NaN),
    mad_over_time: (samples) => {
      if (valuesOf(samples).some(Number.isNaN)) return Number.NaN;
      const median = quantile(valuesOf(samples), 0.5);
      return quantile(
        valuesOf(samples).map((value) => Math.abs(value - median)),
        0.5,
      );
    },
  } satisfies Record<string, Definition>),
);

const anyValue = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -5, max: 20 }) },
  { weight: 3, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e308, -1e308, -0) },
);

const anyCall: fc.Arbitrary<RangeCall> = fc
  .record({
    samples: fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), anyValue), { maxLength: 60 }).map((steps) => {
      let timeMs = 0;
      return steps.map(([gap, value]) => [(timeMs += gap * 5000), value] as const);
    }),
    startMs: fc.integer({ min: 0, max: 100_000 }),
    stepMs: fc.constantFrom(1000, 5000, 15_000, 61_000),
    steps: fc.constant(40),
    rangeMs: fc.constantFrom(4000, 5000, 20_000, 60_000, 150_000, 400_000),
    offsetMs: fc.constantFrom(0, 5000, -7000),
    share: fc.constantFrom(0.5, 0.9, 0, 1, 0.33, -1, 2),
  })
  .map(({ share, ...call }) => ({ ...call, parameters: [Array.from({ length: call.steps }, () => share)] }));

test.each([...definitions.keys()])(
  '%s is at every step of a range what its definition says',
  (name) => {
    const define = definitions.get(name)!;
    fc.assert(
      fc.property(anyCall, (call) => {
        const windows = windowsOf(call);
        const expected = Array.from(windows.untilMs, (untilMs, step) => {
          const samples = call.samples.slice(windows.first[step], windows.end[step]);
          return samples.length === 0 ? undefined : define(samples, call, untilMs);
        });
        const { values } = callRangeFunction(name, rangeFunctions.get(name)!, call);
        expect(values.map(unsigned)).toEqual(expected.map(unsigned));
      }),
      { numRuns: isFull ? 5000 : 150 },
    );
  },
  fullTimeoutMs,
);

/** Whether a zero is negative is of no meaning, and the order of equal values leaves it open. */
function unsigned(value: number | undefined): number | undefined {
  return value === 0 ? 0 : value;
}

test.each([...rangeFunctions.keys()])(
  '%s of a range is at each step its value at that moment alone',
  (name) => {
    fc.assert(
      fc.property(anyCall, fc.constantFrom('v2' as const, 'v3' as const), (call, semantics) => {
        const parameters = [0.4, 0.6].map((value) => Array.from({ length: call.steps }, () => value));
        const whole = { ...call, parameters, options: { semantics } };
        const apply = rangeFunctions.get(name)!;
        const { values } = callRangeFunction(name, apply, whole);
        const alone = values.map((_, step) => {
          const startMs = call.startMs + step * call.stepMs;
          return callRangeFunction(name, apply, { ...whole, startMs, stepMs: 0, steps: 1 }).values[0];
        });
        expect(values.map(unsigned)).toEqual(alone.map(unsigned));
      }),
      { numRuns: isFull ? 1000 : 25 },
    );
  },
);
