import { failed, success, type Result } from '#shared/result.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { SeriesStore } from '../series-store.ts';
import type { Expression } from './ast.ts';
import { signatureOf, type Column, type Steps } from './columns.ts';
import { evaluate, type Value } from './evaluate.ts';
import { parseQuery } from './parse.ts';
import { QueryError, type QueryFailure } from './query-error.ts';
import { samplesBetween, selectSeries } from './selection.ts';
import { typeNames, typeOf } from './type-check.ts';

/**
 * The demo's query engine: a part of PromQL with Prometheus 3's semantics over the demo's samples. What it
 * does not know it refuses; it never answers with a wrong number. Called by the HTTP API and the rules.
 */
export type InstantAnswer = Value | { readonly kind: 'matrix'; readonly series: readonly RawSeries[] };

interface RawSeries {
  readonly labels: Labels;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Evaluates at one time. A range selector gives the raw samples of its window. */
export function queryInstant(
  store: SeriesStore,
  query: string,
  atMs: number,
): Result<InstantAnswer, QueryFailure> {
  return caught(() => {
    const expression = parseQuery(query);
    if (expression.kind === 'matrix') {
      const untilMs = atMs - expression.selector.offsetMs;
      const series = selectSeries(store, expression.selector.matchers)
        .map((one) => ({ labels: one.labels, ...samplesBetween(one, untilMs - expression.rangeMs, untilMs) }))
        .filter((one) => one.times.length > 0);
      return { kind: 'matrix', series: sorted(series) };
    }
    const value = evaluate(expression, store, { startMs: atMs, stepMs: 0, count: 1 });
    return value.kind === 'vector' && !isOrdered(expression)
      ? { ...value, columns: sorted(value.columns) }
      : value;
  });
}

/** Evaluates at every step; the type must be a scalar or an instant vector. */
export function queryRange(
  store: SeriesStore,
  query: string,
  steps: Steps,
): Result<readonly Column[], QueryFailure> {
  return caught(() => {
    const expression = parseQuery(query);
    const type = typeOf(expression);
    if (type !== 'scalar' && type !== 'vector') {
      const message = `invalid expression type "${typeNames[type]}" for range query, must be Scalar or instant Vector`;
      throw new QueryError({ kind: 'bad_data', message });
    }
    return evaluateRange(store, expression, steps);
  });
}

/** The same for an expression already parsed, for rules. @throws QueryError. */
export function evaluateRange(store: SeriesStore, expression: Expression, steps: Steps): readonly Column[] {
  const value = evaluate(expression, store, steps);
  if (value.kind === 'vector') return sorted(value.columns);
  if (value.kind === 'string') return [];
  return [{ labels: {}, values: value.values, present: new Uint8Array(steps.count).fill(1) }];
}

/** Runs what may throw a QueryError and gives its failure as a value. */
export function caught<Answer>(run: () => Answer): Result<Answer, QueryFailure> {
  try {
    return success(run());
  } catch (error) {
    if (error instanceof QueryError) return failed(error.failure);
    throw error;
  }
}

function isOrdered(expression: Expression): boolean {
  if (expression.kind === 'call') return expression.name.startsWith('sort');
  return (
    expression.kind === 'aggregation' && (expression.operator === 'topk' || expression.operator === 'bottomk')
  );
}

function sorted<Labelled extends { readonly labels: Labels }>(all: readonly Labelled[]): readonly Labelled[] {
  return all
    .map((one) => ({ one, signature: signatureOf(one.labels) }))
    .sort((left, right) => (left.signature < right.signature ? -1 : 1))
    .map(({ one }) => one);
}
