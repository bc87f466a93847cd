import type { SourceFailure } from '#shared/failure.ts';
import type { Span, Trace, TraceSummary } from '#shared/model/trace.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { readTraceText } from '#shared/traces/read-trace.ts';
import { traceIdOf } from '#shared/traces/span-ids.ts';
import { checked, malformedAt, type Listing } from '../checked.ts';
import { failureOfNotJson } from '../failure-of.ts';
import { malformed } from '../source-failure.ts';
import type { DependencyLink, TraceHead } from './model.ts';
import { dependenciesSchema, operationsSchema, servicesSchema, summariesSchema } from './schemas.ts';

/** Reads the answers of Jaeger. Pure; see `answers.ts` of the folder above for who runs it. */

type Read<Row> = Result<Listing<null, Row>, SourceFailure>;

export function readServices(json: unknown): Read<string> {
  const services = checked(servicesSchema, json, '');
  if (!services.ok) return services;
  const { value } = services;
  return rows(('data' in value ? value.data : value.services) ?? []);
}

/** Who answers: Jaeger tells no version over this API. */
export function readIntroduction(json: unknown): Read<{ readonly version: string }> {
  const services = readServices(json);
  return services.ok ? rows([{ version: '' }]) : services;
}

/**
 * The version that the server writes into its own web page; the API tells none. Empty where the page names
 * none, as that of a server built by hand.
 */
export function readPageVersion(text: unknown): Read<{ readonly version: string }> {
  const page = typeof text === 'string' ? text : '';
  const [, written = ''] = /JAEGER_VERSION\s*=\s*(\{[^{}]{0,500}\})/.exec(page) ?? [];
  const [, version = ''] = /"gitVersion"\s*:\s*"([^"\\]{0,80})"/.exec(written) ?? [];
  return rows([{ version }]);
}

/** Names of operations, each once: v3 and newer v1 list one for each kind of span. */
export function readOperations(json: unknown): Read<string> {
  const operations = checked(operationsSchema, json, '');
  if (!operations.ok) return operations;
  const { value } = operations;
  const all = ('data' in value ? value.data : value.operations) ?? [];
  return rows([...new Set(all.map((one) => (typeof one === 'string' ? one : one.name)))]);
}

export function readSummaries(json: unknown): Read<TraceSummary> {
  const answer = checked(summariesSchema, json, '');
  if (!answer.ok) return answer;
  const summaries: TraceSummary[] = [];
  for (const [index, one] of answer.value.summaries.entries()) {
    const traceId = traceIdOf(one.traceId);
    if (traceId === null) return failed(malformedAt(`summaries[${index}].traceId`, 'expected hex'));
    const startNs = BigInt(one.minStartTimeUnixNano);
    const endNs = BigInt(one.maxEndTimeUnixNano);
    summaries.push({
      traceId,
      source: '',
      rootService: one.rootServiceName,
      rootOperation: one.rootOperationName,
      startNs: String(startNs),
      durationNs: endNs > startNs ? Number(endNs - startNs) : 0,
      spanCount: one.spanCount,
      errorCount: one.errorSpanCount,
      orphanCount: one.orphanSpanCount,
      services: one.services.map(({ name, spanCount, errorSpanCount }) => ({
        name,
        spans: spanCount,
        errors: errorSpanCount,
      })),
    });
  }
  return rows(summaries);
}

/**
 * Traces of v1 and of v3, each as a head and the spans that follow it: so a trace of 50,000 spans is
 * handed over in pieces as any long list is.
 * @param text the answer's text, not yet parsed: its integers are longer than a number holds.
 */
export function readTraces(text: unknown): Read<TraceHead | Span> {
  if (typeof text !== 'string' || !/^\s*[[{]/.test(text)) {
    return failed(failureOfNotJson(typeof text === 'string' ? text : '', '', 'it begins otherwise'));
  }
  const traces = readTraceText(text);
  if (!traces.ok) return failed(malformed(`${traces.failure}.`));
  const list: (TraceHead | Span)[] = [];
  for (const { traceId, processes, warnings, spans } of traces.value) {
    list.push({ traceId, processes, warnings, spanCount: spans.length });
    for (const span of spans) list.push(span);
  }
  return rows(list);
}

/** The traces of a list that `readTraces` made. */
export function tracesOf(list: readonly (TraceHead | Span)[]): Trace[] {
  const traces: Trace[] = [];
  let spans: Span[] = [];
  for (const row of list) {
    if ('spanCount' in row) {
      spans = [];
      traces.push({ traceId: row.traceId, processes: row.processes, spans, warnings: row.warnings });
    } else spans.push(row);
  }
  return traces;
}

export function readDependencies(json: unknown): Read<DependencyLink> {
  const answer = checked(dependenciesSchema, json, '');
  return answer.ok ? rows(answer.value.data ?? []) : answer;
}

function rows<Row>(list: readonly Row[]): Read<Row> {
  return success({ head: null, rows: list });
}
