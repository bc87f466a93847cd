import type { SyntaxNode } from '@lezer/common';
import { isComparison, isSetOperator, type BinaryOperation, type Expression, type ValueType } from './ast.ts';
import { parseError } from './query-error.ts';
import { signatures, type Signature } from './signatures.ts';

/** The rules of PromQL about types, with Prometheus' messages. The parser calls them node by node. */

export const typeNames: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'matrix':
      return 'matrix';
    case 'negate':
      return typeOf(expression.operand);
    case 'call':
      return signatures.get(expression.name)?.result ?? 'vector';
    case 'binary':
      return typeOf(expression.left) === 'scalar' && typeOf(expression.right) === 'scalar'
        ? 'scalar'
        : 'vector';
    case 'selector':
    case 'aggregation':
      return 'vector';
  }
}

export function checkCall(
  query: string,
  name: string,
  signature: Signature,
  nodes: readonly SyntaxNode[],
  given: readonly Expression[],
): void {
  const { parameters, optional } = signature;
  const least = parameters.length - optional;
  const from = (nodes[0]?.parent?.parent ?? nodes[0])?.from ?? 0;
  const inCall = `in call to "${name}", got ${given.length}`;
  if (optional === 0 && given.length !== parameters.length) {
    throw parseError(query, from, `expected ${parameters.length} argument(s) ${inCall}`);
  }
  if (given.length < least) throw parseError(query, from, `expected at least ${least} argument(s) ${inCall}`);
  if (given.length > parameters.length) {
    throw parseError(query, from, `expected at most ${parameters.length} argument(s) ${inCall}`);
  }
  given.forEach((argument, index) => {
    const expected = parameters[index];
    if (expected !== undefined)
      expectType(query, nodes[index], argument, expected, `call to function "${name}"`);
  });
}

export function checkAggregation(
  query: string,
  operator: string,
  node: SyntaxNode,
  nodes: readonly SyntaxNode[],
  given: readonly Expression[],
): void {
  const wanted = ['topk', 'bottomk', 'quantile'].includes(operator) ? 2 : 1;
  if (given.length === 0)
    throw parseError(query, node.from, 'no arguments for aggregate expression provided');
  if (given.length !== wanted) {
    const message = `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${given.length}`;
    throw parseError(query, node.from, message);
  }
  given.forEach((argument, index) => {
    const last = index === given.length - 1;
    expectType(
      query,
      nodes[index],
      argument,
      last ? 'vector' : 'scalar',
      last ? 'aggregation expression' : 'aggregation parameter',
    );
  });
}

/** @param sign the node of the operator, where most of its mistakes are said to be. */
export function checkBinary(
  query: string,
  node: SyntaxNode,
  sign: SyntaxNode,
  operation: BinaryOperation,
): void {
  const { operator, bool, matching, left, right } = operation;
  const [leftType, rightType] = [typeOf(left), typeOf(right)];
  const fail = (message: string, at = node): never => {
    throw parseError(query, at.from, message);
  };
  if (bool && !isComparison(operator)) fail('bool modifier can only be used on comparison operators', sign);
  for (const type of [leftType, rightType]) {
    if (type === 'matrix' || type === 'string') {
      fail('binary expression must contain only scalar and instant vector types');
    }
  }
  if (isComparison(operator) && !bool && leftType === 'scalar' && rightType === 'scalar') {
    fail('comparisons between scalars must use BOOL modifier', sign);
  }
  if (isSetOperator(operator)) {
    if (leftType === 'scalar' || rightType === 'scalar') {
      fail(`set operator "${operator}" not allowed in binary scalar expression`);
    }
    if (matching.many !== null) fail(`no grouping allowed for "${operator}" operation`);
  }
  if ((matching.on || matching.labels.length > 0) && (leftType !== 'vector' || rightType !== 'vector')) {
    fail('vector matching only allowed between instant vectors');
  }
  const twice = matching.on ? matching.include.find((label) => matching.labels.includes(label)) : undefined;
  if (twice !== undefined) fail(`label "${twice}" must not occur in ON and GROUP clause at once`, sign);
}

function expectType(
  query: string,
  node: SyntaxNode | undefined,
  expression: Expression,
  expected: ValueType,
  where: string,
): void {
  const actual = typeOf(expression);
  if (actual === expected) return;
  throw parseError(
    query,
    node?.from ?? 0,
    `expected type ${typeNames[expected]} in ${where}, got ${typeNames[actual]}`,
  );
}
