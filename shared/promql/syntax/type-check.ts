import type {
  Aggregation,
  Binary,
  BinaryOperator,
  Call,
  Expression,
  ValueType,
  VectorSelector,
} from './ast.ts';
import { comparisonOperators, setOperators } from './ast.ts';
import { functionSignature, type FunctionSignature } from './function-signatures.ts';
import { isSpace } from './characters.ts';
import { metricNameLabel } from '../model/label-set.ts';
import { ParseError } from './parse-problem.ts';
import { acceptsEmpty } from './parse-selector.ts';
import { goQuoted } from './strings.ts';
import { nameOfType } from './type-of.ts';

/**
 * Whether the parts of a tree fit each other, told in the order in which Prometheus looks. It also settles how
 * the sides of an operator match, which depends on their types.
 */
export function checkTypes(expression: Expression, text: string): Expression {
  return check(expression, text).expression;
}

interface Checked {
  readonly expression: Expression;
  readonly type: ValueType;
}

function check(expression: Expression, text: string): Checked {
  switch (expression.kind) {
    case 'number':
      return { expression, type: 'scalar' };
    case 'string':
      return { expression, type: 'string' };
    case 'selector':
      checkSelector(expression);
      return { expression, type: 'vector' };
    case 'matrix':
      checkSelector(expression.selector);
      return { expression, type: 'matrix' };
    case 'subquery': {
      const operand = check(expression.operand, text);
      if (operand.type !== 'vector')
        throw refusal(`subquery is only allowed on instant vector, got ${operand.type} instead`, expression);
      return { expression: withOperand(expression, operand.expression), type: 'matrix' };
    }
    case 'parentheses': {
      const operand = check(expression.operand, text);
      return { expression: withOperand(expression, operand.expression), type: operand.type };
    }
    case 'unary': {
      const operand = check(expression.operand, text);
      if (!isCalculable(operand.type))
        throw refusal(
          `unary expression only allowed on expressions of type scalar or instant vector, got "${nameOfType(operand.type)}"`,
          expression,
        );
      return { expression: withOperand(expression, operand.expression), type: operand.type };
    }
    case 'binary':
      return checkBinary(expression, text);
    case 'aggregation':
      return { expression: checkAggregation(expression, text), type: 'vector' };
    case 'call':
      return checkCall(expression, text);
  }
}

function withOperand<Node extends { readonly operand: Expression }>(node: Node, operand: Expression): Node {
  return operand === node.operand ? node : { ...node, operand };
}

function isCalculable(type: ValueType): boolean {
  return type === 'scalar' || type === 'vector';
}

function refusal(message: string, { span }: Expression): ParseError {
  return new ParseError(message, span.start, span.end);
}

function checkSelector(selector: VectorSelector): void {
  const { name, matchers } = selector;
  if (name === '') {
    const isRestricted = matchers.some((matcher) => {
      const empty = acceptsEmpty(matcher);
      return empty.ok && !empty.value;
    });
    if (!isRestricted) throw refusal('vector selector must contain at least one non-empty matcher', selector);
    return;
  }
  // The last one is the name before the braces.
  const twice = matchers.find(
    (matcher, index) => matcher.name === metricNameLabel && index < matchers.length - 1,
  );
  if (twice !== undefined)
    throw refusal(
      `metric name must not be set twice: ${goQuoted(name)} or ${goQuoted(twice.value)}`,
      selector,
    );
}

const isComparison = (operator: BinaryOperator): boolean =>
  (comparisonOperators as readonly string[]).includes(operator);
const isSetOperator = (operator: BinaryOperator): boolean =>
  (setOperators as readonly string[]).includes(operator);

function checkBinary(binary: Binary, text: string): Checked {
  const left = check(binary.left, text);
  const right = check(binary.right, text);
  const { operator, bool } = binary;
  if (bool && !isComparison(operator))
    throw operatorRefusal('bool modifier can only be used on comparison operators', binary, text);
  const areScalars = left.type === 'scalar' && right.type === 'scalar';
  if (isComparison(operator) && !bool && areScalars)
    throw operatorRefusal('comparisons between scalars must use BOOL modifier', binary, text);
  checkLabels(binary, text);
  for (const [side, type] of [
    [binary.left, left.type],
    [binary.right, right.type],
  ] as const)
    if (!isCalculable(type))
      throw refusal('binary expression must contain only scalar and instant vector types', side);
  const areVectors = left.type === 'vector' && right.type === 'vector';
  const matching = areVectors ? vectorMatching(binary) : noMatching(binary);
  const isSame =
    matching === binary.matching && left.expression === binary.left && right.expression === binary.right;
  return {
    expression: isSame ? binary : { ...binary, matching, left: left.expression, right: right.expression },
    type: areScalars ? 'scalar' : 'vector',
  };
}

function checkLabels(binary: Binary, text: string): void {
  const { matching } = binary;
  if (matching?.on !== true) return;
  const twice = matching.labels.find((label) => matching.include.includes(label));
  if (twice !== undefined)
    throw operatorRefusal(
      `label ${goQuoted(twice)} must not occur in ON and GROUP clause at once`,
      binary,
      text,
    );
}

function noMatching(binary: Binary): null {
  const { operator, matching } = binary;
  if (matching !== null && matching.labels.length > 0)
    throw refusal('vector matching only allowed between instant vectors', binary);
  if (isFilled(binary))
    throw refusal('filling in missing series only allowed between instant vectors', binary);
  if (isSetOperator(operator))
    throw refusal(`set operator "${operator}" not allowed in binary scalar expression`, binary);
  return null;
}

function vectorMatching(binary: Binary): Binary['matching'] {
  const { operator, matching } = binary;
  if (!isSetOperator(operator) || matching === null) return matching;
  if (matching.cardinality !== 'one-to-one')
    throw refusal(`no grouping allowed for "${operator}" operation`, binary);
  if (isFilled(binary)) throw refusal('filling in missing series not allowed for set operators', binary);
  return { ...matching, cardinality: 'many-to-many' };
}

function isFilled({ matching }: Binary): boolean {
  return matching !== null && (matching.fill.left !== null || matching.fill.right !== null);
}

/** Its place is that of the operator, between the spaces around it. */
function operatorRefusal(message: string, { left, right }: Binary, text: string): ParseError {
  let start = left.span.end;
  while (isSpace(text.charCodeAt(start))) start++;
  return new ParseError(message, start, right.span.start);
}

function expectType(checked: Checked, type: ValueType, context: string, place: Expression): Expression {
  if (checked.type === type) return checked.expression;
  throw refusal(`expected type ${nameOfType(type)} in ${context}, got ${nameOfType(checked.type)}`, place);
}

function checkAggregation(aggregation: Aggregation, text: string): Aggregation {
  const { operator, operand, parameter } = aggregation;
  const checked = expectType(check(operand, text), 'vector', 'aggregation expression', operand);
  if (parameter === null) return withOperand(aggregation, checked);
  const type = operator === 'count_values' ? 'string' : 'scalar';
  const checkedParameter = expectType(check(parameter, text), type, 'aggregation parameter', parameter);
  return checked === operand && checkedParameter === parameter
    ? aggregation
    : { ...aggregation, operand: checked, parameter: checkedParameter };
}

function checkCall(call: Call, text: string): Checked {
  const signature = functionSignature(call.name);
  if (signature === undefined) throw new Error(`the parser let through a call of ${call.name}`);
  checkCount(call, signature);
  if (call.name === 'info') checkInfo(call, text);
  const { argumentTypes } = signature;
  let isSame = true;
  const checked = call.arguments.map((argument, index) => {
    if (call.name === 'info' && index === 1) return argument;
    const type = argumentTypes[Math.min(index, argumentTypes.length - 1)] ?? 'scalar';
    const context = `call to function "${call.name}"`;
    const expression = expectType(check(argument, text), type, context, argument);
    isSame &&= expression === argument;
    return expression;
  });
  return { expression: isSame ? call : { ...call, arguments: checked }, type: signature.returnType };
}

function checkCount(call: Call, { name, minimum, maximum }: FunctionSignature): void {
  const count = call.arguments.length;
  const expected =
    minimum === maximum ? `${minimum}` : count < minimum ? `at least ${minimum}` : `at most ${maximum}`;
  if (count < minimum || count > maximum)
    throw refusal(`expected ${expected} argument(s) in call to "${name}", got ${count}`, call);
}

/** The second argument says which labels are asked for, and is no series of its own. */
function checkInfo(call: Call, text: string): void {
  const [, labels] = call.arguments;
  if (labels === undefined) return;
  if (labels.kind === 'selector') {
    if (labels.name !== '')
      throw refusal('expected label selectors only, got vector selector instead', labels);
    return;
  }
  const { type } = check(labels, text);
  if (type !== 'vector')
    throw refusal(`expected type instant vector in call to function "info", got ${nameOfType(type)}`, call);
  throw refusal('expected label selectors only', labels);
}
