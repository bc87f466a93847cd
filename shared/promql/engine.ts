import type { Result } from '#shared/result.ts';
import { explain, type Explanation } from './evaluate/explain.ts';
import type { QueryOptions } from './evaluate/options.ts';
import { answered, type QueryOutcome, type QueryRange } from './evaluate/run.ts';
import type { SampleSource } from './model/samples.ts';
import type { QueryProblem } from './problem.ts';
import type { Expression } from './syntax/ast.ts';

export type { QueryAnswer, VectorSample } from './evaluate/answer.ts';
export type { Explanation } from './evaluate/explain.ts';
export type { QueryOutcome, QueryRange } from './evaluate/run.ts';

/**
 * The doors of the engine: a query in, an answer or a problem out. Nothing is thrown. A query is its text,
 * or an expression that was parsed before; many queries of one moment are cheaper in an
 * `EvaluationSession`.
 */

export function queryInstant(
  source: SampleSource,
  query: string | Expression,
  atMs: number,
  options: Partial<QueryOptions> = {},
): Result<QueryOutcome, QueryProblem> {
  return answered(query, { source, when: atMs, options });
}

export function queryRange(
  source: SampleSource,
  query: string | Expression,
  range: QueryRange,
  options: Partial<QueryOptions> = {},
): Result<QueryOutcome, QueryProblem> {
  return answered(query, { source, when: range, options });
}

/** The answer, and what each node of the query contributed to it. */
export function explainInstant(
  source: SampleSource,
  query: string | Expression,
  atMs: number,
  options: Partial<QueryOptions> = {},
): Result<Explanation, QueryProblem> {
  return explain(query, { source, when: atMs, options });
}

export function explainRange(
  source: SampleSource,
  query: string | Expression,
  range: QueryRange,
  options: Partial<QueryOptions> = {},
): Result<Explanation, QueryProblem> {
  return explain(query, { source, when: range, options });
}
