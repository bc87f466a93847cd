import type { QueryOptions } from '#shared/promql/evaluate/options.ts';
import { readDuration, readTime } from '#shared/promql/http/parameters.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { HttpRequest } from '../http-server.ts';
import { evaluationIntervalMs } from '../rules/rule-manager.ts';
import type { RequestProblem } from './envelope.ts';

/** Reads the parameters of Prometheus' API, with its messages where they are wrong. */

/** All parameters: those of a form body first, as Go reads them. */
export function parametersOf(request: HttpRequest): URLSearchParams {
  const isForm = request.method === 'POST' && request.contentType === 'application/x-www-form-urlencoded';
  if (!isForm) return request.query;
  return new URLSearchParams([...new URLSearchParams(request.body), ...request.query]);
}

export function invalid(name: string, message: string): Result<never, RequestProblem> {
  return failed({ kind: 'bad-data', message: `invalid parameter "${name}": ${message}` });
}

/**
 * A point in time that need not be given: Unix seconds or RFC 3339.
 * @param missingMs what a missing parameter stands for.
 * @returns Unix milliseconds.
 */
export function timeParameter(
  parameters: URLSearchParams,
  name: string,
  missingMs: number,
): Result<number, RequestProblem> {
  const text = parameters.get(name) ?? '';
  if (text === '') return success(missingMs);
  const time = readTime(text, name);
  if (time.ok) return time;
  return invalid(
    name,
    `invalid time value for '${name}': cannot parse ${JSON.stringify(text)} to a valid timestamp`,
  );
}

/** What the server allows one query: `--query.max-samples` and `--query.timeout`. */
export const queryLimits = { maxSamples: 5_000_000, longestMs: 10_000 } as const;

/** How a query is to be run: `timeout` and `lookback_delta`, within what the server allows. */
export function queryOptions(parameters: URLSearchParams): Result<Partial<QueryOptions>, RequestProblem> {
  const timeout = durationParameter(parameters, 'timeout', queryLimits.longestMs);
  if (!timeout.ok) return timeout;
  const lookback = durationParameter(parameters, 'lookback_delta', 0);
  if (!lookback.ok) {
    const given = JSON.stringify(parameters.get('lookback_delta'));
    const message = `error parsing lookback delta duration: cannot parse ${given} to a valid duration`;
    return failed({ kind: 'bad-data', message });
  }
  const nowMs = (): number => performance.now();
  return success({
    maxSamples: queryLimits.maxSamples,
    subqueryStepMs: evaluationIntervalMs,
    nowMs,
    deadlineMs: nowMs() + Math.min(queryLimits.longestMs, timeout.value),
    // A server takes nothing or less for its own.
    ...(lookback.value > 0 ? { lookbackMs: lookback.value } : {}),
  });
}

function durationParameter(
  parameters: URLSearchParams,
  name: string,
  missingMs: number,
): Result<number, RequestProblem> {
  const text = parameters.get(name) ?? '';
  return text === '' ? success(missingMs) : readDuration(text, name);
}

/** How many results are wanted at most; infinite where nothing is said. */
export function limitParameter(parameters: URLSearchParams): Result<number, RequestProblem> {
  const text = parameters.get('limit') ?? '';
  if (text === '') return success(Number.POSITIVE_INFINITY);
  if (!/^[+-]?\d+$/.test(text)) {
    return invalid('limit', `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const limit = Number(text);
  if (limit < 0) return invalid('limit', 'limit must be non-negative');
  return success(limit === 0 ? Number.POSITIVE_INFINITY : limit);
}
