import type { HttpRequest, HttpResponse } from '../http-server.ts';
import { lokiJson } from './answers.ts';
import type { LogStore } from './log-store.ts';
import { jsonFields, logfmtFields } from './logql/line-parsers.ts';
import { select } from './logql/select.ts';
import { LogqlError, type LogSelection } from './logql/syntax.ts';
import { bytesOf, durationMsOf } from './logql/units.ts';
import { checkRange, parametersOf, rangeOf } from './parameters.ts';
import { queryOf } from './query-routes.ts';

/** Fields that the lines of a query have, and the patterns they follow: found in the newest of them. */
const mostLines = 1_000;
const patternLines = 20_000;
const patternStepMs = 10_000;
const defaultLimit = 1_000;

interface Field {
  readonly values: Set<string>;
  readonly parser: 'json' | 'logfmt' | null;
}

export function answerDetectedFields(store: LogStore, request: HttpRequest, nowMs: number): HttpResponse {
  const fields = [...fieldsOf(store, request, nowMs)].map(([label, { values, parser }]) => ({
    label,
    type: typeOf(values),
    cardinality: values.size,
    parsers: parser === null ? null : [parser],
  }));
  const limit = limitOf(request);
  return lokiJson({ fields: fields.slice(0, limit), limit });
}

export function answerFieldValues(
  store: LogStore,
  name: string,
  request: HttpRequest,
  nowMs: number,
): HttpResponse {
  const limit = limitOf(request);
  const values = [...(fieldsOf(store, request, nowMs).get(name)?.values ?? [])].slice(0, limit);
  return lokiJson({ limit, values });
}

function limitOf(request: HttpRequest): number {
  return Number(parametersOf(request).get('limit') ?? '') || defaultLimit;
}

function selectionOf(parameters: URLSearchParams): LogSelection {
  const query = queryOf(parameters);
  if (query.kind === 'log') return query;
  throw new LogqlError('parse error : only log queries are supported');
}

function fieldsOf(store: LogStore, request: HttpRequest, nowMs: number): ReadonlyMap<string, Field> {
  const parameters = parametersOf(request);
  const range = rangeOf(parameters, nowMs);
  checkRange(range);
  const fields = new Map<string, Field>();
  const add = (name: string, value: string, parser: Field['parser']): void => {
    const field = fields.get(name) ?? { values: new Set<string>(), parser };
    field.values.add(value);
    fields.set(name, field);
  };
  let left = mostLines;
  for (const { entry, line } of select(store, selectionOf(parameters), range, 'backward')) {
    if (left-- === 0) break;
    for (const [name, value] of Object.entries(line.metadata())) add(name, value, null);
    const json = jsonFields(entry.line);
    for (const [name, value] of json ?? logfmtFields(entry.line)) {
      add(
        Object.hasOwn(line.stream, name) ? `${name}_extracted` : name,
        value,
        json === undefined ? 'logfmt' : 'json',
      );
    }
  }
  return fields;
}

function typeOf(values: ReadonlySet<string>): string {
  const all = (test: (value: string) => boolean): boolean => [...values].every(test);
  if (all((value) => /^-?\d+$/.test(value))) return 'int';
  if (all((value) => /^-?\d+\.?\d*$/.test(value))) return 'float';
  if (all((value) => value === 'true' || value === 'false')) return 'boolean';
  if (all((value) => durationMsOf(value) !== undefined)) return 'duration';
  return all((value) => bytesOf(value) !== undefined) ? 'bytes' : 'string';
}

export function answerPatterns(store: LogStore, request: HttpRequest, nowMs: number): HttpResponse {
  const parameters = parametersOf(request);
  const range = rangeOf(parameters, nowMs);
  checkRange(range);
  const patterns = new Map<string, Map<number, number>>();
  let left = patternLines;
  for (const { entry } of select(store, selectionOf(parameters), range, 'backward')) {
    if (left-- === 0) break;
    const pattern = patternOf(entry.line);
    const samples = patterns.get(pattern) ?? new Map<number, number>();
    const at = (Math.floor(entry.atMs / patternStepMs) * patternStepMs) / 1_000;
    samples.set(at, (samples.get(at) ?? 0) + 1);
    patterns.set(pattern, samples);
  }
  const data = [...patterns].map(([pattern, samples]) => ({
    pattern,
    samples: [...samples].sort(([one], [other]) => one - other),
  }));
  return lokiJson({ status: 'success', data });
}

/** Of a line of JSON its message, as Loki 3.4 does; words with digits in them are what differs. */
function patternOf(line: string): string {
  const text = jsonFields(line)?.get('message') ?? line;
  return text.replaceAll(/\S*\d\S*/g, '<_>').replaceAll(/<_>(?: <_>)+/g, '<_>');
}
