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
export function quantileOf(quantile: number, sorted: Float64Array, length: number): number {
  if (length === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const rank = quantile * (length - 1);
  const lower = Math.floor(rank);
  const weight = rank - lower;
  const upper = Math.min(length - 1, lower + 1);
  return (sorted[lower] ?? 0) * (1 - weight) + (sorted[upper] ?? 0) * weight;
}

/** Sorts a view in place as Prometheus sorts values: NaNs first, where typed arrays have them last. */
export function sortNaNFirst(values: Float64Array): void {
  values.sort();
  let numbers = values.length;
  while (numbers > 0 && Number.isNaN(values[numbers - 1])) numbers -= 1;
  if (numbers === values.length) return;
  values.copyWithin(values.length - numbers, 0, numbers);
  values.fill(Number.NaN, 0, values.length - numbers);
}
