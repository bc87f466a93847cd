import type { Dependencies, Trace } from '#shared/model/trace.ts';
import { orderOf } from '#shared/traces/order.ts';

/** Who called whom, counted in traces: every span whose parent is of another service is one call. */
export function dependencyLinks(traces: readonly Trace[]): Dependencies['links'] {
  const counts = new Map<string, { parent: string; child: string; callCount: number }>();
  for (const trace of traces) {
    const { spanOf, parents } = orderOf(trace);
    const serviceOf = (row: number): string => {
      const span = trace.spans[spanOf[row] ?? -1];
      return span === undefined ? '' : (trace.processes[span.process]?.service ?? '');
    };
    parents.forEach((parentRow, row) => {
      const parent = parentRow < 0 ? '' : serviceOf(parentRow);
      const child = serviceOf(row);
      if (parent === '' || child === '' || parent === child) return;
      const key = JSON.stringify([parent, child]);
      const link = counts.get(key) ?? { parent, child, callCount: 0 };
      link.callCount++;
      counts.set(key, link);
    });
  }
  return [...counts.values()].toSorted((left, right) => right.callCount - left.callCount);
}
