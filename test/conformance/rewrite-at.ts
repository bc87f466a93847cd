import type { AtModifier, Expression } from '#shared/promql/syntax/ast.ts';

/**
 * The query that answers at any time what this one answers at `atMs`: every selector and outermost subquery
 * is fixed by `@` to that time, unless one is written. Null where a function's answer follows the time of
 * evaluation whatever its arguments are.
 */
export function fixedAt(expression: Expression, atMs: number): Expression | null {
  try {
    return rewrite(expression, atMs);
  } catch (error) {
    if (error instanceof FollowsTime) return null;
    throw error;
  }
}

const functionsOfTime: ReadonlySet<string> = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'time',
  'timestamp',
  'start',
  'end',
  'range',
  'step',
]);

class FollowsTime extends Error {}

function rewrite(expression: Expression, atMs: number): Expression {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return expression;
    case 'selector':
      return { ...expression, at: fixed(expression.at, atMs) };
    case 'matrix': {
      const { selector } = expression;
      return { ...expression, selector: { ...selector, at: fixed(selector.at, atMs) } };
    }
    case 'subquery':
      // What is within it follows the subquery's own time.
      return { ...expression, at: fixed(expression.at, atMs) };
    case 'parentheses':
    case 'unary':
      return { ...expression, operand: rewrite(expression.operand, atMs) };
    case 'binary':
      return {
        ...expression,
        left: rewrite(expression.left, atMs),
        right: rewrite(expression.right, atMs),
      };
    case 'aggregation': {
      const parameter = expression.parameter === null ? null : rewrite(expression.parameter, atMs);
      return { ...expression, parameter, operand: rewrite(expression.operand, atMs) };
    }
    case 'call':
      if (functionsOfTime.has(expression.name)) throw new FollowsTime();
      return { ...expression, arguments: expression.arguments.map((one) => rewrite(one, atMs)) };
  }
}

function fixed(at: AtModifier | null, atMs: number): AtModifier {
  return at?.kind === 'time' ? at : { kind: 'time', ms: atMs };
}
