/**
 * The tree of a PromQL expression, as the parser makes it and the printer writes it back. Nothing in it
 * depends on the time at which it is evaluated: durations that are written as expressions are kept and
 * resolved by the evaluator, who knows the step.
 */

/** Half-open, in UTF-16 units of the query's text. Messages count bytes, as Prometheus does. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export type Expression =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Parentheses
  | Unary
  | Binary
  | Aggregation
  | Call;

export interface NumberLiteral {
  readonly kind: 'number';
  readonly span: TextSpan;
  readonly value: number;
  /** Written as a duration (`5m`), and printed as one; its value is in seconds. */
  readonly isDuration: boolean;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly span: TextSpan;
  readonly value: string;
}

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface LabelMatcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** A length of time in a selector: written as one, or to be computed. */
export type Duration =
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'computed'; readonly expression: DurationExpression };

/** What may be computed within a duration: numbers are seconds. */
export type DurationExpression =
  | NumberLiteral
  | { readonly kind: 'step'; readonly span: TextSpan }
  | { readonly kind: 'range'; readonly span: TextSpan }
  | {
      readonly kind: 'negated' | 'parenthesised';
      readonly span: TextSpan;
      readonly operand: DurationExpression;
    }
  | {
      readonly kind: 'calculation';
      readonly span: TextSpan;
      readonly operator: '+' | '-' | '*' | '/' | '%' | '^' | 'min_of' | 'max_of';
      readonly left: DurationExpression;
      readonly right: DurationExpression;
    };

/** The moment an `@` fixes: Unix milliseconds, or an end of the query's range. */
export type AtModifier = { readonly kind: 'time'; readonly ms: number } | { readonly kind: 'start' | 'end' };

/** `offset` and `@`, of a selector or a subquery. */
export interface TimeModifiers {
  /** Null where none was written, so that the printer writes none. */
  readonly offset: Duration | null;
  readonly at: AtModifier | null;
}

export interface VectorSelector extends TimeModifiers {
  readonly kind: 'selector';
  readonly span: TextSpan;
  /** The name written before the braces, or empty; `matchers` has it too, as `__name__="…"`. */
  readonly name: string;
  readonly matchers: readonly LabelMatcher[];
  /** Experimental in Prometheus: the range is extended (`anchored`) or interpolated (`smoothed`). */
  readonly extension: 'anchored' | 'smoothed' | null;
}

export interface MatrixSelector {
  readonly kind: 'matrix';
  readonly span: TextSpan;
  /** It carries the modifiers, though they are written after the range. */
  readonly selector: VectorSelector;
  readonly range: Duration;
}

export interface Subquery extends TimeModifiers {
  readonly kind: 'subquery';
  readonly span: TextSpan;
  readonly operand: Expression;
  readonly range: Duration;
  /** Null takes the engine's default interval. */
  readonly step: Duration | null;
}

export interface Parentheses {
  readonly kind: 'parentheses';
  readonly span: TextSpan;
  readonly operand: Expression;
}

export interface Unary {
  readonly kind: 'unary';
  readonly span: TextSpan;
  readonly operator: '+' | '-';
  readonly operand: Expression;
}

export const arithmeticOperators = ['+', '-', '*', '/', '%', '^', 'atan2'] as const;
export const comparisonOperators = ['==', '!=', '>', '<', '>=', '<='] as const;
export const setOperators = ['and', 'or', 'unless'] as const;
/** Experimental, and only of native histograms. */
export const trimOperators = ['</', '>/'] as const;
export type ArithmeticOperator = (typeof arithmeticOperators)[number];
export type ComparisonOperator = (typeof comparisonOperators)[number];
export type SetOperator = (typeof setOperators)[number];
export type TrimOperator = (typeof trimOperators)[number];
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator | TrimOperator;

export interface Binary {
  readonly kind: 'binary';
  readonly span: TextSpan;
  readonly operator: BinaryOperator;
  readonly bool: boolean;
  /** Null between scalars, and where one side is a scalar. */
  readonly matching: VectorMatching | null;
  readonly left: Expression;
  readonly right: Expression;
}

export type MatchCardinality = 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';

export interface VectorMatching {
  readonly cardinality: MatchCardinality;
  /** Whether `labels` are all that must be equal (`on`), or all that need not (`ignoring`). */
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Labels copied from the side that has one, from `group_left` or `group_right`. */
  readonly include: readonly string[];
  /** Experimental `fill`, `fill_left`, `fill_right`: the value of a side that has no match. */
  readonly fill: { readonly left: number | null; readonly right: number | null };
}

export const aggregationOperators = [
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'group',
  'stddev',
  'stdvar',
  'quantile',
  'topk',
  'bottomk',
  'count_values',
  'limitk',
  'limit_ratio',
] as const;
export type AggregationOperator = (typeof aggregationOperators)[number];

export interface Aggregation {
  readonly kind: 'aggregation';
  readonly span: TextSpan;
  readonly operator: AggregationOperator;
  /** `k` of topk, the label of count_values, the share of quantile. */
  readonly parameter: Expression | null;
  readonly operand: Expression;
  readonly without: boolean;
  readonly grouping: readonly string[];
}

export interface Call {
  readonly kind: 'call';
  readonly span: TextSpan;
  readonly name: string;
  readonly arguments: readonly Expression[];
}

/** An expression without the parentheses around it. */
export function unwrapped(expression: Expression): Exclude<Expression, Parentheses> {
  let inner = expression;
  while (inner.kind === 'parentheses') inner = inner.operand;
  return inner;
}
