import { scalarOf, vectorOf } from '../functions/evaluated-values.ts';
import { notSupported } from '../problem.ts';
import type { Binary } from '../syntax/ast.ts';
import { typeOf } from '../syntax/type-of.ts';
import { calculate, compare, isArithmetic, isComparison } from './arithmetic.ts';
import { collected, streamValue } from './collect.ts';
import type { EvaluatedValue } from './columns.ts';
import { mergedColumns } from './merge.ts';
import type { ColumnReceiver, Scope } from './scope.ts';
import { combineSets } from './set-operators.ts';
import { matchVectors } from './vector-matching.ts';
import { streamWithScalar } from './vector-and-scalar.ts';

/** Binary operators, by what stands on their sides. */
export function evaluateBinary(scope: Scope, binary: Binary): EvaluatedValue {
  const sides = vectorSides(binary);
  if (sides === 'none') return ofScalars(scope, binary);
  if (sides === 'both') return ofVectors(scope, binary);
  return collected(scope, binary, (receive) => {
    streamWithScalar(scope, binary, { keeps: true, receive });
  });
}

export function streamBinary(scope: Scope, binary: Binary, keeps: boolean, receive: ColumnReceiver): void {
  const sides = vectorSides(binary);
  if (sides === 'left' || sides === 'right') streamWithScalar(scope, binary, { keeps, receive });
  else streamValue(evaluateBinary(scope, binary), receive);
}

function vectorSides({ left, right }: Binary): 'none' | 'left' | 'right' | 'both' {
  const isLeft = typeOf(left) === 'vector';
  const isRight = typeOf(right) === 'vector';
  if (isLeft) return isRight ? 'both' : 'left';
  return isRight ? 'right' : 'none';
}

function ofScalars(scope: Scope, { operator, left, right, span }: Binary): EvaluatedValue {
  const operands = [scalarOf(scope.evaluate(left)), scalarOf(scope.evaluate(right))] as const;
  const values = new Float64Array(scope.steps.count);
  if (isArithmetic(operator)) calculate(operator, operands, values);
  else if (isComparison(operator)) {
    const holds = new Uint8Array(values.length);
    compare(operator, operands, holds);
    values.set(holds);
  } else throw notSupported(`the operator ${operator}`, span);
  return { kind: 'scalar', values };
}

function ofVectors(scope: Scope, binary: Binary): EvaluatedValue {
  const left = vectorOf(scope.evaluate(binary.left));
  const right = vectorOf(scope.evaluate(binary.right));
  const { operator } = binary;
  const isSet = operator === 'and' || operator === 'or' || operator === 'unless';
  const columns = isSet
    ? combineSets(scope, binary, operator, { left, right })
    : matchVectors(scope, binary, { left, right });
  return { kind: 'vector', columns: mergedColumns(columns), isOrdered: false };
}
