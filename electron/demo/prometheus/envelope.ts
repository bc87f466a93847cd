import { problemJson } from '#shared/promql/http/answer-json.ts';
import type { QueryProblem } from '#shared/promql/problem.ts';
import { json, jsonText, type HttpResponse } from '../http-server.ts';

/** Prometheus' JSON envelope, and how it writes times. */

/** Why a request is refused, whether a query's text or anything else of it. */
export type RequestProblem = Pick<QueryProblem, 'kind' | 'message'>;

/** Source: prometheus web/api/v1/api.go, respondError. What only this engine refuses is like what cannot be run. */
export const statusOfProblem = {
  'bad-data': 400,
  execution: 422,
  limit: 422,
  'not-supported': 422,
  cancelled: 499,
  timeout: 503,
} as const satisfies Record<QueryProblem['kind'], number>;

export const truncated = 'results truncated due to limit';

export function succeed(data: unknown, warnings: readonly string[] = []): HttpResponse {
  return json(200, { status: 'success', data, ...(warnings.length > 0 ? { warnings } : {}) });
}

export function fail(problem: RequestProblem): HttpResponse {
  return jsonText(statusOfProblem[problem.kind], problemJson(problem));
}

/** Cuts a list to the limit a client set, and says so as Prometheus does. */
export function succeedLimited(list: readonly unknown[], limit: number): HttpResponse {
  return list.length <= limit ? succeed(list) : succeed(list.slice(0, limit), [truncated]);
}

/** A time in RFC 3339; a time that never was is Go's zero time. */
export function formatTime(atMs: number): string {
  return atMs === 0 ? '0001-01-01T00:00:00Z' : new Date(atMs).toISOString();
}
