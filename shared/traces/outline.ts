import type { Trace, TraceOutline } from '../model/trace.ts';
import { criticalPathOf } from './critical-path.ts';
import { orderOf } from './order.ts';

/** Warnings that an outline names; a trace that has more says the most frequent. */
const maxWarnings = 200;

/** What a waterfall draws of a trace, in columns. Some 60 ms for 50,000 spans. */
export function outlineOf(trace: Trace): TraceOutline {
  const order = orderOf(trace);
  const count = trace.spans.length;
  const services = new Names();
  const operations = new Names();
  const serviceOfProcess = trace.processes.map(({ service }) => services.indexOf(service));
  const spanIds: string[] = [];
  const durationsNs = new Float64Array(count);
  const serviceOf = new Float64Array(count);
  const operationOf = new Float64Array(count);
  let durationNs = 0;
  for (let row = 0; row < count; row++) {
    const span = trace.spans[order.spanOf[row] ?? 0];
    if (span === undefined) continue;
    spanIds.push(span.spanId);
    durationsNs[row] = span.durationNs;
    serviceOf[row] = serviceOfProcess[span.process] ?? services.indexOf('');
    operationOf[row] = operations.indexOf(span.operation);
    durationNs = Math.max(durationNs, (order.offsetNs[row] ?? 0) + span.durationNs);
  }
  return {
    traceId: trace.traceId,
    startNs: String(order.startNs),
    durationNs,
    services: services.all,
    operations: operations.all,
    spanIds,
    offsetNs: order.offsetNs.slice(),
    durationsNs,
    depths: order.depths.slice(),
    parents: order.parents.slice(),
    descendants: order.descendants.slice(),
    serviceOf,
    operationOf,
    flags: order.flags.slice(),
    ...criticalPathOf(trace),
    warnings: warningsOf(trace),
  };
}

/** Names, each once, in the order in which they were asked for. */
class Names {
  readonly all: string[] = [];
  readonly #indices = new Map<string, number>();

  indexOf(name: string): number {
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    this.#indices.set(name, this.all.length);
    return this.all.push(name) - 1;
  }
}

function warningsOf(trace: Trace): TraceOutline['warnings'] {
  const spans = new Map(trace.warnings.map((message) => [message, 0]));
  for (const span of trace.spans) {
    for (const message of new Set(span.warnings)) spans.set(message, (spans.get(message) ?? 0) + 1);
  }
  return [...spans]
    .map(([message, count]) => ({ message, spans: count }))
    .toSorted((left, right) => right.spans - left.spans)
    .slice(0, maxWarnings);
}
