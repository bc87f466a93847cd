import type { LabelMatcher } from '../label-matcher.ts';

/**
 * The expressions that the demo's Prometheus evaluates. Made by `parse.ts`, which also checks the types,
 * so that the evaluator meets only trees that make sense.
 */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | VectorSelector
  | MatrixSelector
  | { readonly kind: 'negate'; readonly operand: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | Aggregation
  | BinaryOperation;

export interface VectorSelector {
  readonly kind: 'selector';
  readonly matchers: readonly LabelMatcher[];
  readonly offsetMs: number;
}

export interface MatrixSelector {
  readonly kind: 'matrix';
  readonly selector: VectorSelector;
  readonly rangeMs: number;
}

export interface Aggregation {
  readonly kind: 'aggregation';
  readonly operator: AggregationOperator;
  readonly grouping: Grouping;
  /** For `topk`, `bottomk` and `quantile`. */
  readonly parameter: Expression | null;
  readonly operand: Expression;
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
] as const;
export type AggregationOperator = (typeof aggregationOperators)[number];

export interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
}

export const arithmeticOperators = ['+', '-', '*', '/', '%', '^', 'atan2'] as const;
const comparisonOperators = ['==', '!=', '>', '<', '>=', '<='] as const;
const setOperators = ['and', 'or', 'unless'] as const;
export type ComparisonOperator = (typeof comparisonOperators)[number];
export type SetOperator = (typeof setOperators)[number];
export type CalculatingOperator = (typeof arithmeticOperators)[number] | ComparisonOperator;

export interface BinaryOperation {
  readonly kind: 'binary';
  readonly operator: CalculatingOperator | SetOperator;
  readonly bool: boolean;
  readonly matching: Matching;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Matching {
  /** Whether only `labels` must be equal, or all but these. */
  readonly on: boolean;
  readonly labels: readonly string[];
  /** The side that may have many; null for one to one. */
  readonly many: 'left' | 'right' | null;
  /** Labels copied from the side that has one. */
  readonly include: readonly string[];
}

export function isComparison(operator: string): operator is ComparisonOperator {
  return (comparisonOperators as readonly string[]).includes(operator);
}

export function isSetOperator(operator: string): operator is SetOperator {
  return (setOperators as readonly string[]).includes(operator);
}
