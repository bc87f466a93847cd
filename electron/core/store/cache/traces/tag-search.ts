import type { Attribute, Span, Trace, TraceSearch } from '#shared/model/trace.ts';

type Tag = TraceSearch['tags'][number];

/**
 * Whether a span of the service and operation has all tags: among its own, its process's and its events',
 * which is where Jaeger looks for them. `error=true` is also what a span's status says.
 */
export function hasTags(trace: Trace, { service, operation, tags }: TraceSearch): boolean {
  return trace.spans.some((span) => {
    const process = trace.processes[span.process];
    if (service !== '' && process?.service !== service) return false;
    if (operation !== '' && span.operation !== operation) return false;
    return tags.every((tag) => hasTag(span, process?.attributes ?? [], tag));
  });
}

function hasTag(span: Span, ofProcess: readonly Attribute[], { key, value }: Tag): boolean {
  const isTag = (attribute: Attribute): boolean => attribute.key === key && attribute.value === value;
  return (
    span.attributes.some(isTag) ||
    ofProcess.some(isTag) ||
    span.events.some(({ attributes }) => attributes.some(isTag)) ||
    (key === 'error' && value === 'true' && span.status === 'error')
  );
}
