import { withoutMetadata } from '../functions/metadata-labels.ts';
import { compareLabelSets, type LabelSet } from '../model/label-set.ts';
import { notSupported, QueryError } from '../problem.ts';
import type { Expression } from '../syntax/ast.ts';
import { nameOfType, typeOf } from '../syntax/type-of.ts';
import type { Column } from './columns.ts';
import { mergedColumns } from './merge.ts';
import { forEachRange, rangeVectorOf, type RangeVector } from './range-vectors.ts';
import { stepTimeMs, type Scope } from './scope.ts';

/** What a query answers, in the kinds of Prometheus' HTTP API. */
export type QueryAnswer =
  | { readonly kind: 'scalar'; readonly value: number; readonly timeMs: number }
  | { readonly kind: 'string'; readonly value: string; readonly timeMs: number }
  | { readonly kind: 'vector'; readonly samples: readonly VectorSample[] }
  | { readonly kind: 'matrix'; readonly series: readonly MatrixSeries[] };

export interface VectorSample {
  readonly labels: LabelSet;
  readonly value: number;
  readonly timeMs: number;
}

export interface MatrixSeries {
  readonly labels: LabelSet;
  /** Both are the answer's own; times may be shared by its series. */
  readonly timesMs: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

/** @param scope of one step. */
export function answerInstant(scope: Scope, expression: Expression): QueryAnswer {
  const range = rangeVectorOf(expression);
  if (range !== null) return { kind: 'matrix', series: rangeAnswer(scope, range) };
  const value = scope.evaluate(expression);
  const timeMs = scope.steps.startMs;
  if (value.kind === 'scalar') return { kind: 'scalar', value: value.values[0] ?? Number.NaN, timeMs };
  if (value.kind === 'string') return { kind: 'string', value: value.value, timeMs };
  const columns = namedColumns(scope, value.columns);
  return {
    kind: 'vector',
    samples: columns.map(({ labels, values }) => ({ labels, value: values[0] ?? Number.NaN, timeMs })),
  };
}

/** The matrix of a range query: its series are in the order of their labels, whatever the expression. */
export function answerRange(scope: Scope, expression: Expression): QueryAnswer {
  const type = typeOf(expression);
  const value = type === 'matrix' ? null : scope.evaluate(expression);
  if (value === null || value.kind === 'string') {
    const message = `invalid expression type "${nameOfType(type)}" for range query, must be Scalar or instant Vector`;
    throw new QueryError({ kind: 'bad-data', message, span: expression.span });
  }
  const times = new Float64Array(scope.steps.count);
  for (let step = 0; step < times.length; step++) times[step] = stepTimeMs(scope.steps, step);
  if (value.kind === 'scalar') {
    const labels = scope.labels.ofSorted([]);
    return {
      kind: 'matrix',
      series: times.length === 0 ? [] : [{ labels, timesMs: times, values: value.values.slice() }],
    };
  }
  const columns = [...namedColumns(scope, value.columns)];
  columns.sort((left, right) => compareLabelSets(left.labels, right.labels));
  return { kind: 'matrix', series: columns.map((column) => compact(column, times)) };
}

/** Here delayed name removal comes to pass. */
function namedColumns(scope: Scope, columns: readonly Column[]): readonly Column[] {
  if (!columns.some((column) => column.dropsName)) return columns;
  return mergedColumns(
    columns.map((column) =>
      column.dropsName ? { ...column, labels: withoutMetadata(column.labels, scope) } : column,
    ),
  );
}

function compact({ labels, values, present }: Column, times: Float64Array<ArrayBuffer>): MatrixSeries {
  // Values may be a view on the source's own column, which the answer must not keep alive.
  if (present === null) return { labels, timesMs: times, values: values.slice() };
  const isPresent = (_: number, step: number): boolean => present[step] === 1;
  return { labels, timesMs: times.filter(isPresent), values: values.filter(isPresent) };
}

/** The samples themselves, at their own times. */
function rangeAnswer(scope: Scope, vector: RangeVector): readonly MatrixSeries[] {
  if (vector.kind === 'matrix' && vector.selector.extension !== null)
    throw notSupported(`a plain ${vector.selector.extension} range`, vector.span);
  const series: MatrixSeries[] = [];
  forEachRange(scope, vector, ({ labels, dropsName, samples, windows }) => {
    const [first, end] = [windows.first[0] ?? 0, windows.end[0] ?? 0];
    scope.query.budget.hold(end - first);
    series.push({
      labels: dropsName ? withoutMetadata(labels, scope) : labels,
      timesMs: samples.timesMs.slice(first, end),
      values: samples.values.slice(first, end),
    });
  });
  return series.sort((left, right) => compareLabelSets(left.labels, right.labels));
}
