import { failed, success, type Result } from '#shared/result.ts';
import { parseDuration } from '../query/literals.ts';
import type { QueryFailure } from '../query/query-error.ts';
import type { HttpRequest } from '../http-server.ts';

/** Reads the parameters of Prometheus' API, with its messages where they are wrong. */

/** All parameters: those of a form body first, as Go reads them. */
export function parametersOf(request: HttpRequest): URLSearchParams {
  const isForm = request.method === 'POST' && request.contentType === 'application/x-www-form-urlencoded';
  if (!isForm) return request.query;
  return new URLSearchParams([...new URLSearchParams(request.body), ...request.query]);
}

export function invalid(name: string, message: string): Result<never, QueryFailure> {
  return failed({ kind: 'bad_data', message: `invalid parameter "${name}": ${message}` });
}

/**
 * A point in time: Unix seconds or RFC 3339.
 * @param missingMs what a missing parameter stands for; without it, missing is an error.
 * @returns Unix milliseconds.
 */
export function timeParameter(
  parameters: URLSearchParams,
  name: string,
  missingMs?: number,
): Result<number, QueryFailure> {
  const text = parameters.get(name) ?? '';
  if (text === '' && missingMs !== undefined) return success(missingMs);
  const seconds = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  const atMs = Number.isNaN(seconds) ? rfc3339(text) : Math.round(seconds * 1_000);
  // The limits of what Prometheus' own time type holds are far outside of what a demo has samples for.
  if (Number.isFinite(atMs)) return success(atMs);
  const optional = missingMs === undefined ? '' : `invalid time value for '${name}': `;
  return invalid(name, `${optional}cannot parse ${JSON.stringify(text)} to a valid timestamp`);
}

function rfc3339(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
}

/** A span in seconds or as a duration. @returns milliseconds. */
export function durationParameter(parameters: URLSearchParams, name: string): Result<number, QueryFailure> {
  const text = parameters.get(name) ?? '';
  const seconds = text.trim() === '' ? Number.NaN : Number(text);
  const ms = Number.isFinite(seconds) ? Math.round(seconds * 1_000) : parseDuration(text);
  return ms === undefined
    ? invalid(name, `cannot parse ${JSON.stringify(text)} to a valid duration`)
    : success(ms);
}

/** How many results are wanted at most; infinite where nothing is said. */
export function limitParameter(parameters: URLSearchParams): Result<number, QueryFailure> {
  const text = parameters.get('limit') ?? '';
  if (text === '') return success(Number.POSITIVE_INFINITY);
  if (!/^[+-]?\d+$/.test(text)) {
    return invalid('limit', `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const limit = Number(text);
  if (limit < 0) return invalid('limit', 'limit must be non-negative');
  return success(limit === 0 ? Number.POSITIVE_INFINITY : limit);
}
