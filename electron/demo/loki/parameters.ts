import { hourMs } from '#shared/time.ts';
import type { HttpRequest } from '../http-server.ts';
import type { Direction, LogRange } from './log-store.ts';
import { LogqlError } from './logql/syntax.ts';
import { durationMsOf, goDuration } from './logql/units.ts';

/** Reads the parameters of Loki's API, with its messages where they are wrong. */
export function parametersOf(request: HttpRequest): URLSearchParams {
  const isForm = request.method === 'POST' && request.contentType === 'application/x-www-form-urlencoded';
  if (!isForm) return request.query;
  return new URLSearchParams([...new URLSearchParams(request.body), ...request.query]);
}

const million = 1_000_000n;
const mostEntries = 5_000;
const mostPoints = 11_000;
const mostRangeMs = 721 * hourMs;

/** Unix nanoseconds: at most ten digits are seconds, more are nanoseconds; seconds with a point; RFC 3339. */
export function timeParameter(parameters: URLSearchParams, name: string, missingNs: bigint): bigint {
  const text = parameters.get(name) ?? '';
  if (text === '') return missingNs;
  if (/^\d+\.\d*$/.test(text)) return BigInt(Math.round(Number(text) * 1e6)) * 1_000n;
  if (/^\d{1,10}$/.test(text)) return BigInt(text) * 1_000n * million;
  if (/^\d{11,19}$/.test(text)) return BigInt(text);
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const ms = parts === null ? Number.NaN : Date.parse(`${parts[1]}${parts[3]}`);
  if (Number.isFinite(ms)) return BigInt(ms) * million + BigInt((parts?.[2] ?? '').padEnd(9, '0'));
  const reason = `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw new LogqlError(`could not parse '${name}' parameter: ${reason}`);
}

/** `start`, `end` and `since`, which is an hour where nothing is said, on every endpoint. */
export function rangeOf(parameters: URLSearchParams, nowMs: number): LogRange {
  const nowNs = BigInt(nowMs) * million;
  const toNs = timeParameter(parameters, 'end', nowNs);
  const since = parameters.get('since') ?? '';
  const sinceMs = since === '' ? hourMs : durationMsOf(since);
  if (sinceMs === undefined) {
    throw new LogqlError(`could not parse 'since' parameter: not a valid duration string: "${since}"`);
  }
  const before = (toNs < nowNs ? toNs : nowNs) - BigInt(Math.round(sinceMs)) * million;
  return { fromNs: timeParameter(parameters, 'start', before), toNs };
}

export function checkRange({ fromNs, toNs }: LogRange): void {
  if (toNs <= fromNs) throw new LogqlError('end timestamp must not be before or equal to start time');
}

export function checkLength({ fromNs, toNs }: LogRange): void {
  const lengthMs = Number((toNs - fromNs) / million);
  if (lengthMs <= mostRangeMs) return;
  const length = goDuration(Math.floor(lengthMs / 1_000) * 1_000);
  throw new LogqlError(`the query time range exceeds the limit (query length: ${length}, limit: 30d1h)`);
}

export function limitParameter(parameters: URLSearchParams): number {
  const text = parameters.get('limit') ?? '';
  if (text === '') return 100;
  if (!/^[+-]?\d+$/.test(text)) {
    throw new LogqlError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  if (Number(text) <= 0) throw new LogqlError('limit must be a positive value');
  return Number(text);
}

/** Only of log queries. */
export function checkLimit(limit: number): void {
  if (limit <= mostEntries) return;
  const reason = `limit > max_entries_limit_per_query (${limit} > ${mostEntries})`;
  throw new LogqlError(`max entries limit per query exceeded, ${reason}`);
}

export function directionParameter(parameters: URLSearchParams): Direction {
  const text = parameters.get('direction') ?? '';
  const known = text.toLowerCase();
  if (known === '' || known === 'backward') return 'backward';
  if (known === 'forward') return 'forward';
  throw new LogqlError(`invalid direction '${text}'`);
}

/** Milliseconds between two steps. */
export function stepParameter(parameters: URLSearchParams, range: LogRange): number {
  const lengthMs = Number((range.toNs - range.fromNs) / million);
  const text = parameters.get('step') ?? '';
  const given = text !== '' && !Number.isNaN(Number(text)) ? Number(text) * 1_000 : durationMsOf(text);
  if (text !== '' && given === undefined) {
    throw new LogqlError(`cannot parse ${JSON.stringify(text)} to a valid duration`);
  }
  const stepMs = given ?? Math.max(Math.floor(lengthMs / 250_000), 1) * 1_000;
  if (stepMs <= 0) {
    throw new LogqlError(
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  if (lengthMs / stepMs > mostPoints) {
    throw new LogqlError(
      'exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter',
    );
  }
  return stepMs;
}

/** Loki's query front end begins and ends metric queries at whole multiples of the step. */
export function stepsOf(range: LogRange, stepMs: number): readonly number[] {
  const first = Math.floor(Number(range.fromNs / 1_000n) / 1_000 / stepMs);
  const last = Math.ceil(Number(range.toNs / 1_000n) / 1_000 / stepMs);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * stepMs);
}
