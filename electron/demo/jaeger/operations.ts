import type { TraceStore } from './trace-store.ts';

/** Which operations a service has, as the newest of its traces show. */
export interface Operation {
  readonly name: string;
  readonly spanKind: string;
}

const newestTraces = 400;

export function operationsOf(
  { store, nowMs }: { readonly store: TraceStore; readonly nowMs: () => number },
  service: string,
): readonly Operation[] {
  const traces = store.search({
    service,
    operation: '',
    tags: {},
    fromMs: 0,
    toMs: nowMs(),
    leastMicros: 0,
    mostMicros: Infinity,
    limit: newestTraces,
  });
  const found = new Map<string, Operation>();
  for (const span of traces.flatMap(({ spans }) => spans)) {
    if (span.service !== service) continue;
    found.set(`${span.kind} ${span.operation}`, { name: span.operation, spanKind: span.kind });
  }
  return [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}
