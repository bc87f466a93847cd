import type { Attribute, Span, Trace, TraceSearch } from '#shared/model/trace.ts';
import { toldTags } from '#shared/traces/told-tags.ts';

type Tag = TraceSearch['tags'][number];

/**
 * Whether one span began in the range, is of the service and operation, took as long as wanted and has all tags: among its own,
 * its process's, its events' and its links', which is where Jaeger looks for them. Kind, status and the name of an event
 * are tags there too.
 */
export function hasSpan(trace: Trace, search: TraceSearch): boolean {
  const { service, operation, tags, minDurationNs, maxDurationNs } = search;
  const fromNs = BigInt(Math.floor(search.fromMs)) * nanosecondsPerMs;
  const toNs = BigInt(Math.floor(search.toMs) + 1) * nanosecondsPerMs;
  return trace.spans.some((span) => {
    const startNs = BigInt(span.startNs);
    if (startNs < fromNs || startNs >= toNs) return false;
    const process = trace.processes[span.process];
    if (service !== '' && process?.service !== service) return false;
    if (operation !== '' && span.operation !== operation) return false;
    if (minDurationNs !== null && span.durationNs < minDurationNs) return false;
    if (maxDurationNs !== null && span.durationNs > maxDurationNs) return false;
    return tags.every((tag) => hasTag(span, process?.attributes ?? [], tag));
  });
}

const nanosecondsPerMs = 1_000_000n;

function hasTag(span: Span, ofProcess: readonly Attribute[], { key, value }: Tag): boolean {
  const isTag = (attribute: Attribute): boolean => attribute.key === key && attribute.value === value;
  return (
    span.attributes.some(isTag) ||
    ofProcess.some(isTag) ||
    span.events.some(
      ({ name, attributes }) => (key === 'event' && name === value) || attributes.some(isTag),
    ) ||
    span.links.some(({ attributes }) => attributes?.some(isTag) === true) ||
    toldTags(span).some(isTag)
  );
}
