import { formatFloat } from '#shared/gotemplate/float-format.ts';
import type { RangeFunction } from '../../evaluate/context.ts';
import { executionError } from '../../problem.ts';
import { parameterAt, perWindow } from './window-loop.ts';

/** Holt's exponential smoothing of level and trend (`holt_winters` in Prometheus 2). */
export const doubleExponentialSmoothing: RangeFunction = (samples, windows, parameters, out, site) => {
  // Factors are refused even where a window has too few samples to need them.
  for (let step = 0; step < windows.first.length; step++) {
    if (windows.first[step] === windows.end[step]) continue;
    refuse(parameterAt(parameters, 0, step), 'smoothing', 'sf');
    refuse(parameterAt(parameters, 1, step), 'trend', 'tf');
  }
  smoothedWindows(samples, windows, parameters, out, site);
};

const smoothedWindows = perWindow(
  ({ values }, { parameters }) =>
    (_, first, end, step) =>
      smoothed(values, first, end, parameterAt(parameters, 0, step), parameterAt(parameters, 1, step)),
  2,
);

function smoothed(
  values: Float64Array,
  first: number,
  end: number,
  smoothing: number,
  trending: number,
): number {
  let before = 0;
  let level = values[first] ?? 0;
  let trend = (values[first + 1] ?? 0) - level;
  for (let index = first + 1; index < end; index++) {
    // The first trend stands as it is: there is no level before the first.
    if (index > first + 1) trend = trending * (level - before) + (1 - trending) * trend;
    const next = smoothing * (values[index] ?? 0) + (1 - smoothing) * (level + trend);
    before = level;
    level = next;
  }
  return level;
}

/** NaN passes, as in Prometheus, and gives NaN. */
function refuse(factor: number, name: string, symbol: string): void {
  if (!(factor <= 0 || factor >= 1)) return;
  const expected = `Expected: 0 < ${symbol} < 1`;
  throw executionError(`invalid ${name} factor. ${expected}, got: ${formatFloat(factor, 'f', 6)}`);
}
