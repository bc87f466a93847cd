import { pods } from '../simulation/platform.ts';
import { spanIdOf, type DemoRequest } from '../simulation/requests.ts';

/** A trace of the demo, between what happened (request-trace.ts) and the two formats that Jaeger answers in. */
export type SpanKind = 'server' | 'client' | 'internal' | 'producer';
export type TagValue = string | number | boolean;

export interface SpanEvent {
  readonly atMicros: number;
  readonly fields: Readonly<Record<string, TagValue>>;
}

export interface DemoSpan {
  readonly spanId: string;
  /** Empty for the root. */
  readonly parentId: string;
  readonly service: string;
  readonly operation: string;
  readonly kind: SpanKind;
  /** Unix microseconds. */
  readonly startMicros: number;
  readonly durationMicros: number;
  readonly tags: Readonly<Record<string, TagValue>>;
  readonly events: readonly SpanEvent[];
  readonly isError: boolean;
  readonly warnings: readonly string[];
}

export interface DemoProcess {
  readonly service: string;
  readonly tags: Readonly<Record<string, TagValue>>;
}

export interface DemoTrace {
  readonly traceId: string;
  readonly spans: readonly DemoSpan[];
  /** By service: no trace here visits two pods of one. */
  readonly processes: ReadonlyMap<string, DemoProcess>;
}

export interface SpanDraft {
  readonly parent: SpanWriter | null;
  readonly service: string;
  readonly operation: string;
  readonly kind?: SpanKind;
  /** Milliseconds after the request began. */
  readonly afterMs: number;
  readonly tookMs: number;
  readonly tags?: Readonly<Record<string, TagValue>>;
  readonly error?: boolean;
  readonly events?: readonly { readonly afterMs: number; readonly fields: SpanEvent['fields'] }[];
  readonly warnings?: readonly string[];
}

/** A span that others can be put under. */
export interface SpanWriter {
  readonly spanId: string;
}

export class TraceWriter {
  readonly #request: DemoRequest;
  readonly #spans: DemoSpan[] = [];

  constructor(request: DemoRequest) {
    this.#request = request;
  }

  /** @param name unlike those of the other spans; what log lines call the span by. */
  add(name: string, draft: SpanDraft): SpanWriter {
    const { startsAtMs, startsAtMicro, traceId } = this.#request;
    const began = startsAtMs * 1_000 + startsAtMicro;
    const spanId = spanIdOf(traceId, name);
    const isError = draft.error === true;
    this.#spans.push({
      spanId,
      parentId: draft.parent?.spanId ?? '',
      service: draft.service,
      operation: draft.operation,
      kind: draft.kind ?? 'internal',
      startMicros: began + Math.round(draft.afterMs * 1_000),
      durationMicros: Math.max(1, Math.round(draft.tookMs * 1_000)),
      tags: draft.tags ?? {},
      events: (draft.events ?? []).map(({ afterMs, fields }) => ({
        atMicros: began + Math.round(afterMs * 1_000),
        fields,
      })),
      isError,
      warnings: draft.warnings ?? [],
    });
    return { spanId };
  }

  finish(): DemoTrace {
    const services = new Set(this.#spans.map(({ service }) => service));
    return {
      traceId: this.#request.traceId,
      spans: this.#spans,
      processes: new Map([...services].map((service) => [service, processOf(service, this.#request)])),
    };
  }
}

/** A call to the cache. */
export function redisSpan(
  writer: TraceWriter,
  name: string,
  parent: SpanWriter,
  operation: string,
  afterMs: number,
  tookMs: number,
  tags: Readonly<Record<string, string | boolean>> = {},
): void {
  writer.add(name, {
    parent,
    service: 'redis',
    operation,
    kind: 'client',
    afterMs,
    tookMs,
    tags: { 'db.system': 'redis', 'net.peer.name': 'redis-0', ...tags },
  });
}

const ownPods: Readonly<Record<string, string>> = { postgres: 'pg-1', redis: 'redis-0' };
const versions: Readonly<Record<string, string>> = { postgres: '16.4', redis: '7.2.5' };

function processOf(service: string, request: DemoRequest): DemoProcess {
  const first = pods.find((pod) => pod.service === service)?.name;
  const worked = service === request.service ? request.pod : first;
  const pod = ownPods[service] ?? (service === 'frontend' ? request.frontendPod : (worked ?? service));
  return {
    service,
    tags: {
      'service.version': versions[service] ?? (service === 'backend' ? request.version : 'v2.30.4'),
      'k8s.pod.name': pod,
      'k8s.namespace.name': 'opssight',
      'deployment.environment': 'production',
      'telemetry.sdk.language': service === 'frontend' ? 'nodejs' : 'python',
    },
  };
}

/** The services that traces visit, sorted. */
export const tracedServices = ['backend', 'frontend', 'pipeline', 'postgres', 'redis', 'security'] as const;
