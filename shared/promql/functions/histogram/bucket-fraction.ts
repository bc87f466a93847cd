import type { StepBuckets } from './buckets.ts';

/**
 * The share of a histogram's observations between two values, taking those of a bucket as evenly spread.
 * The first bucket begins at 0, or, where it ends below, at no value that could be reckoned from: all of its
 * observations are then below whatever lies within.
 */
export function bucketFraction(lower: number, upper: number, buckets: StepBuckets): number {
  const { bounds, counts, length } = buckets;
  if (length === 0 || bounds[length - 1] !== Number.POSITIVE_INFINITY) return Number.NaN;
  const total = counts[length - 1] ?? 0;
  if (total === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  return (countBelow(upper, buckets, total) - countBelow(lower, buckets, total)) / total;
}

/** How many observations are below a value. */
function countBelow(value: number, { bounds, counts, length }: StepBuckets, total: number): number {
  let start = (bounds[0] ?? 0) > 0 ? 0 : Number.NEGATIVE_INFINITY;
  let below = 0;
  for (let index = 0; index < length; index++) {
    if (start >= value) return Math.min(below, total);
    const end = bounds[index] ?? 0;
    const count = counts[index] ?? 0;
    if (end > value) {
      if (start === Number.NEGATIVE_INFINITY) return Math.min(count, total);
      return Math.min(below + ((count - below) * (value - start)) / (end - start), total);
    }
    below = count;
    start = end;
  }
  return total;
}
