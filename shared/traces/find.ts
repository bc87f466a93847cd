import type { Attribute, Process, Span, Trace, TraceOutline } from '../model/trace.ts';
import { orderOf } from './order.ts';
import { toldTags } from './told-tags.ts';

/**
 * Rows of the spans in which a text occurs, in any case of its letters: in service, operation, span id,
 * status, warnings, tags of the span and of its process (`key=value` too), those that its fields say among
 * them, events and links.
 * @returns rows in their order; none for an empty text.
 */
export function findInTrace(trace: Trace, outline: TraceOutline, text: string): Float64Array {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return new Float64Array();
  const { spanOf } = orderOf(trace);
  const inProcess = trace.processes.map((process) => processHas(process, wanted));
  const rows: number[] = [];
  for (let row = 0; row < outline.spanIds.length; row++) {
    const span = trace.spans[spanOf[row] ?? -1];
    if (span === undefined) continue;
    if (inProcess[span.process] === true || spanHas(span, wanted)) rows.push(row);
  }
  return Float64Array.from(rows);
}

function processHas({ service, attributes }: Process, wanted: string): boolean {
  return has(service, wanted) || attributesHave(attributes, wanted);
}

function spanHas(span: Span, wanted: string): boolean {
  return (
    has(span.operation, wanted) ||
    has(span.spanId, wanted) ||
    has(span.statusMessage, wanted) ||
    attributesHave(span.attributes, wanted) ||
    attributesHave(toldTags(span), wanted) ||
    span.links.some(({ attributes = [] }) => attributesHave(attributes, wanted)) ||
    span.events.some(({ name, attributes }) => has(name, wanted) || attributesHave(attributes, wanted)) ||
    span.warnings.some((warning) => has(warning, wanted))
  );
}

/** `key=value` is found as it is written, too. */
function attributesHave(attributes: readonly Attribute[], wanted: string): boolean {
  return attributes.some(
    ({ key, value }) =>
      has(key, wanted) || has(value, wanted) || (wanted.includes('=') && has(`${key}=${value}`, wanted)),
  );
}

function has(text: string, wanted: string): boolean {
  return text.length >= wanted.length && text.toLowerCase().includes(wanted);
}
