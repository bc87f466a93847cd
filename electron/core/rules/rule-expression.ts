import { parser } from '@prometheus-io/lezer-promql';

/** The syntax of a rule's expression; types and series are for whoever answers it. */

const maxExpressionLength = 20_000;

/** @returns the first mistake, or null. */
export function syntaxErrorIn(
  expression: string,
): { readonly message: string; readonly offset: number } | null {
  if (expression.length > maxExpressionLength)
    return { message: `the expression is longer than ${maxExpressionLength} characters`, offset: 0 };
  let offset: number | null = null;
  parser.parse(expression).iterate({
    enter: (node) => {
      if (node.type.isError) offset ??= node.from;
      return offset === null;
    },
  });
  if (offset === null) return null;
  const rest = expression.slice(offset).trim().split(/\s/)[0] ?? '';
  return {
    message: rest === '' ? 'the expression ends too early' : `this is not PromQL: ${rest.slice(0, 60)}`,
    offset,
  };
}
