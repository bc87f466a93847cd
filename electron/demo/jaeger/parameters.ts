import { dayMs } from '#shared/time.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { TraceQuery } from './trace-store.ts';

/** Reads the parameters of both of Jaeger's APIs, with their messages where they are wrong. */
const unitMicros: Readonly<Record<string, number>> = {
  ns: 1e-3,
  us: 1,
  µs: 1,
  ms: 1e3,
  s: 1e6,
  m: 6e7,
  h: 3.6e9,
};
const mostTraces = 1_500;

/** @returns microseconds of a Go duration such as `1.2s`; undefined where it is none. */
export function goDurationMicros(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let micros = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    micros += Number(count) * (unitMicros[unit ?? ''] ?? 0);
  }
  return micros;
}

export function searchParametersV1(parameters: URLSearchParams, nowMs: number): Result<TraceQuery, string> {
  const service = parameters.get('service') ?? '';
  if (service === '' && !parameters.has('traceID')) return failed("parameter 'service' is required");
  const numbers: Record<string, number> = {};
  for (const name of ['start', 'end', 'limit']) {
    const text = parameters.get(name) ?? '';
    if (!/^-?\d*$/.test(text)) {
      return unparsed(name, `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    }
    if (text !== '') numbers[name] = Number(text);
  }
  const durations: Record<string, number> = {};
  for (const name of ['minDuration', 'maxDuration']) {
    const text = parameters.get(name) ?? '';
    if (text === '') continue;
    const micros = goDurationMicros(text);
    if (micros === undefined) return unparsed(name, `time: invalid duration ${JSON.stringify(text)}`);
    durations[name] = micros;
  }
  const [least, most] = [durations['minDuration'] ?? 0, durations['maxDuration'] ?? Infinity];
  if (most < least) return failed("'maxDuration' should be greater than 'minDuration'");
  const tags = tagsV1(parameters);
  if (!tags.ok) return tags;
  return success({
    service,
    operation: parameters.get('operation') ?? '',
    tags: tags.value,
    fromMs: (numbers['start'] ?? (nowMs - 2 * dayMs) * 1_000) / 1_000,
    toMs: (numbers['end'] ?? nowMs * 1_000) / 1_000,
    leastMicros: least,
    mostMicros: most,
    limit: Math.min(mostTraces, Math.max(1, numbers['limit'] ?? 100)),
  });
}

function unparsed(name: string, reason: string): Result<never, string> {
  return failed(`unable to parse param '${name}': ${reason}`);
}

function tagsV1(parameters: URLSearchParams): Result<Readonly<Record<string, string>>, string> {
  const tags: [string, string][] = [];
  for (const tag of parameters.getAll('tag')) {
    const colon = tag.indexOf(':');
    if (colon === -1) return failed(`malformed 'tag' parameter, expecting key:value, received: ${tag}`);
    tags.push([tag.slice(0, colon), tag.slice(colon + 1)]);
  }
  for (const text of parameters.getAll('tags')) {
    const more = textMap(text);
    if (more === undefined) return failed("malformed 'tags' parameter, cannot unmarshal JSON: invalid value");
    tags.push(...more);
  }
  return success(Object.fromEntries(tags));
}

/** @returns the pairs of a JSON object of texts; undefined where it is none. */
function textMap(text: string): [string, string][] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const pairs = Object.entries(value) as [string, unknown][];
    return pairs.every(([, one]) => typeof one === 'string') ? (pairs as [string, string][]) : undefined;
  } catch {
    // Not JSON: the caller says so.
    return undefined;
  }
}

/** The snake_case names are aliases of the others, as in 2.19. */
function parameterV3(parameters: URLSearchParams, name: string): string {
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return parameters.get(`query.${name}`) ?? parameters.get(`query.${snake}`) ?? '';
}

export function searchParametersV3(parameters: URLSearchParams): Result<TraceQuery, string> {
  const read = (name: string): string => parameterV3(parameters, name);
  const [least, most] = [read('startTimeMin'), read('startTimeMax')];
  if (least === '' || most === '') {
    return failed('query.startTimeMin and query.startTimeMax are required');
  }
  const malformed = (name: string, reason: string): Result<never, string> =>
    failed(`malformed parameter query.${name}: ${reason}`);
  const times: number[] = [];
  for (const [name, text] of [
    ['startTimeMin', least],
    ['startTimeMax', most],
  ] as const) {
    const atMs = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(atMs)) return malformed(name, `parsing time ${JSON.stringify(text)}: cannot parse`);
    times.push(atMs);
  }
  const depth = read('searchDepth') || read('numTraces');
  if (!/^\d*$/.test(depth)) {
    return malformed('searchDepth', `strconv.Atoi: parsing ${JSON.stringify(depth)}: invalid syntax`);
  }
  const durations: Record<string, number> = {};
  for (const name of ['durationMin', 'durationMax']) {
    const text = read(name);
    const micros = text === '' ? undefined : goDurationMicros(text);
    if (text !== '' && micros === undefined) {
      return malformed(name, `time: invalid duration ${JSON.stringify(text)}`);
    }
    if (micros !== undefined) durations[name] = micros;
  }
  const attributes = read('attributes');
  const tags = attributes === '' ? [] : textMap(attributes);
  if (tags === undefined) return malformed('attributes', 'cannot unmarshal JSON');
  return success({
    service: read('serviceName'),
    operation: read('operationName'),
    tags: Object.fromEntries(tags),
    fromMs: times[0] ?? 0,
    toMs: times[1] ?? 0,
    leastMicros: durations['durationMin'] ?? 0,
    mostMicros: durations['durationMax'] ?? Infinity,
    limit: Math.min(mostTraces, Math.max(1, Number(depth) || 100)),
  });
}
