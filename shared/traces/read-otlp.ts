import {
  spanKinds,
  type Attribute,
  type Process,
  type Span,
  type SpanKind,
  type Trace,
} from '../model/trace.ts';
import { failed, success, type Result } from '../result.ts';
import { readAttributes } from './read-attributes.ts';
import { countOf, listOf, objectOf, textOf, type JsonObject } from './read-json.ts';
import { kindOfName, maxEvents, maxLinks, spanOfParts } from './read-span.ts';
import { parentIdOf, spanIdOf, traceIdOf } from './span-ids.ts';

/**
 * Spans of OTLP's JSON, as Jaeger's v3 API answers them and as files hold them. All traces of an answer
 * come in one list, so spans are put together by the trace that they name; a resource that occurs twice
 * in a trace is one process of it.
 */

interface TraceBuilding {
  readonly traceId: string;
  readonly processes: Process[];
  readonly spans: Span[];
  /** Index into `processes`, by the resource's JSON. */
  readonly indices: Map<string, number>;
}

/** @param resourceSpans the lists of every document that was read, one after the other. */
export function readResourceSpans(resourceSpans: readonly unknown[]): Result<Trace[], string> {
  const traces = new Map<string, TraceBuilding>();
  for (const one of resourceSpans) {
    const { resource, scopeSpans, instrumentationLibrarySpans } = objectOf(one);
    const attributes = objectOf(resource)['attributes'];
    const ofResource = { process: processOf(attributes), key: JSON.stringify(attributes ?? []) };
    for (const scoped of listOf(scopeSpans ?? instrumentationLibrarySpans)) {
      const { scope, spans } = objectOf(scoped);
      const scopeAttributes = attributesOfScope(objectOf(scope));
      for (const span of listOf(spans)) {
        const problem = take(traces, ofResource, scopeAttributes, objectOf(span));
        if (problem !== null) return failed(problem);
      }
    }
  }
  return success(
    [...traces.values()].map(({ traceId, processes, spans }) => ({
      traceId,
      processes,
      spans,
      warnings: [],
    })),
  );
}

function take(
  traces: Map<string, TraceBuilding>,
  { process, key }: { readonly process: Process; readonly key: string },
  scope: readonly Attribute[],
  json: JsonObject,
): string | null {
  const traceId = traceIdOf(json['traceId']);
  if (traceId === null)
    return `a span names no trace that can be read: ${textOf(json['traceId']).slice(0, 64)}`;
  const trace: TraceBuilding = traces.get(traceId) ?? {
    traceId,
    processes: [],
    spans: [],
    indices: new Map(),
  };
  traces.set(traceId, trace);
  const known = trace.indices.get(key);
  const index = known ?? trace.processes.push(process) - 1;
  if (known === undefined) trace.indices.set(key, index);
  const span = readSpan(json, traceId, index, scope);
  if (!span.ok) return `span ${trace.spans.length + 1} of trace ${traceId}: ${span.failure}`;
  trace.spans.push(span.value);
  return null;
}

function processOf(attributes: unknown): Process {
  const all = readAttributes(attributes).attributes;
  return {
    service: all.find(({ key }) => key === 'service.name')?.value ?? '',
    attributes: all.filter(({ key }) => key !== 'service.name'),
  };
}

/** As Jaeger writes a scope into the tags of its spans. */
function attributesOfScope(scope: JsonObject): readonly Attribute[] {
  const named = [
    { key: 'otel.scope.name', type: 'string' as const, value: textOf(scope['name']) },
    { key: 'otel.scope.version', type: 'string' as const, value: textOf(scope['version']) },
  ];
  return [...named.filter(({ value }) => value !== ''), ...readAttributes(scope['attributes']).attributes];
}

function readSpan(
  json: JsonObject,
  traceId: string,
  process: number,
  scope: readonly Attribute[],
): Result<Span, string> {
  const spanId = spanIdOf(json['spanId']);
  const parentSpanId = parentIdOf(json['parentSpanId']);
  const startNs = countOf(json['startTimeUnixNano']);
  const endNs = countOf(json['endTimeUnixNano']);
  if (spanId === null) return failed('its id is neither hex nor base64');
  if (parentSpanId === null) return failed("its parent's id is neither hex nor base64");
  if (startNs === null || endNs === null) return failed('its times are not nanoseconds');
  const { attributes, cut } = readAttributes(json['attributes']);
  const events = listOf(json['events']);
  const warnings = [...cut];
  if (endNs < startNs && endNs !== 0n)
    warnings.push('it ends before it begins; its duration is taken as nothing');
  if (events.length > maxEvents)
    warnings.push(`it has ${events.length} events; the first ${maxEvents} are kept`);
  const links = listOf(json['links']);
  if (links.length > maxLinks) warnings.push(`it has ${links.length} links; the first ${maxLinks} are kept`);
  const { code, message } = objectOf(json['status']);
  return success(
    spanOfParts({
      spanId,
      parentSpanId,
      process,
      operation: textOf(json['name']),
      kind: kindOf(json['kind']),
      startNs: String(startNs),
      durationNs: endNs > startNs ? Number(endNs - startNs) : 0,
      status: statusOf(code),
      statusMessage: textOf(message),
      attributes: scope.length === 0 ? attributes : [...scope, ...attributes],
      events: events.slice(0, maxEvents).map((event) => readEvent(objectOf(event))),
      links: readLinks(links.slice(0, maxLinks), traceId, parentSpanId),
      warnings,
    }),
  );
}

function readEvent(event: JsonObject): Span['events'][number] {
  return {
    timeNs: String(countOf(event['timeUnixNano']) ?? 0n),
    name: textOf(event['name']),
    attributes: readAttributes(event['attributes']).attributes,
  };
}

/** Jaeger takes a link for something that the span follows, unless the link says that it is a child. */
function readLinks(links: readonly unknown[], traceId: string, parentSpanId: string): Span['links'] {
  return links.flatMap((link) => {
    const { traceId: ofTrace, spanId, attributes } = objectOf(link);
    const id = spanIdOf(spanId);
    const trace = traceIdOf(ofTrace);
    if (id === null || trace === null) return [];
    const all = readAttributes(attributes).attributes;
    const type = all.find(({ key }) => key === 'opentracing.ref_type');
    const isParent = trace === traceId && id === parentSpanId;
    if (isParent && type?.value !== 'follows_from') return [];
    const kind = type?.value === 'child_of' ? 'CHILD_OF' : 'FOLLOWS_FROM';
    const others = all.filter((attribute) => attribute !== type);
    const beside = others.length === 0 ? {} : { attributes: others };
    return [{ kind, traceId: trace, spanId: id, ...beside }];
  });
}

function kindOf(kind: unknown): SpanKind {
  if (typeof kind === 'number') return spanKinds[kind] ?? 'unspecified';
  return kindOfName(textOf(kind)) ?? 'unspecified';
}

function statusOf(code: unknown): Span['status'] {
  const text = textOf(code).toUpperCase();
  if (text === '2' || text === 'STATUS_CODE_ERROR') return 'error';
  return text === '1' || text === 'STATUS_CODE_OK' ? 'ok' : 'unset';
}
