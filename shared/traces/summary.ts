import type { Trace, TraceSummary } from '../model/trace.ts';
import { orderOf } from './order.ts';

/**
 * A trace in one line of a list. Its root is the earliest span without a parent; where every span has one,
 * the earliest of those whose parent is missing.
 * @param source name of the source that has it; empty for one of a file.
 */
export function summaryOf(trace: Trace, source: string): TraceSummary {
  const order = orderOf(trace);
  const services = new Map<string, { spans: number; errors: number }>();
  let durationNs = 0;
  let errorCount = 0;
  order.spanOf.forEach((index, row) => {
    const span = trace.spans[index];
    if (span === undefined) return;
    durationNs = Math.max(durationNs, (order.offsetNs[row] ?? 0) + span.durationNs);
    const isError = span.status === 'error' ? 1 : 0;
    errorCount += isError;
    const name = trace.processes[span.process]?.service ?? '';
    const service = services.get(name) ?? { spans: 0, errors: 0 };
    services.set(name, { spans: service.spans + 1, errors: service.errors + isError });
  });
  const root = rootOf(trace);
  return {
    traceId: trace.traceId,
    source,
    rootService: root === undefined ? '' : (trace.processes[root.process]?.service ?? ''),
    rootOperation: root?.operation ?? '',
    startNs: String(order.startNs),
    durationNs,
    spanCount: trace.spans.length,
    errorCount,
    orphanCount: order.orphans,
    services: [...services].map(([name, counts]) => ({ name, ...counts })),
  };
}

function rootOf(trace: Trace): Trace['spans'][number] | undefined {
  const { spanOf, parents } = orderOf(trace);
  let orphan: Trace['spans'][number] | undefined;
  for (let row = 0; row < spanOf.length; row++) {
    if ((parents[row] ?? -1) >= 0) continue;
    const span = trace.spans[spanOf[row] ?? -1];
    if (span?.parentSpanId === '') return span;
    orphan ??= span;
  }
  return orphan;
}
