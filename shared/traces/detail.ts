import type { SpanDetail, Trace, TraceOutline } from '../model/trace.ts';
import { orderOf } from './order.ts';

/**
 * All that is known of the span in one row of a trace's outline.
 * @returns undefined where the outline has no such row, or is of another trace.
 */
export function detailOf(trace: Trace, outline: TraceOutline, row: number): SpanDetail | undefined {
  const span = trace.spans[orderOf(trace).spanOf[row] ?? -1];
  if (span === undefined || outline.spanIds[row] !== span.spanId) return undefined;
  return { span, process: trace.processes[span.process] ?? { service: '', attributes: [] } };
}
