import type { TraceSearch } from '#shared/model/trace.ts';

/** A search as the two APIs want it asked. Durations are Go's, in nanoseconds. */

/** v1: times in microseconds, tags as one JSON object. */
export function v1Search(search: TraceSearch): URLSearchParams {
  const parameters = new URLSearchParams({
    service: search.service,
    start: String(datable(search.fromMs) * 1_000),
    end: String(datable(search.toMs) * 1_000),
    limit: String(search.limit),
  });
  if (search.operation !== '') parameters.set('operation', search.operation);
  if (search.tags.length > 0) parameters.set('tags', tagsOf(search));
  if (search.minDurationNs !== null) parameters.set('minDuration', duration(search.minDurationNs));
  if (search.maxDurationNs !== null) parameters.set('maxDuration', duration(search.maxDurationNs));
  return parameters;
}

/** v3, by the names that all of its versions understand: later ones write them otherwise and take these. */
export function v3Search(search: TraceSearch): URLSearchParams {
  const parameters = new URLSearchParams({
    'query.service_name': search.service,
    'query.start_time_min': new Date(datable(search.fromMs)).toISOString(),
    'query.start_time_max': new Date(datable(search.toMs)).toISOString(),
    'query.num_traces': String(search.limit),
  });
  if (search.operation !== '') parameters.set('query.operation_name', search.operation);
  if (search.tags.length > 0) parameters.set('query.attributes', tagsOf(search));
  if (search.minDurationNs !== null) parameters.set('query.duration_min', duration(search.minDurationNs));
  if (search.maxDurationNs !== null) parameters.set('query.duration_max', duration(search.maxDurationNs));
  return parameters;
}

function tagsOf({ tags }: TraceSearch): string {
  return JSON.stringify(Object.fromEntries(tags.map(({ key, value }) => [key, value])));
}

function duration(ns: number): string {
  return `${Math.round(ns)}ns`;
}

/** What a date can hold: the contract takes any number. The last is the end of the year 9999. */
function datable(ms: number): number {
  return Math.min(253_402_300_799_999, Math.max(0, Math.round(ms)));
}
