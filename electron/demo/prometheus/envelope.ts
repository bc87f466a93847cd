import { json, type HttpResponse } from '../http-server.ts';
import type { QueryFailure } from '../query/query-error.ts';

/** Prometheus' JSON envelope, and how it writes numbers. */

const statusOf = { bad_data: 400, execution: 422 } as const satisfies Record<QueryFailure['kind'], number>;

export function succeed(data: unknown, warnings: readonly string[] = []): HttpResponse {
  return json(200, { status: 'success', data, ...(warnings.length > 0 ? { warnings } : {}) });
}

export function fail({ kind, message }: QueryFailure): HttpResponse {
  return json(statusOf[kind], { status: 'error', errorType: kind, error: message });
}

/** Cuts a list to the limit a client set, and says so as Prometheus does. */
export function succeedLimited(list: readonly unknown[], limit: number): HttpResponse {
  if (list.length <= limit) return succeed(list);
  return succeed(list.slice(0, limit), ['results truncated due to limit']);
}

/** A sample value as text. */
export function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A time as Unix seconds with milliseconds. */
export function formatSeconds(atMs: number): number {
  return atMs / 1_000;
}

/** A time in RFC 3339; a time that never was is Go's zero time. */
export function formatTime(atMs: number): string {
  return atMs === 0 ? '0001-01-01T00:00:00Z' : new Date(atMs).toISOString();
}
