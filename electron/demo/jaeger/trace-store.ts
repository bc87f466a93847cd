import { bucketMs, type Requests } from '../simulation/requests.ts';
import { traceOfRequest } from './request-trace.ts';
import type { DemoSpan, DemoTrace, TagValue } from './trace.ts';

/** Finds traces among the requests of the simulation. A trace is there once its last span has ended. */
export interface TraceQuery {
  readonly service: string;
  /** Empty for any. */
  readonly operation: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fromMs: number;
  readonly toMs: number;
  readonly leastMicros: number;
  /** Infinite where there is no limit. */
  readonly mostMicros: number;
  readonly limit: number;
}

export interface TraceStore {
  /** The newest first. */
  search(query: TraceQuery): readonly DemoTrace[];
  find(traceId: string): DemoTrace | undefined;
}

const endGraceMs = 5;

export function createTraceStore(requests: Requests, retentionMs: number, nowMs: () => number): TraceStore {
  return {
    search(query) {
      const now = nowMs();
      const first = Math.floor(Math.max(query.fromMs, now - retentionMs) / bucketMs);
      const last = Math.floor(Math.min(query.toMs, now) / bucketMs);
      const found: DemoTrace[] = [];
      for (let bucket = last; bucket >= first; bucket--) {
        for (const request of requests.inBucket(bucket).toReversed()) {
          if (request.startsAtMs < query.fromMs || request.startsAtMs > query.toMs) continue;
          if (request.startsAtMs + request.durationMs + endGraceMs > now) continue;
          // No span is longer than the whole request and what the frontend adds to it.
          if ((request.durationMs + endGraceMs) * 1_000 < query.leastMicros) continue;
          const trace = traceOfRequest(request);
          if (!trace.spans.some((span) => isFound(trace, span, query))) continue;
          found.push(trace);
          if (found.length >= query.limit) return found;
        }
      }
      return found;
    },
    find(traceId) {
      const request = requests.find(traceId.toLowerCase().padStart(32, '0'));
      if (request === undefined) return undefined;
      const now = nowMs();
      const isThere =
        request.startsAtMs + request.durationMs + endGraceMs <= now &&
        request.startsAtMs >= now - retentionMs;
      return isThere ? traceOfRequest(request) : undefined;
    },
  };
}

/** One span has to satisfy all of the query, as in Jaeger. */
function isFound(trace: DemoTrace, span: DemoSpan, query: TraceQuery): boolean {
  if (query.service !== '' && span.service !== query.service) return false;
  if (query.operation !== '' && span.operation !== query.operation) return false;
  if (span.durationMicros < query.leastMicros || span.durationMicros > query.mostMicros) return false;
  return Object.entries(query.tags).every(([name, value]) => hasTag(trace, span, name, value));
}

function hasTag(trace: DemoTrace, span: DemoSpan, name: string, value: string): boolean {
  if (name === 'error') return String(span.isError) === value;
  if (name === 'span.kind') return span.kind === value;
  const isEqual = (tags: Readonly<Record<string, TagValue>> | undefined): boolean =>
    tags !== undefined && Object.hasOwn(tags, name) && String(tags[name]) === value;
  return (
    isEqual(span.tags) ||
    isEqual(trace.processes.get(span.service)?.tags) ||
    span.events.some(({ fields }) => isEqual(fields))
  );
}
