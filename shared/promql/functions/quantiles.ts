import { formatFloat } from '#shared/gotemplate/float-format.ts';
import type { EvaluationContext } from '../evaluate/context.ts';
import type { TextSpan } from '../syntax/ast.ts';

export function invalidQuantile(quantile: number): boolean {
  return !(quantile >= 0 && quantile <= 1);
}

/** Warns of the quantiles of all steps that are no share. */
export function warnOfQuantiles(
  quantiles: Iterable<number>,
  span: TextSpan,
  context: EvaluationContext,
): void {
  for (const quantile of new Set(quantiles)) {
    if (!invalidQuantile(quantile)) continue;
    const got = formatFloat(quantile, 'g', null);
    const message = `PromQL warning: quantile value should be between 0 and 1, got ${got}`;
    context.annotate('warning', message, span);
  }
}

/**
 * The value that a share of the values does not exceed, between two of them by the distance to each.
 * @param sorted the first `length` count, rising; NaNs are the least.
 */
function quantileOf(quantile: number, sorted: Float64Array, length: number): number {
  if (length === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const rank = quantile * (length - 1);
  const lower = Math.floor(rank);
  const weight = rank - lower;
  const upper = Math.min(length - 1, lower + 1);
  return (sorted[lower] ?? 0) * (1 - weight) + (sorted[upper] ?? 0) * weight;
}

/** As `quantileOf`, of values in any order, which it moves. Only the values around the rank are put in order. */
export function quantileOfUnsorted(quantile: number, values: Float64Array, length: number): number {
  if (length === 0 || !(quantile >= 0 && quantile <= 1)) return quantileOf(quantile, values, length);
  const lower = Math.floor(quantile * (length - 1));
  const numbersFrom = moveNaNsFirst(values, length);
  for (const rank of [lower, Math.min(length - 1, lower + 1)]) {
    if (rank >= numbersFrom)
      select(values, Math.max(numbersFrom, rank === lower ? 0 : lower + 1), length - 1, rank);
  }
  return quantileOf(quantile, values, length);
}

/** @returns how many there are. */
function moveNaNsFirst(values: Float64Array, length: number): number {
  let count = 0;
  for (let index = 0; index < length; index++) {
    if (!Number.isNaN(values[index])) continue;
    values[index] = values[count] ?? 0;
    values[count] = Number.NaN;
    count += 1;
  }
  return count;
}

/** Hoare's selection: puts the value of a rank at its place, no less after it and no more before it. */
function select(values: Float64Array, from: number, to: number, rank: number): void {
  let [left, right] = [from, to];
  while (left < right) {
    const pivot = values[(left + right) >>> 1] ?? 0;
    let [low, high] = [left, right];
    while (low <= high) {
      while ((values[low] ?? 0) < pivot) low++;
      while ((values[high] ?? 0) > pivot) high--;
      if (low > high) break;
      const kept = values[low] ?? 0;
      values[low] = values[high] ?? 0;
      values[high] = kept;
      low++;
      high--;
    }
    if (rank <= high) right = high;
    else if (rank >= low) left = low;
    else return;
  }
}
