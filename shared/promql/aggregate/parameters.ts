import { formatFloat } from '#shared/gotemplate/float-format.ts';
import { executionError } from '../problem.ts';
import type { EvaluationContext } from '../evaluate/context.ts';
import { warnOfQuantiles } from '../functions/quantiles.ts';
import type { TextSpan } from '../syntax/ast.ts';

/** Parameters of aggregations that may be anything a scalar can be: how they are refused and mended. */

/** The greatest number below 2^63, which already is too much. */
const greatestInteger = 2 ** 63 - 1024;

/**
 * How many series each step keeps: none where it is less than one.
 * @throws QueryError where a step's is NaN or no 64 bit integer, unless all are less than one.
 */
export function countsOf(parameter: Float64Array, semantics: 'v2' | 'v3'): Float64Array {
  const { least, greatest } = extent(parameter);
  if (semantics === 'v2' && Number.isNaN(greatest)) throw executionError('Scalar value NaN overflows int64');
  if (greatest < 1) return new Float64Array(parameter.length);
  if (Number.isNaN(greatest)) throw executionError('Parameter value is NaN');
  if (least <= -(2 ** 63)) throw executionError(`Scalar value ${written(least)} underflows int64`);
  if (greatest >= greatestInteger) throw executionError(`Scalar value ${written(greatest)} overflows int64`);
  return parameter.map((value) => Math.max(0, Math.trunc(value)));
}

/**
 * Which share each step keeps, from -1 to 1; negative shares are counted from the other end.
 * @throws QueryError where a step's is NaN.
 */
export function sharesOf(parameter: Float64Array, span: TextSpan, context: EvaluationContext): Float64Array {
  const { least, greatest } = extent(parameter);
  if (Number.isNaN(greatest)) throw executionError('Ratio value is NaN');
  const warn = (value: number, used: number): void => {
    const message = `PromQL warning: ratio value should be between -1 and 1, got ${written(value)}`;
    context.annotate('warning', `${message}, capping to ${written(used)}`, span);
  };
  if (greatest > 1) warn(greatest, 1);
  if (least < -1) warn(least, -1);
  return parameter.map((value) => Math.max(-1, Math.min(1, value)));
}

/** Warns of the quantiles farthest from any share; of those between them a server says nothing. */
export function warnOfExtremes(quantiles: Float64Array, span: TextSpan, context: EvaluationContext): void {
  const { least, greatest } = extent(quantiles);
  warnOfQuantiles([Math.min(least, 0), Math.max(greatest, 1)], span, context);
}

/** Both NaN where any value is. */
function extent(values: Float64Array): { readonly least: number; readonly greatest: number } {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return { least, greatest };
}

function written(value: number): string {
  return formatFloat(value, 'g', null);
}
