import {
  comparisonOperators,
  unwrapped,
  type Duration,
  type Expression,
  type VectorSelector,
} from '#shared/promql/syntax/ast.ts';
import { descendantsOf } from '#shared/promql/syntax/inspect.ts';
import { parseExpression } from '#shared/promql/syntax/parse.ts';
import { printExpression } from '#shared/promql/syntax/printer.ts';

/**
 * What can be read off the expression behind an alert without evaluating it: its raw selectors, and the
 * part to draw with the threshold beside it. The expression is a server's text; an expression that does
 * not parse has no selectors and is drawn whole.
 */

/** A vector selector, and how far before an instant it looks. */
export interface RawSelector {
  /** `metric{label="value"}`, without range, offset or `@`. */
  readonly selector: string;
  /** Range, offset and look-back together, in milliseconds. */
  readonly reachMs: number;
}

/** Without a range an instant selector looks back five minutes. Source: Prometheus' --query.lookback-delta. */
const lookBackMs = 300_000;
const maxExpressionLength = 20_000;

/**
 * @returns every different selector of the expression with its largest reach; undefined where the
 * expression does not parse or a selector's time cannot be told from the text (`@`, subqueries, durations to
 * be computed).
 */
export function rawSelectorsOf(expression: string): RawSelector[] | undefined {
  const root = parse(expression);
  if (root === undefined) return undefined;
  const reach = new Map<string, number>();
  const ranges = new Map<VectorSelector, Duration>();
  for (const node of descendantsOf(root)) {
    if (node.kind === 'subquery') return undefined;
    if (node.kind === 'matrix') ranges.set(node.selector, node.range);
    if (node.kind !== 'selector') continue;
    const reachMs = reachOf(node, ranges.get(node));
    if (reachMs === undefined) return undefined;
    const selector = printExpression({ ...node, offset: null, at: null, extension: null });
    reach.set(selector, Math.max(reach.get(selector) ?? 0, reachMs));
  }
  return [...reach].map(([selector, reachMs]) => ({ selector, reachMs }));
}

/** The selector's own range or look-back, plus its offset unless that looks ahead. */
function reachOf({ at, offset }: VectorSelector, range: Duration | undefined): number | undefined {
  if (at !== null || offset?.kind === 'computed' || range?.kind === 'computed') return undefined;
  return (range?.ms ?? lookBackMs) + Math.max(0, offset?.ms ?? 0);
}

export interface DrawnExpression {
  readonly drawn: string;
  readonly threshold: { readonly operator: string; readonly value: number } | null;
}

/**
 * The left side of a comparison with a constant, so that the line is drawn below the threshold too;
 * any other expression as it is.
 */
export function drawnExpression(expression: string): DrawnExpression {
  const whole = { drawn: expression.trim(), threshold: null };
  const root = parse(expression);
  const comparison = root === undefined ? undefined : unwrapped(root);
  if (comparison?.kind !== 'binary') return whole;
  const { operator, left } = comparison;
  const right = unwrapped(comparison.right);
  if (!(comparisonOperators as readonly string[]).includes(operator)) return whole;
  if (right.kind !== 'number' || Number.isNaN(right.value) || unwrapped(left).kind === 'number') return whole;
  const drawn = expression.slice(left.span.start, left.span.end).trim();
  return { drawn, threshold: { operator, value: right.value } };
}

/** The expression in a Prometheus link (`…/graph?g0.expr=…`), or empty. */
export function expressionOf(generatorUrl: string): string {
  try {
    return new URL(generatorUrl).searchParams.get('g0.expr') ?? '';
  } catch {
    // Not an address: whatever made the alert, it told no expression.
    return '';
  }
}

function parse(expression: string): Expression | undefined {
  if (expression.length > maxExpressionLength) return undefined;
  const parsed = parseExpression(expression, { experimental: true });
  return parsed.ok ? parsed.value : undefined;
}
