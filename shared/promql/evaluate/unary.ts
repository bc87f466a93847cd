import { scalarOf } from '../functions/evaluated-values.ts';
import { namelessLabels } from '../functions/metadata-labels.ts';
import type { Unary } from '../syntax/ast.ts';
import { typeOf } from '../syntax/type-of.ts';
import { ColumnBuffers } from './buffers.ts';
import { collected } from './collect.ts';
import type { EvaluatedValue } from './columns.ts';
import { LabelSetGuard } from './merge.ts';
import type { ColumnReceiver, Scope } from './scope.ts';

/** A sign before a vector or a scalar: a plus changes nothing, a minus makes it another metric. */
export function evaluateUnary(scope: Scope, unary: Unary): EvaluatedValue {
  if (unary.operator === '+') return scope.evaluate(unary.operand);
  if (typeOf(unary.operand) === 'vector')
    return collected(scope, unary, (receive) => {
      streamUnary(scope, unary, true, receive);
    });
  return { kind: 'scalar', values: scalarOf(scope.evaluate(unary.operand)).map((value) => -value) };
}

export function streamUnary(scope: Scope, unary: Unary, keeps: boolean, receive: ColumnReceiver): void {
  if (unary.operator === '+') {
    scope.stream(unary.operand, keeps, receive);
    return;
  }
  const buffers = new ColumnBuffers(scope.steps, keeps);
  // Prometheus 2 refuses series of equal labels even if they share no step.
  const guard = new LabelSetGuard(scope.options.semantics === 'v3');
  scope.stream(unary.operand, keeps, (column) => {
    const values = buffers.values();
    for (let step = 0; step < values.length; step++) values[step] = -(column.values[step] ?? 0);
    const named = namelessLabels(column.labels, scope);
    guard.check(column.labels, named.labels, column.present);
    receive({ ...named, values, present: column.present });
  });
}
