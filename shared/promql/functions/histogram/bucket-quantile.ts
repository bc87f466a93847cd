import type { StepBuckets } from './buckets.ts';

/** What had to be done so that counts rise with their bounds. */
export interface ForcedOrder {
  readonly leastBound: number;
  readonly greatestBound: number;
  readonly greatestDifference: number;
}

/**
 * The value that a share of the observations does not exceed, taking those of a bucket as evenly spread.
 * Buckets are sorted and put in order before.
 */
export function bucketQuantile(quantile: number, { bounds, counts, length }: StepBuckets): number {
  if (Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  if (length < 2 || bounds[length - 1] !== Number.POSITIVE_INFINITY) return Number.NaN;
  const observations = counts[length - 1] ?? 0;
  if (observations === 0) return Number.NaN;
  const rank = quantile * observations;
  const bucket = firstReaching(rank, counts, length - 1);
  if (bucket === length - 1) return bounds[length - 2] ?? 0;
  const end = bounds[bucket] ?? 0;
  const count = counts[bucket] ?? 0;
  if (bucket > 0) {
    const start = bounds[bucket - 1] ?? 0;
    const below = counts[bucket - 1] ?? 0;
    return start + (end - start) * ((rank - below) / (count - below));
  }
  return end <= 0 ? end : end * (rank / count);
}

/** The first of so many counts that is at least the rank, or their number where none is. */
function firstReaching(rank: number, counts: Float64Array, length: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((counts[middle] ?? 0) >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Relative difference of two counts that is taken for an error of rounding. */
const tolerance = 1e-12;
/** From this difference on there is no question, and no need to reckon it exactly. */
const clearlyMore = 1e-11;

/**
 * Makes counts rise with their bounds, as cumulative counts do: scraped or aggregated ones need not.
 * @returns what was changed beyond rounding, null for nothing.
 */
export function forceOrder(
  { bounds, counts, length }: StepBuckets,
  semantics: 'v2' | 'v3',
): ForcedOrder | null {
  let leastBound = Number.NaN;
  let greatestBound = Number.NaN;
  let greatestDifference = 0;
  let isForced = false;
  let before = counts[0] ?? 0;
  for (let index = 1; index < length; index++) {
    const count = counts[index] ?? 0;
    if (count === before) continue;
    if (before >= 0 && count - before > clearlyMore * count) {
      before = count;
      continue;
    }
    const isRounding = semantics === 'v3' && isAlmostEqual(before, count);
    if (!isRounding && !(count < before)) {
      // In version 2 a count that is NaN leaves those after it to the counts before it.
      if (semantics === 'v3' || count > before) before = count;
      continue;
    }
    counts[index] = before;
    if (isRounding) continue;
    const bound = bounds[index] ?? 0;
    if (!isForced) leastBound = bound;
    greatestBound = bound;
    greatestDifference = Math.max(greatestDifference, before - count);
    isForced = true;
  }
  return isForced ? { leastBound, greatestBound, greatestDifference } : null;
}

const smallestNormal = 2 ** -1022;

function isAlmostEqual(left: number, right: number): boolean {
  if (Number.isNaN(left) && Number.isNaN(right)) return true;
  const sum = Math.abs(left) + Math.abs(right);
  const difference = Math.abs(left - right);
  if (left === 0 || right === 0 || sum < smallestNormal) return difference < tolerance * smallestNormal;
  return difference / Math.min(sum, Number.MAX_VALUE) < tolerance;
}
