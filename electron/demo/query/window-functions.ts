import type { Window, WindowFunction } from './selection.ts';

/** The functions over range vectors. Each gives a window's value, or undefined where there is none. */

/** The sum of numbers with the rounding errors kept aside (Neumaier), as Prometheus adds. */
export class ExactSum {
  #sum = 0;
  #lost = 0;

  add(value: number): void {
    const total = this.#sum + value;
    if (!Number.isFinite(total)) this.#lost = 0;
    else if (Math.abs(this.#sum) >= Math.abs(value)) this.#lost += this.#sum - total + value;
    else this.#lost += value - total + this.#sum;
    this.#sum = total;
  }

  get value(): number {
    return this.#sum + this.#lost;
  }
}

/**
 * Rate, increase and delta: the change between the first and last sample, stretched to the window's ends
 * where the samples come close to them. Source: prometheus promql/functions.go, extrapolatedRate (3.x).
 */
function extrapolated(window: Window, isCounter: boolean, isRate: boolean): number | undefined {
  const { times, values, from, to } = window;
  if (to - from < 2) return undefined;
  const first = values[from] ?? 0;
  let change = (values[to - 1] ?? 0) - first;
  if (isCounter) {
    for (let index = from + 1; index < to; index++) {
      const before = values[index - 1] ?? 0;
      if ((values[index] ?? 0) < before) change += before;
    }
  }
  const firstMs = times[from] ?? 0;
  const lastMs = times[to - 1] ?? 0;
  const sampledSeconds = (lastMs - firstMs) / 1_000;
  const spacing = sampledSeconds / (to - from - 1);
  const threshold = spacing * 1.1;
  let toStart = (firstMs - window.startMs) / 1_000;
  if (toStart >= threshold) toStart = spacing / 2;
  // A counter cannot have been below zero: it is not stretched past the point where it would be.
  if (isCounter && change > 0 && first >= 0) toStart = Math.min(toStart, sampledSeconds * (first / change));
  let toEnd = (window.endMs - lastMs) / 1_000;
  if (toEnd >= threshold) toEnd = spacing / 2;
  const factor = (sampledSeconds + toStart + toEnd) / sampledSeconds;
  return change * (isRate ? factor / ((window.endMs - window.startMs) / 1_000) : factor);
}

/** The change between the last two samples. */
function instantaneous(window: Window, isRate: boolean): number | undefined {
  const { times, values, from, to } = window;
  if (to - from < 2) return undefined;
  const last = values[to - 1] ?? 0;
  const before = values[to - 2] ?? 0;
  if (!isRate) return last - before;
  const seconds = ((times[to - 1] ?? 0) - (times[to - 2] ?? 0)) / 1_000;
  return (last < before ? last : last - before) / seconds;
}

function sumOf({ values, from, to }: Window): number {
  const sum = new ExactSum();
  for (let index = from; index < to; index++) sum.add(values[index] ?? 0);
  return sum.value;
}

function extreme(better: (left: number, right: number) => boolean): WindowFunction {
  return ({ values, from, to }) => {
    let best = values[from] ?? Number.NaN;
    for (let index = from + 1; index < to; index++) {
      const value = values[index] ?? Number.NaN;
      if (better(value, best)) best = value;
    }
    return best;
  };
}

/** Population variance, by Welford's way. */
export function varianceOf(values: Float64Array): number {
  let mean = 0;
  let squares = 0;
  values.forEach((value, index) => {
    const delta = value - mean;
    mean += delta / (index + 1);
    squares += delta * (value - mean);
  });
  return squares / values.length;
}

function counted(changed: (value: number, before: number) => boolean): WindowFunction {
  return ({ values, from, to }) => {
    let count = 0;
    for (let index = from + 1; index < to; index++) {
      if (changed(values[index] ?? 0, values[index - 1] ?? 0)) count++;
    }
    return count;
  };
}

/** Least squares over a window. @param originMs the time at which the line's height is wanted. */
function regression(
  window: Window,
  originMs: number,
): { readonly slope: number; readonly height: number } | undefined {
  const { times, values, from, to } = window;
  const count = to - from;
  if (count < 2) return undefined;
  const sums = [new ExactSum(), new ExactSum(), new ExactSum(), new ExactSum()] as const;
  const first = values[from] ?? 0;
  let constant = true;
  for (let index = from; index < to; index++) {
    const x = ((times[index] ?? 0) - originMs) / 1_000;
    const y = values[index] ?? 0;
    constant &&= y === first;
    sums[0].add(x);
    sums[1].add(y);
    sums[2].add(x * y);
    sums[3].add(x * x);
  }
  if (constant)
    return Number.isFinite(first) ? { slope: 0, height: first } : { slope: Number.NaN, height: Number.NaN };
  const [x, y, xy, xx] = sums.map((sum) => sum.value) as [number, number, number, number];
  const slope = (xy - (x * y) / count) / (xx - (x * x) / count);
  return { slope, height: y / count - (slope * x) / count };
}

export function predictLinear(window: Window, seconds: number): number | undefined {
  const line = regression(window, window.endMs);
  return line === undefined ? undefined : line.slope * seconds + line.height;
}

/** The q-quantile by linear interpolation between the two nearest values. */
export function quantileOf(q: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  // A typed array sorts NaN last; Prometheus has it first.
  const sorted = values.slice().sort((left, right) => {
    if (Number.isNaN(left)) return -1;
    return Number.isNaN(right) ? 1 : left - right;
  });
  const rank = q * (sorted.length - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - lower;
  return (sorted[lower] ?? 0) * (1 - weight) + (sorted[upper] ?? 0) * weight;
}

export const windowFunctions: ReadonlyMap<string, WindowFunction> = new Map<string, WindowFunction>([
  ['rate', (window) => extrapolated(window, true, true)],
  ['increase', (window) => extrapolated(window, true, false)],
  ['delta', (window) => extrapolated(window, false, false)],
  ['irate', (window) => instantaneous(window, true)],
  ['idelta', (window) => instantaneous(window, false)],
  ['changes', counted((value, before) => value !== before)],
  ['resets', counted((value, before) => value < before)],
  ['deriv', (window) => regression(window, window.times[window.from] ?? 0)?.slope],
  ['sum_over_time', sumOf],
  ['avg_over_time', (window) => sumOf(window) / (window.to - window.from)],
  ['count_over_time', ({ from, to }) => to - from],
  ['min_over_time', extreme((left, right) => left < right)],
  ['max_over_time', extreme((left, right) => left > right)],
  ['last_over_time', ({ values, to }) => values[to - 1]],
  ['present_over_time', () => 1],
  ['stdvar_over_time', ({ values, from, to }) => varianceOf(values.subarray(from, to))],
  ['stddev_over_time', ({ values, from, to }) => Math.sqrt(varianceOf(values.subarray(from, to)))],
]);
