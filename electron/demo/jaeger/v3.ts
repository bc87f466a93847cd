import type { HttpRequest, HttpResponse } from '../http-server.ts';
import { operationsOf } from './operations.ts';
import { searchParametersV3 } from './parameters.ts';
import { tracedServices, type DemoSpan, type DemoTrace, type TagValue } from './trace.ts';
import { isTraceId, type JaegerState } from './v1.ts';

/** Jaeger's third API: OTLP in JSON, and summaries of traces. */
export function answerV3(state: JaegerState, { path, query }: HttpRequest): HttpResponse | undefined {
  if (path === '/api/v3/services') return ok({ services: tracedServices });
  if (path === '/api/v3/operations') {
    const service = query.get('service') ?? '';
    const kind = query.get('spanKind') ?? query.get('span_kind') ?? '';
    const operations = operationsOf(state, service);
    return ok({ operations: operations.filter(({ spanKind }) => kind === '' || spanKind === kind) });
  }
  if (path === '/api/v3/traces') return found(state, query, (traces) => ok(resultOf(traces)));
  if (path === '/api/v3/trace-summaries') {
    return found(state, query, (traces) => ok({ summaries: traces.map(summary) }));
  }
  const traceId = /^\/api\/v3\/traces\/([^/]+)$/.exec(path)?.[1];
  return traceId === undefined ? undefined : one(state, traceId);
}

function ok(value: unknown): HttpResponse {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(value) };
}

function failure(httpCode: number, message: string): HttpResponse {
  const body = `${JSON.stringify({ error: { httpCode, message } })}\n`;
  return { status: httpCode, contentType: 'text/plain; charset=utf-8', body };
}

function found(
  { store }: JaegerState,
  query: URLSearchParams,
  answer: (traces: readonly DemoTrace[]) => HttpResponse,
): HttpResponse {
  const parameters = searchParametersV3(query);
  if (!parameters.ok) return failure(400, parameters.failure);
  const traces = store.search(parameters.value);
  return traces.length === 0 ? failure(404, 'No traces found') : answer(traces);
}

function one({ store }: JaegerState, traceId: string): HttpResponse {
  if (!isTraceId(traceId)) {
    return failure(
      400,
      `malformed parameter trace_id: strconv.ParseUint: parsing ${JSON.stringify(traceId)}: invalid syntax`,
    );
  }
  const trace = store.find(traceId);
  return trace === undefined ? failure(404, 'No traces found') : ok(resultOf([trace]));
}

/** All traces in one list, a resource for each service of each. */
function resultOf(traces: readonly DemoTrace[]): unknown {
  const resourceSpans = traces.flatMap((trace) =>
    [...trace.processes.values()].map(({ service, tags }) => ({
      resource: { attributes: attributes({ 'service.name': service, ...tags }) },
      scopeSpans: [
        {
          scope: { name: 'opssight.demo' },
          spans: trace.spans.filter((span) => span.service === service).map((span) => otlp(trace, span)),
        },
      ],
    })),
  );
  return { result: { resourceSpans } };
}

const kinds = { internal: 1, server: 2, client: 3, producer: 4 } as const;

function otlp({ traceId }: DemoTrace, span: DemoSpan): unknown {
  const warnings = span.warnings.length === 0 ? {} : { '@jaeger@warnings': span.warnings };
  return {
    traceId,
    spanId: span.spanId,
    ...(span.parentId === '' ? {} : { parentSpanId: span.parentId }),
    name: span.operation,
    kind: kinds[span.kind],
    startTimeUnixNano: nanoseconds(span.startMicros),
    endTimeUnixNano: nanoseconds(span.startMicros + span.durationMicros),
    attributes: attributes({ ...span.tags, ...warnings }),
    ...(span.events.length === 0
      ? {}
      : {
          events: span.events.map(({ atMicros, fields: { event, ...fields } }) => ({
            timeUnixNano: nanoseconds(atMicros),
            name: String(event),
            attributes: attributes(fields),
          })),
        }),
    status: span.isError ? { code: 2 } : {},
  };
}

function nanoseconds(micros: number): string {
  return `${micros}000`;
}

function attributes(tags: Readonly<Record<string, TagValue | readonly string[]>>): readonly unknown[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value: attribute(value) }));
}

/** 64-bit integers are text in OTLP's JSON. */
function attribute(value: TagValue | readonly string[]): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') {
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
  return { arrayValue: { values: value.map((one) => ({ stringValue: one })) } };
}

function summary(trace: DemoTrace): unknown {
  const root = trace.spans.find(({ parentId }) => parentId === '') ?? trace.spans[0];
  const start = Math.min(...trace.spans.map(({ startMicros }) => startMicros));
  const end = Math.max(...trace.spans.map(({ startMicros, durationMicros }) => startMicros + durationMicros));
  const errors = (spans: readonly DemoSpan[]): { errorSpanCount?: number } => {
    // Fields that are zero are left out, as proto3 does.
    const errorSpanCount = spans.filter(({ isError }) => isError).length;
    return errorSpanCount === 0 ? {} : { errorSpanCount };
  };
  return {
    traceId: trace.traceId,
    rootServiceName: root?.service,
    rootOperationName: root?.operation,
    minStartTimeUnixNano: nanoseconds(start),
    maxEndTimeUnixNano: nanoseconds(end),
    spanCount: trace.spans.length,
    ...errors(trace.spans),
    services: [...trace.processes.keys()].map((name) => {
      const spans = trace.spans.filter(({ service }) => service === name);
      return { name, spanCount: spans.length, ...errors(spans) };
    }),
  };
}
