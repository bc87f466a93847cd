import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/**
 * What can be read off the expression behind an alert without evaluating it: its raw selectors, and the
 * part to draw with the threshold beside it. The expression is a server's text; an expression that does
 * not parse has no selectors and is drawn whole.
 */

/** A vector selector, and how far before an instant it looks. */
export interface RawSelector {
  /** `metric{label="value"}` as written, without range, offset or `@`. */
  readonly selector: string;
  /** Range, offset and look-back together, in milliseconds. */
  readonly reachMs: number;
}

/** Without a range an instant selector looks back five minutes. Source: Prometheus' --query.lookback-delta. */
const lookBackMs = 300_000;
const maxExpressionLength = 20_000;

/**
 * @returns every different selector of the expression with its largest reach; undefined where the
 * expression does not parse or a selector's time cannot be told from the text (`@`, subqueries).
 */
export function rawSelectorsOf(expression: string): RawSelector[] | undefined {
  const root = parse(expression);
  if (root === undefined) return undefined;
  const reach = new Map<string, number>();
  for (const node of descendants(root)) {
    if (node.name === 'StepInvariantExpr' || node.name === 'SubqueryExpr') return undefined;
    if (node.name !== 'VectorSelector') continue;
    const selector = textOf(expression, node);
    reach.set(selector, Math.max(reach.get(selector) ?? 0, reachOf(expression, node)));
  }
  return [...reach].map(([selector, reachMs]) => ({ selector, reachMs }));
}

export interface DrawnExpression {
  readonly drawn: string;
  readonly threshold: { readonly operator: string; readonly value: number } | null;
}

const comparisons = new Map([
  ['Gtr', '>'],
  ['Gte', '>='],
  ['Lss', '<'],
  ['Lte', '<='],
  ['Eql', '=='],
  ['Neq', '!='],
]);

/**
 * The left side of a comparison with a constant, so that the line is drawn below the threshold too;
 * any other expression as it is.
 */
export function drawnExpression(expression: string): DrawnExpression {
  const whole = { drawn: expression.trim(), threshold: null };
  const root = parse(expression);
  const comparison = root === undefined ? undefined : strip(root.firstChild);
  if (comparison?.name !== 'BinaryExpr') return whole;
  const operator = children(comparison)
    .map((child) => comparisons.get(child.name))
    .find((found) => found !== undefined);
  const left = comparison.firstChild;
  const value = numberOf(expression, comparison.lastChild);
  if (operator === undefined || left === null || value === undefined) return whole;
  if (numberOf(expression, left) !== undefined) return whole;
  return { drawn: textOf(expression, left).trim(), threshold: { operator, value } };
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

function parse(expression: string): SyntaxNode | undefined {
  if (expression.length > maxExpressionLength) return undefined;
  const tree = parser.parse(expression);
  for (const node of descendants(tree.topNode)) if (node.type.isError) return undefined;
  return tree.topNode;
}

/** The selector's own range or look-back, plus its offset. */
function reachOf(expression: string, selector: SyntaxNode): number {
  let reachMs = lookBackMs;
  let inner = selector;
  for (let node = selector.parent; node !== null; inner = node, node = node.parent) {
    if (node.name === 'MatrixSelector') reachMs = durationsIn(expression, node, inner.to);
    else if (node.name === 'OffsetExpr') reachMs += durationsIn(expression, node, inner.to);
    else if (node.name !== 'ParenExpr') break;
  }
  return reachMs;
}

/** The durations written in a node after what it wraps, negative ones left out, in milliseconds. */
function durationsIn(expression: string, node: SyntaxNode, from: number): number {
  const written = expression.slice(from, node.to);
  return [...written.matchAll(/(?<![\w-])((?:\d+(?:ms|[smhdwy]))+|\d+(?:\.\d+)?)(?!\w)/g)].reduce(
    (sum, [text]) => sum + durationMs(text),
    0,
  );
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

function durationMs(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (parts.length === 0) return Number(text) * 1_000;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0);
}

function numberOf(expression: string, node: SyntaxNode | null): number | undefined {
  const bare = strip(node);
  if (bare === undefined || !['NumberDurationLiteral', 'NumberLiteral', 'UnaryExpr'].includes(bare.name))
    return undefined;
  const text = textOf(expression, bare).replace(/\s/g, '');
  const value = /^[+-]?inf$/i.test(text) ? Number(text.replace(/inf/i, 'Infinity')) : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

function strip(node: SyntaxNode | null): SyntaxNode | undefined {
  let bare = node;
  while (bare?.name === 'ParenExpr')
    bare = children(bare).find((child) => !['(', ')'].includes(child.name)) ?? null;
  return bare ?? undefined;
}

function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

function* descendants(node: SyntaxNode): Iterable<SyntaxNode> {
  yield node;
  for (const child of children(node)) yield* descendants(child);
}

function textOf(expression: string, node: SyntaxNode): string {
  return expression.slice(node.from, node.to);
}
