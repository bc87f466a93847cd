import type { ArithmeticOperator, ComparisonOperator } from '../syntax/ast.ts';
import { angleOf, power } from './elementary.ts';
import type { QueryOptions } from './options.ts';

/**
 * The operators on columns of numbers. A loop for each operator: one loop over a function that differs from
 * call to call is several times slower.
 */

type Operands = readonly [left: Float64Array, right: Float64Array];

/** Writes what the operator gives at every step to `out`, which may be one of the operands. */
export function calculate(operator: ArithmeticOperator, operands: Operands, out: Float64Array): void {
  const [left, right] = operands;
  const count = out.length;
  switch (operator) {
    case '+':
      for (let step = 0; step < count; step++) out[step] = (left[step] ?? 0) + (right[step] ?? 0);
      return;
    case '-':
      for (let step = 0; step < count; step++) out[step] = (left[step] ?? 0) - (right[step] ?? 0);
      return;
    case '*':
      for (let step = 0; step < count; step++) out[step] = (left[step] ?? 0) * (right[step] ?? 0);
      return;
    case '/':
      for (let step = 0; step < count; step++) out[step] = (left[step] ?? 0) / (right[step] ?? 0);
      return;
    case '%':
      for (let step = 0; step < count; step++) out[step] = (left[step] ?? 0) % (right[step] ?? 0);
      return;
    case '^':
      for (let step = 0; step < count; step++) out[step] = power(left[step] ?? 0, right[step] ?? 0);
      return;
    case 'atan2':
      for (let step = 0; step < count; step++) out[step] = angleOf(left[step] ?? 0, right[step] ?? 0);
  }
}

/** Writes 1 to `out` where the comparison holds, 0 elsewhere. */
export function compare(operator: ComparisonOperator, operands: Operands, out: Uint8Array): void {
  const [left, right] = operands;
  const count = out.length;
  switch (operator) {
    case '==':
      for (let step = 0; step < count; step++) out[step] = left[step] === right[step] ? 1 : 0;
      return;
    case '!=':
      for (let step = 0; step < count; step++) out[step] = left[step] === right[step] ? 0 : 1;
      return;
    case '>':
      for (let step = 0; step < count; step++) out[step] = (left[step] ?? 0) > (right[step] ?? 0) ? 1 : 0;
      return;
    case '<':
      for (let step = 0; step < count; step++) out[step] = (left[step] ?? 0) < (right[step] ?? 0) ? 1 : 0;
      return;
    case '>=':
      for (let step = 0; step < count; step++) out[step] = (left[step] ?? 0) >= (right[step] ?? 0) ? 1 : 0;
      return;
    case '<=':
      for (let step = 0; step < count; step++) out[step] = (left[step] ?? 0) <= (right[step] ?? 0) ? 1 : 0;
  }
}

const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '^', 'atan2']);
const comparisons: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);

export function isArithmetic(operator: string): operator is ArithmeticOperator {
  return arithmetic.has(operator);
}

/** Whether what the operator gives is no longer the metric. Prometheus 2 forgot `atan2`. */
export function changesMetric(operator: string, semantics: QueryOptions['semantics']): boolean {
  return isArithmetic(operator) && !(operator === 'atan2' && semantics === 'v2');
}

export function isComparison(operator: string): operator is ComparisonOperator {
  return comparisons.has(operator);
}
