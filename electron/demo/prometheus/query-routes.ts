import { queryInstant, queryRange, type QueryAnswer, type QueryOutcome } from '#shared/promql/engine.ts';
import type { QueryOptions } from '#shared/promql/evaluate/options.ts';
import { answerJson } from '#shared/promql/http/answer-json.ts';
import { readRange } from '#shared/promql/http/parameters.ts';
import type { QueryProblem } from '#shared/promql/problem.ts';
import type { Expression } from '#shared/promql/syntax/ast.ts';
import { parseExpression } from '#shared/promql/syntax/parse.ts';
import { success, type Result } from '#shared/result.ts';
import { jsonText, type HttpResponse } from '../http-server.ts';
import type { SeriesStore } from '../series-store.ts';
import { fail, statusOfProblem, truncated } from './envelope.ts';
import { limitParameter, queryOptions, timeParameter } from './parameters.ts';

/** `/api/v1/query` and `/api/v1/query_range`, of a server without feature flags. */

export function answerQuery(store: SeriesStore, parameters: URLSearchParams, nowMs: number): HttpResponse {
  const limit = limitParameter(parameters);
  if (!limit.ok) return fail(limit.failure);
  const time = timeParameter(parameters, 'time', nowMs);
  if (!time.ok) return fail(time.failure);
  return answered(parameters, limit.value, (expression, options) =>
    queryInstant(store.forOneQuery(), expression, time.value, options),
  );
}

export function answerQueryRange(store: SeriesStore, parameters: URLSearchParams): HttpResponse {
  const limit = limitParameter(parameters);
  if (!limit.ok) return fail(limit.failure);
  const given = (name: string): string => parameters.get(name) ?? '';
  const range = readRange(given('start'), given('end'), given('step'));
  if (!range.ok) return fail(range.failure);
  return answered(parameters, limit.value, (expression, options) =>
    queryRange(store.forOneQuery(), expression, range.value, options),
  );
}

function answered(
  parameters: URLSearchParams,
  limit: number,
  ask: (expression: Expression, options: Partial<QueryOptions>) => Result<QueryOutcome, QueryProblem>,
): HttpResponse {
  const options = queryOptions(parameters);
  if (!options.ok) return fail(options.failure);
  const query = parameters.get('query') ?? '';
  const parsed = parseExpression(query);
  const outcome = parsed.ok ? ask(parsed.value, options.value) : parsed;
  if (!outcome.ok) return jsonText(statusOfProblem[outcome.failure.kind], answerJson(outcome, query));
  const { value, annotations } = outcome.value;
  const cut = cutTo(limit, value);
  const warnings = cut === value ? [] : [truncated];
  return jsonText(200, answerJson(success({ value: cut, annotations }), query, warnings));
}

/** The answer itself where it has no more results than that. */
function cutTo(limit: number, answer: QueryAnswer): QueryAnswer {
  if (answer.kind === 'vector' && answer.samples.length > limit)
    return { ...answer, samples: answer.samples.slice(0, limit) };
  if (answer.kind === 'matrix' && answer.series.length > limit)
    return { ...answer, series: answer.series.slice(0, limit) };
  return answer;
}
