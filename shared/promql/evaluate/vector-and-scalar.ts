import { scalarOf } from '../functions/evaluated-values.ts';
import { namelessLabels } from '../functions/metadata-labels.ts';
import { notSupported } from '../problem.ts';
import type { ArithmeticOperator, Binary, ComparisonOperator } from '../syntax/ast.ts';
import { typeOf } from '../syntax/type-of.ts';
import { calculate, changesMetric, compare, isArithmetic, isComparison } from './arithmetic.ts';
import { ColumnBuffers } from './buffers.ts';
import type { Column } from './columns.ts';
import { LabelSetGuard } from './merge.ts';
import { both, hasAny } from './presence.ts';
import type { ColumnReceiver, Scope } from './scope.ts';

interface Receiver {
  readonly keeps: boolean;
  readonly receive: ColumnReceiver;
}

/** A vector and a scalar, whichever stands first. */
export function streamWithScalar(scope: Scope, binary: Binary, receiver: Receiver): void {
  const { operator } = binary;
  const isVectorFirst = typeOf(binary.left) === 'vector';
  const [vector, other] = isVectorFirst ? [binary.left, binary.right] : [binary.right, binary.left];
  const scalar = scalarOf(scope.evaluate(other));
  const operands = (column: Column): readonly [Float64Array, Float64Array] =>
    isVectorFirst ? [column.values, scalar] : [scalar, column.values];
  if (isArithmetic(operator))
    scope.stream(vector, receiver.keeps, calculating(scope, operator, operands, receiver));
  else if (!isComparison(operator)) throw notSupported(`the operator ${operator}`, binary.span);
  else if (binary.bool) scope.stream(vector, receiver.keeps, judging(scope, operator, operands, receiver));
  else scope.stream(vector, receiver.keeps, filtering(scope, operator, operands, receiver));
}

type OperandsOf = (column: Column) => readonly [Float64Array, Float64Array];

function calculating(
  scope: Scope,
  operator: ArithmeticOperator,
  operands: OperandsOf,
  { keeps, receive }: Receiver,
): ColumnReceiver {
  const buffers = new ColumnBuffers(scope.steps, keeps);
  const guard = new LabelSetGuard(true);
  const isNameless = changesMetric(operator, scope.options.semantics);
  return (column) => {
    const values = buffers.values();
    calculate(operator, operands(column), values);
    const { labels, dropsName } = isNameless ? namelessLabels(column.labels, scope) : column;
    guard.check(column.labels, labels, column.present);
    receive({ labels, dropsName, values, present: column.present });
  };
}

/** With `bool`: 1 where the comparison holds, else 0. */
function judging(
  scope: Scope,
  operator: ComparisonOperator,
  operands: OperandsOf,
  { keeps, receive }: Receiver,
): ColumnReceiver {
  const buffers = new ColumnBuffers(scope.steps, keeps);
  const guard = new LabelSetGuard(true);
  const holds = new Uint8Array(scope.steps.count);
  return (column) => {
    compare(operator, operands(column), holds);
    const values = buffers.values();
    values.set(holds);
    const named = namelessLabels(column.labels, scope);
    guard.check(column.labels, named.labels, column.present);
    receive({ ...named, values, present: column.present });
  };
}

/** Without `bool`: the vector's own values where the comparison holds. */
function filtering(
  scope: Scope,
  operator: ComparisonOperator,
  operands: OperandsOf,
  { keeps, receive }: Receiver,
): ColumnReceiver {
  const buffers = new ColumnBuffers(scope.steps, keeps);
  return (column) => {
    const holds = buffers.present();
    compare(operator, operands(column), holds);
    const present = both(holds, column.present);
    if (hasAny(present)) receive({ ...column, present });
  };
}
