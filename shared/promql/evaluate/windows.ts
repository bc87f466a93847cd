/**
 * Where samples lie in a column of times, for the steps of a query. Both searches slide: the ends rise, or
 * stay where an `@` fixes them.
 */

/** Of each step the position of its newest sample, -1 where none is within the look-back. */
export interface LatestSamples {
  readonly positions: Int32Array;
  /** 1 where there is one; null where there is one at every step. */
  readonly present: Uint8Array | null;
  readonly presentCount: number;
  /** Whether positions rise by one from step to step: values can then be read as they lie. */
  readonly areConsecutive: boolean;
}

export interface RangeBounds {
  readonly first: Int32Array;
  readonly end: Int32Array;
  /** Whether no step has a sample. */
  readonly isEmpty: boolean;
}

/**
 * @param untilMs of each step, rising.
 * @param isClosed whether a sample that is just as old as the look-back counts: Prometheus 2.
 */
export function latestSamples(
  timesMs: Float64Array,
  untilMs: Float64Array,
  lookbackMs: number,
  isClosed: boolean,
): LatestSamples {
  const positions = new Int32Array(untilMs.length);
  let end = countUntil(timesMs, untilMs[0] ?? 0);
  let presentCount = 0;
  let areConsecutive = true;
  for (let step = 0; step < positions.length; step++) {
    const until = untilMs[step] ?? 0;
    while (end < timesMs.length && (timesMs[end] ?? 0) <= until) end += 1;
    const oldest = until - lookbackMs;
    const time = timesMs[end - 1] ?? Number.NEGATIVE_INFINITY;
    const isFound = time > oldest || (isClosed && time === oldest);
    positions[step] = isFound ? end - 1 : -1;
    if (isFound) presentCount += 1;
    if (!isFound || (step > 0 && positions[step - 1] !== end - 2)) areConsecutive = false;
  }
  const present = presentCount === positions.length ? null : presenceOf(positions);
  return { positions, present, presentCount, areConsecutive };
}

function presenceOf(positions: Int32Array): Uint8Array {
  const present = new Uint8Array(positions.length);
  for (let step = 0; step < positions.length; step++) if ((positions[step] ?? -1) >= 0) present[step] = 1;
  return present;
}

/** @param isClosed whether a sample at the very beginning of a range counts: Prometheus 2. */
export function rangeBounds(
  timesMs: Float64Array,
  untilMs: Float64Array,
  rangeMs: number,
  isClosed: boolean,
): RangeBounds {
  const first = new Int32Array(untilMs.length);
  const end = new Int32Array(untilMs.length);
  const start = (untilMs[0] ?? 0) - rangeMs;
  let low = isClosed ? countBefore(timesMs, start) : countUntil(timesMs, start);
  let high = countUntil(timesMs, untilMs[0] ?? 0);
  let isEmpty = true;
  for (let step = 0; step < first.length; step++) {
    const until = untilMs[step] ?? 0;
    const from = until - rangeMs;
    while (high < timesMs.length && (timesMs[high] ?? 0) <= until) high += 1;
    if (isClosed) while (low < high && (timesMs[low] ?? 0) < from) low += 1;
    else while (low < high && (timesMs[low] ?? 0) <= from) low += 1;
    first[step] = low;
    end[step] = high;
    if (low < high) isEmpty = false;
  }
  return { first, end, isEmpty };
}

/** How many times are not later than the moment. */
function countUntil(timesMs: Float64Array, momentMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) <= momentMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many times are earlier than the moment. */
function countBefore(timesMs: Float64Array, momentMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) < momentMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
