import { expect, test } from 'vitest';
import { callRangeFunction, type RangeCall } from '#support/promql-ranges.ts';
import { QueryError } from '../../problem.ts';
import { rangeFunctions } from './table.ts';

/** Samples a minute apart, all within the one window. */
function over(values: readonly number[], changed: Partial<RangeCall> = {}): RangeCall {
  const samples = values.map((value, index) => [(index + 1) * 60_000, value] as const);
  const startMs = values.length * 60_000;
  return { samples, startMs, stepMs: 0, steps: 1, rangeMs: startMs, ...changed };
}

function answer(name: string, call: RangeCall) {
  return callRangeFunction(name, rangeFunctions.get(name)!, call);
}

const greatest = Number.MAX_VALUE;

// Answers of Prometheus 3.5 and 2.42 themselves, but for mad_over_time: that of Prometheus' test data.
test.each([
  ['sum_over_time', [1e100, 1, -1e100, 3.3], 4.3, 4.3],
  ['sum_over_time', [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 2.1, 2.1],
  ['sum_over_time', [greatest, greatest, -greatest], Infinity, Infinity],
  ['avg_over_time', [1e100, 1, -1e100, 3], 1, 0.75],
  ['avg_over_time', [greatest, greatest], greatest, greatest],
  ['avg_over_time', [Infinity, 5, -3], Infinity, Infinity],
  ['avg_over_time', [Infinity, -Infinity], Number.NaN, Number.NaN],
  ['stddev_over_time', [1e6, 1e6, 1e6], 0, 0],
  ['stdvar_over_time', [0, 8, 8, 2, 3], 10.559999999999999, 10.559999999999999],
  ['stdvar_over_time', [1.5e308, -1e308], -Infinity, Number.NaN],
  ['deriv', [Infinity, Infinity], Number.NaN, Number.NaN],
  ['deriv', [7, 7, 7], 0, 0],
  ['deriv', [7], undefined, undefined],
  ['mad_over_time', [4, 6, 2, 1, 999, 1, 2], 1, 1],
  ['mad_over_time', [1, 2, Number.NaN, 4], Number.NaN, Number.NaN],
] as const)('%s of %j is %d', (name, values, newer, older) => {
  expect(answer(name, over(values)).values).toEqual([newer]);
  expect(answer(name, over(values, { options: { semantics: 'v2' } })).values).toEqual([older]);
});

test('predict_linear counts from the moment of evaluation, wherever the range lies', () => {
  const call = over([0, 60, 120, 180], { parameters: [[600]], offsetMs: 0 });
  expect(answer('predict_linear', call).values[0]).toBeCloseTo(780, 9);
  const later = { ...call, startMs: call.startMs + 300_000, offsetMs: 300_000 };
  expect(answer('predict_linear', later).values[0]).toBeCloseTo(1080, 9);
});

test.each([0, 1, -0.5, 3, Infinity])('a smoothing or trend factor of %d is refused', (factor) => {
  for (const parameters of [
    [[factor], [0.5]],
    [[0.5], [factor]],
  ]) {
    const call = over([1], { parameters });
    expect(() => answer('double_exponential_smoothing', call)).toThrow(QueryError);
    // Nobody is asked where there is nothing to smooth.
    expect(answer('double_exponential_smoothing', { ...call, samples: [] }).values).toEqual([undefined]);
  }
});

test('the refusal of a factor is in the words of Prometheus', () => {
  const call = over([1, 2], { parameters: [[1.5], [0.5]] });
  expect(() => answer('double_exponential_smoothing', call)).toThrow(
    'invalid smoothing factor. Expected: 0 < sf < 1, got: 1.500000',
  );
});

test('a rising line, smoothed, goes on rising', () => {
  const call = over([10, 20, 30, 40], { parameters: [[0.5], [0.5]] });
  expect(answer('holt_winters', call).values).toEqual([40]);
});

test.each([
  [-0.1, -Infinity, '-0.1'],
  [1.1, Infinity, '1.1'],
  [Number.NaN, Number.NaN, 'NaN'],
])('a quantile of %d has the value %d and a remark', (share, expected, shown) => {
  const { values, remarks } = answer('quantile_over_time', over([1, 2], { parameters: [[share]] }));
  expect(values).toEqual([expected]);
  expect(remarks).toEqual([
    `warning: PromQL warning: quantile value should be between 0 and 1, got ${shown}`,
  ]);
});

test('a quantile within 0 and 1 needs no remark', () => {
  const { values, remarks } = answer('quantile_over_time', over([1, 2, 3], { parameters: [[0.25]] }));
  expect({ values, remarks }).toEqual({ values: [1.5], remarks: [] });
});

// Prometheus' own expectations for anchored ranges.
test.each([
  ['changes', 3, 60_000, undefined],
  ['changes', 8, 60_000, 0],
  ['changes', 8, 60_001, 1],
  ['resets', 2, 60_000, 1],
  ['resets', 8, 60_001, 1],
] as const)('%s at minute %d of an anchored range of %d ms', (name, minute, rangeMs, expected) => {
  const call: RangeCall = {
    samples: [
      [0, 2],
      [120_000, 1],
      [480_000, 0],
    ],
    startMs: minute * 60_000,
    stepMs: 0,
    steps: 1,
    rangeMs,
    extension: 'anchored',
    lookbackMs: 300_000,
  };
  expect(answer(name, call).values).toEqual([expected]);
});

test('a long query is asked now and then whether it is still wanted', () => {
  const count = 20_000;
  let questions = 0;
  const timesMs = Float64Array.from({ length: count }, (_, index) => index * 1000);
  const apply = rangeFunctions.get('sum_over_time')!;
  const windows = {
    first: new Int32Array(200),
    end: new Int32Array(200).fill(count),
    untilMs: new Float64Array(200),
    rangeMs: 0,
  };
  const out = { values: new Float64Array(200), present: new Uint8Array(200) };
  apply({ timesMs, values: timesMs, startTimesMs: null }, windows, [], out, {
    name: 'sum_over_time',
    span: { start: 0, end: 0 },
    arguments: [],
    metricName: '',
    context: {
      options: { semantics: 'v3' } as never,
      steps: { startMs: 0, stepMs: 0, count: 200 },
      labels: undefined as never,
      annotate: () => undefined,
      checkpoint: () => (questions += 1),
      hold: () => undefined,
    },
  });
  expect(questions).toBeGreaterThan(2);
});
