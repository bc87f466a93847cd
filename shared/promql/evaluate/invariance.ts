import type { Expression } from '../syntax/ast.ts';

/**
 * Which expressions give the same at every step of a query, because an `@` fixes all moments they depend
 * on: they are evaluated at one step and spread over the others.
 */
const known = new WeakMap<Expression, boolean>();

/** These depend on the moment of evaluation, whatever their arguments. */
const momentFunctions: ReadonlySet<string> = new Set([
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'days_in_month',
  'hour',
  'minute',
  'month',
  'predict_linear',
  'time',
  'timestamp',
  'year',
]);

export function isStepInvariant(expression: Expression): boolean {
  const before = known.get(expression);
  if (before !== undefined) return before;
  const answer = decided(expression);
  known.set(expression, answer);
  return answer;
}

function decided(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return true;
    case 'selector':
      return expression.at !== null;
    case 'matrix':
      return expression.selector.at !== null;
    case 'subquery':
      return expression.at !== null;
    case 'parentheses':
    case 'unary':
      return isStepInvariant(expression.operand);
    case 'binary':
      return isStepInvariant(expression.left) && isStepInvariant(expression.right);
    case 'aggregation':
      // Prometheus does not look at the parameter, and takes that of the first step; seen in 2.42 and 3.5.
      return isStepInvariant(expression.operand);
    case 'call':
      return !momentFunctions.has(expression.name) && expression.arguments.every(isStepInvariant);
  }
}
