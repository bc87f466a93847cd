import type { Expression } from './ast.ts';

/** Walks over trees. They are no deeper than the parser allows, and nothing here recurses. */

/** What an expression is directly made of, in the order of the text. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'matrix':
      return [expression.selector];
    case 'subquery':
    case 'parentheses':
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'aggregation':
      return expression.parameter === null
        ? [expression.operand]
        : [expression.parameter, expression.operand];
    case 'call':
      return expression.arguments;
  }
}

/** The expression and all below it: each before what it is made of, in the order of the text. */
export function* descendantsOf(expression: Expression): Generator<Expression> {
  const pending: Expression[] = [expression];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next;
    pending.push(...childrenOf(next).toReversed());
  }
}

/** How many levels a tree has: 1 for what is made of nothing else. */
export function depthOf(expression: Expression): number {
  let level: readonly Expression[] = [expression];
  let depth = 0;
  for (; level.length > 0; depth++) level = level.flatMap(childrenOf);
  return depth;
}
