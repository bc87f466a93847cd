import type { TraceSearch } from '#shared/model/trace.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { readDuration } from '../../parts/trace-duration.ts';
import type { TimeRange } from '../../parts/time-range.ts';
import type { SearchForm } from '../../stores/traces.ts';

/** What a person wrote, as a search; a failure says in one sentence what to write instead. */

interface Wanted {
  readonly source: string;
  readonly service: string;
  readonly form: SearchForm;
  readonly range: TimeRange;
}

export function searchOf({ source, service, form, range }: Wanted): Result<TraceSearch, string> {
  if (service.trim() === '') return failed('Name a service: a search is of one service.');
  const tags = readTags(form.tags);
  if (!tags.ok) return tags;
  const minDurationNs = readDuration(form.minDuration);
  const maxDurationNs = readDuration(form.maxDuration);
  if (minDurationNs === undefined || maxDurationNs === undefined) {
    return failed('Write a duration as a number and a unit: 200ms, 1.5s, 2m.');
  }
  if (minDurationNs !== null && maxDurationNs !== null && minDurationNs > maxDurationNs) {
    return failed('The least duration is longer than the most.');
  }
  const limit = Number(form.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_500) {
    return failed('The limit is a whole number from 1 to 1500.');
  }
  return success({
    source,
    service: service.trim().slice(0, 500),
    operation: form.operation.trim().slice(0, 500),
    tags: tags.value,
    minDurationNs,
    maxDurationNs,
    ...range,
    limit,
  });
}

const token = /([^\s="]{1,200})=(?:"((?:[^"\\]|\\.){0,2000})"|([^\s"]{0,2000}))(?=\s|$)/uy;
const maxTags = 50;

/** Reads `key=value` tokens with spaces between; a value with spaces stands in double quotes. */
export function readTags(text: string): Result<TraceSearch['tags'], string> {
  const tags: TraceSearch['tags'] = [];
  let at = 0;
  for (;;) {
    while (/\s/u.test(text.charAt(at))) at++;
    if (at >= text.length) return success(tags);
    token.lastIndex = at;
    const [whole = '', key = '', quoted, plain = ''] = token.exec(text) ?? [];
    if (whole === '') return failed('Write tags as key=value; a value with spaces in double quotes.');
    if (tags.length === maxTags) return failed(`More than ${maxTags} tags.`);
    tags.push({ key, value: quoted === undefined ? plain : quoted.replace(/\\(.)/gu, '$1') });
    at += whole.length;
  }
}
