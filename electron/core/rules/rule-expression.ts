import { parseExpression } from '#shared/promql/syntax/parse.ts';

/** The syntax and the types of a rule's expression; whether it can be answered is for whoever evaluates it. */

const maxExpressionLength = 20_000;

/** @returns the first mistake in Prometheus' words, or null. */
export function syntaxErrorIn(
  expression: string,
): { readonly message: string; readonly offset: number } | null {
  if (expression.length > maxExpressionLength)
    return { message: `the expression is longer than ${maxExpressionLength} characters`, offset: 0 };
  // What a server knows only behind feature flags is fine in its rule files.
  const parsed = parseExpression(expression, { experimental: true });
  if (parsed.ok) return null;
  const { message, span } = parsed.failure;
  // The place is told as one of the file.
  return { message: message.replace(/^\d+:\d+: parse error: /, ''), offset: span?.start ?? 0 };
}
