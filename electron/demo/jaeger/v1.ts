import { dayMs } from '#shared/time.ts';
import type { HttpRequest, HttpResponse } from '../http-server.ts';
import { operationsOf } from './operations.ts';
import { goDurationMicros, searchParametersV1 } from './parameters.ts';
import { tracedServices, type DemoSpan, type DemoTrace, type TagValue } from './trace.ts';
import type { TraceStore } from './trace-store.ts';

/** Jaeger's first API, which its own page uses: its envelope, its trace format, its errors. */
export interface JaegerState {
  readonly store: TraceStore;
  readonly nowMs: () => number;
}

const mostDependencyTraces = 1_500;

export function answerV1(state: JaegerState, { path, query }: HttpRequest): HttpResponse | undefined {
  if (path === '/api/services') return listed(tracedServices);
  const operations = /^\/api\/services\/([^/]+)\/operations$/.exec(path)?.[1];
  if (operations !== undefined) {
    return listed([...new Set(operationsOf(state, operations).map(({ name }) => name))]);
  }
  if (path === '/api/operations') return kindsOfOperations(state, query);
  if (path === '/api/traces') return search(state, query);
  const traceId = /^\/api\/traces\/([^/]+)$/.exec(path)?.[1];
  if (traceId !== undefined) return one(state, traceId);
  if (path === '/api/dependencies') return dependencies(state, query);
  if (path.startsWith('/api/metrics/')) return failure(501, 'metrics querying is currently disabled');
  return undefined;
}

function listed(data: readonly unknown[] | null, total = data?.length ?? 0): HttpResponse {
  const body = JSON.stringify({ data, total, limit: 0, offset: 0, errors: null });
  return { status: 200, contentType: 'application/json', body };
}

/** Go's `http.Error` names the envelope text and ends it with a newline. */
function failure(code: number, msg: string): HttpResponse {
  const envelope = { data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg }] };
  return { status: code, contentType: 'text/plain; charset=utf-8', body: `${JSON.stringify(envelope)}\n` };
}

function kindsOfOperations(state: JaegerState, query: URLSearchParams): HttpResponse {
  const service = query.get('service') ?? '';
  if (service === '') return failure(400, "parameter 'service' is required");
  const kind = query.get('spanKind') ?? '';
  return listed(operationsOf(state, service).filter(({ spanKind }) => kind === '' || spanKind === kind));
}

function search({ store, nowMs }: JaegerState, query: URLSearchParams): HttpResponse {
  const parameters = searchParametersV1(query, nowMs());
  if (!parameters.ok) return failure(400, parameters.failure);
  const ids = query.getAll('traceID');
  for (const id of ids) if (!isTraceId(id)) return failure(400, malformedId(id));
  const found =
    ids.length > 0
      ? ids.map((id) => store.find(id)).filter((trace) => trace !== undefined)
      : store.search(parameters.value);
  return listed(found.map(traceV1), 0);
}

function one({ store }: JaegerState, traceId: string): HttpResponse {
  if (!isTraceId(traceId)) return failure(400, malformedId(traceId));
  const trace = store.find(traceId);
  return trace === undefined ? failure(404, 'trace not found') : listed([traceV1(trace)], 0);
}

export function isTraceId(text: string): boolean {
  return /^[0-9a-fA-F]{1,32}$/.test(text);
}

function malformedId(text: string): string {
  return text.length > 32
    ? `unable to parse param 'traceID': TraceID cannot be longer than 32 hex characters: ${text}`
    : `unable to parse param 'traceID': strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
}

function dependencies({ store, nowMs }: JaegerState, query: URLSearchParams): HttpResponse {
  for (const name of ['endTs', 'lookback']) {
    const text = query.get(name) ?? '';
    if (text !== '' && !/^\d+$/.test(text) && goDurationMicros(text) === undefined) {
      const reason = `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;
      return failure(400, `unable to parse param '${name}': ${reason}`);
    }
  }
  const toMs = Number(query.get('endTs') ?? '') || nowMs();
  const fromMs = toMs - (Number(query.get('lookback') ?? '') || dayMs);
  const all = { service: '', operation: '', tags: {}, leastMicros: 0, mostMicros: Infinity };
  const calls = new Map<string, { parent: string; child: string; callCount: number }>();
  for (const trace of store.search({ ...all, fromMs, toMs, limit: mostDependencyTraces })) {
    const services = new Map(trace.spans.map(({ spanId, service }) => [spanId, service]));
    for (const { parentId, service: child } of trace.spans) {
      const parent = services.get(parentId);
      if (parent === undefined || parent === child) continue;
      const key = `${parent} ${child}`;
      const call = calls.get(key) ?? { parent, child, callCount: 0 };
      call.callCount++;
      calls.set(key, call);
    }
  }
  const service = query.get('service') ?? '';
  const wanted = [...calls.values()].filter(
    ({ parent, child }) => service === '' || parent === service || child === service,
  );
  return listed(wanted, 0);
}

function traceV1(trace: DemoTrace): unknown {
  const services = [...trace.processes.keys()];
  return {
    traceID: trace.traceId,
    spans: trace.spans.map((span) => spanV1(trace, span, `p${services.indexOf(span.service) + 1}`)),
    processes: Object.fromEntries(
      [...trace.processes.values()].map(({ service, tags }, index) => [
        `p${index + 1}`,
        { serviceName: service, tags: tagsV1(tags) },
      ]),
    ),
    warnings: null,
  };
}

function spanV1({ traceId }: DemoTrace, span: DemoSpan, processID: string): unknown {
  const failedTags = span.isError ? { 'otel.status_code': 'ERROR', error: true } : {};
  return {
    traceID: traceId,
    spanID: span.spanId,
    operationName: span.operation,
    references:
      span.parentId === '' ? [] : [{ refType: 'CHILD_OF', traceID: traceId, spanID: span.parentId }],
    startTime: span.startMicros,
    duration: span.durationMicros,
    tags: tagsV1({ ...span.tags, 'span.kind': span.kind, ...failedTags }),
    logs: span.events.map(({ atMicros, fields }) => ({ timestamp: atMicros, fields: tagsV1(fields) })),
    processID,
    warnings: span.warnings.length === 0 ? null : span.warnings,
  };
}

function tagsV1(tags: Readonly<Record<string, TagValue>>): readonly unknown[] {
  return Object.entries(tags).map(([key, value]) => ({ key, type: typeV1(value), value }));
}

function typeV1(value: TagValue): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
