import type { Expression } from '../syntax/ast.ts';
import { childrenOf } from '../syntax/inspect.ts';
import { printExpression } from '../syntax/printer.ts';

interface Occurrence {
  readonly expression: Expression;
  readonly text: string;
  /** What it stands in, as far as that may be shared itself. */
  readonly parentText: string | null;
}

/**
 * Expressions that stand in more than one place, unless they only do so as part of a larger one that is
 * shared as a whole: their own values would be kept for nothing.
 */
export function commonKeys(expressions: readonly Expression[]): ReadonlyMap<Expression, string> {
  const occurrences: Occurrence[] = [];
  for (const expression of new Set(expressions)) collect(expression, null, occurrences);
  const counts = new Map<string, number>();
  for (const { text } of occurrences) counts.set(text, (counts.get(text) ?? 0) + 1);
  const isApart = new Set<string>();
  for (const { text, parentText } of occurrences)
    if (parentText === null || (counts.get(parentText) ?? 0) < (counts.get(text) ?? 0)) isApart.add(text);
  const keys = new Map<Expression, string>();
  for (const { expression, text } of occurrences)
    if ((counts.get(text) ?? 0) > 1 && isApart.has(text)) keys.set(expression, text);
  return keys;
}

function collect(expression: Expression, parentText: string | null, into: Occurrence[]): void {
  const isWorthIt = ['call', 'aggregation', 'binary'].includes(expression.kind);
  const text = isWorthIt ? printExpression(expression) : parentText;
  if (isWorthIt && text !== null) into.push({ expression, text, parentText });
  for (const child of childrenOf(expression)) collect(child, text, into);
}
