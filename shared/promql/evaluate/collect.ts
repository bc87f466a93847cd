import { vectorOf } from '../functions/evaluated-values.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Column, EvaluatedValue } from './columns.ts';
import { mergedColumns } from './merge.ts';
import type { ColumnReceiver, Scope } from './scope.ts';
import { tooManySeries } from './selection.ts';

/** All columns of a node, from its stream; those of equal labels are made one. */
export function collected(
  scope: Scope,
  expression: Expression,
  stream: (receive: ColumnReceiver) => void,
): EvaluatedValue {
  const columns: Column[] = [];
  const { budget, options } = scope.query;
  stream((column) => {
    budget.hold(scope.steps.count);
    if (columns.push(column) > options.maxSeries) throw tooManySeries(options.maxSeries, expression.span);
  });
  return { kind: 'vector', columns: mergedColumns(columns), isOrdered: false };
}

/** Gives the columns of a value that was computed as a whole. */
export function streamValue(value: EvaluatedValue, receive: ColumnReceiver): void {
  vectorOf(value).forEach(receive);
}
