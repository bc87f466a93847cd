import type { Labels } from '#shared/model/labels.ts';
import type { HttpRequest, HttpResponse } from '../http-server.ts';
import { bareJson, lokiJson, statistics } from './answers.ts';
import { nanosecondsOfEntry, type Direction, type LogRange, type LogStore } from './log-store.ts';
import { evaluateMetric, type MetricResult } from './logql/metric.ts';
import { parseLogql } from './logql/parse.ts';
import { select, type SelectedLine } from './logql/select.ts';
import { LogqlError, type LogqlQuery, type LogSelection, type MetricQuery } from './logql/syntax.ts';
import {
  checkLength,
  checkLimit,
  checkRange,
  directionParameter,
  limitParameter,
  parametersOf,
  rangeOf,
  stepParameter,
  stepsOf,
  timeParameter,
} from './parameters.ts';

/** `query_range` and `query`. */
export function queryOf(parameters: URLSearchParams): LogqlQuery {
  const query = parseLogql(parameters.get('query') ?? '');
  if (!query.ok) throw query.failure;
  return query.value;
}

export function answerQueryRange(store: LogStore, request: HttpRequest, nowMs: number): HttpResponse {
  const parameters = parametersOf(request);
  const range = rangeOf(parameters, nowMs);
  const limit = limitParameter(parameters);
  checkRange(range);
  const direction = directionParameter(parameters);
  const stepMs = stepParameter(parameters, range);
  const query = queryOf(parameters);
  if (query.kind === 'log') checkLimit(limit);
  checkLength(range);
  const beganAt = performance.now();
  if (query.kind !== 'log') return matrix(store, query, stepsOf(range, stepMs), beganAt);
  return streams(store, query, { range, limit, direction }, isCategorized(request), beganAt);
}

export function isCategorized({ headers }: HttpRequest): boolean {
  return String(headers?.['x-loki-response-encoding-flags'] ?? '').includes('categorize-labels');
}

interface Page {
  readonly range: LogRange;
  readonly limit: number;
  readonly direction: Direction;
}

function streams(
  store: LogStore,
  selection: LogSelection,
  { range, limit, direction }: Page,
  categorized: boolean,
  beganAt: number,
): HttpResponse {
  const lines: SelectedLine[] = [];
  for (const line of select(store, selection, range, direction)) {
    lines.push(line);
    if (lines.length >= limit) break;
  }
  const data = {
    resultType: 'streams',
    ...(categorized ? { encodingFlags: ['categorize-labels'] } : {}),
    result: grouped(lines, categorized),
    stats: statistics(lines.length, (performance.now() - beganAt) / 1_000),
  };
  return lokiJson({ status: 'success', data });
}

export interface StreamValues {
  readonly stream: Labels;
  readonly values: readonly (readonly unknown[])[];
}

/** Lines by stream. Where nothing is categorized, metadata and parsed labels make streams of their own. */
export function grouped(lines: readonly SelectedLine[], categorized: boolean): readonly StreamValues[] {
  const streams = new Map<string, { readonly stream: Labels; readonly values: unknown[][] }>();
  for (const { entry, line } of lines) {
    const stream = categorized ? line.stream : line.labels();
    const key = categorized ? String(entry.stream) : JSON.stringify(stream);
    let group = streams.get(key);
    if (group === undefined) streams.set(key, (group = { stream, values: [] }));
    const value: unknown[] = [nanosecondsOfEntry(entry), entry.line];
    if (categorized) value.push(categories(line.metadata(), line.parsedLabels()));
    group.values.push(value);
  }
  return [...streams].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, group]) => group);
}

function categories(structuredMetadata: Labels, parsed: Labels): unknown {
  const has = (labels: Labels): boolean => Object.keys(labels).length > 0;
  return { ...(has(structuredMetadata) ? { structuredMetadata } : {}), ...(has(parsed) ? { parsed } : {}) };
}

function matrix(
  store: LogStore,
  query: MetricQuery,
  stepsMs: readonly number[],
  beganAt: number,
): HttpResponse {
  const evaluated = evaluateMetric(store, query, stepsMs);
  const series =
    evaluated.kind === 'series'
      ? evaluated.series
      : [{ labels: {}, values: new Float64Array(stepsMs.length).fill(evaluated.value) }];
  const result = series
    .map(({ labels, values }) => ({
      metric: labels,
      values: stepsMs.flatMap((stepMs, index) => {
        const value = values[index] ?? Number.NaN;
        return Number.isNaN(value) ? [] : [[stepMs / 1_000, text(value)]];
      }),
    }))
    .filter(({ values }) => values.length > 0);
  result.sort((left, right) => (JSON.stringify(left.metric) < JSON.stringify(right.metric) ? -1 : 1));
  const stats = statistics(result.length, (performance.now() - beganAt) / 1_000);
  return bareJson({ status: 'success', data: { resultType: 'matrix', result, stats } });
}

export function answerQuery(store: LogStore, request: HttpRequest, nowMs: number): HttpResponse {
  const parameters = parametersOf(request);
  const timeNs = timeParameter(parameters, 'time', BigInt(nowMs) * 1_000_000n);
  const limit = limitParameter(parameters);
  directionParameter(parameters);
  const query = queryOf(parameters);
  if (query.kind === 'log') {
    throw new LogqlError(
      'log queries are not supported as an instant query type, please change your query to a range query type',
    );
  }
  const atMs = Number(timeNs / 1_000n) / 1_000;
  const beganAt = performance.now();
  const { resultType, result } = instant(evaluateMetric(store, query, [atMs]), atMs, limit);
  const stats = statistics(result.length, (performance.now() - beganAt) / 1_000);
  return bareJson({ status: 'success', data: { resultType, result, stats } });
}

function instant(
  evaluated: MetricResult,
  atMs: number,
  limit: number,
): { readonly resultType: string; readonly result: readonly unknown[] } {
  if (evaluated.kind === 'scalar') {
    // Milliseconds, as Loki itself has it for scalars.
    return { resultType: 'scalar', result: [Math.floor(atMs), text(evaluated.value)] };
  }
  const result = evaluated.series
    .filter(({ values }) => !Number.isNaN(values[0] ?? Number.NaN))
    .map(({ labels, values }) => ({ metric: labels, value: [atMs / 1_000, text(values[0] ?? 0)] }));
  return { resultType: 'vector', result: result.slice(0, Math.max(limit, 500)) };
}

/** Numbers as Go writes them. */
function text(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
