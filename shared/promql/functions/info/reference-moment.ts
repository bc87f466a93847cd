import { offsetMs } from '../../evaluate/durations.ts';
import type { QueryBounds } from '../../evaluate/scope.ts';
import type { AtModifier, Expression, TimeModifiers } from '../../syntax/ast.ts';

/** When a selector looks, beside the step that it is asked for. */
interface Moment {
  readonly at: AtModifier | null;
  readonly offsetMs: number;
}

/**
 * The moment of the first selector in an expression, with what the subqueries around it add: what describes
 * its series is looked for at the same moment.
 */
export function momentOfSelector(expression: Expression, bounds: QueryBounds): TimeModifiers {
  const { at, offsetMs: ms } = found(expression, { at: null, offsetMs: 0 }, bounds) ?? {
    at: null,
    offsetMs: 0,
  };
  return { at, offset: { kind: 'fixed', ms } };
}

function found(expression: Expression, around: Moment, bounds: QueryBounds): Moment | null {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return null;
    case 'selector':
      return moved(around, expression, bounds);
    case 'matrix':
      return moved(around, expression.selector, bounds);
    case 'subquery':
      return found(expression.operand, moved(around, expression, bounds), bounds);
    case 'parentheses':
    case 'unary':
    case 'aggregation':
      return found(expression.operand, around, bounds);
    case 'binary':
      return found(expression.left, around, bounds) ?? found(expression.right, around, bounds);
    case 'call':
      for (const argument of expression.arguments) {
        const moment = found(argument, around, bounds);
        if (moment !== null) return moment;
      }
      return null;
  }
}

function moved(around: Moment, own: TimeModifiers, bounds: QueryBounds): Moment {
  const offset = offsetMs(own.offset, bounds);
  if (own.at !== null) return { at: own.at, offsetMs: offset };
  return { at: around.at, offsetMs: around.offsetMs + offset };
}
