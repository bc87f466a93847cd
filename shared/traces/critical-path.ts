import type { Span, Trace, TraceOutline } from '../model/trace.ts';
import { orderOf, type SpanOrder } from './order.ts';

/**
 * What a trace waited for, as Jaeger draws it: from the end of each root backward, always into the child
 * that ended last before the point where the walk stands, and on from where that child began. A child
 * counts as far as it lies within its parent; one wholly outside, or that its parent did not wait for (a
 * consumer, a producer, one that merely follows), takes no part, and neither does what is below it.
 * Agrees with jaeger-ui's TracePage/CriticalPath; its own code, and iterative.
 */
export type CriticalPath = Pick<TraceOutline, 'criticalRows' | 'criticalFromNs' | 'criticalToNs'>;

export function criticalPathOf(trace: Trace): CriticalPath {
  const order = orderOf(trace);
  const spans = boundedSpans(trace, order);
  const rows: number[] = [];
  const from: number[] = [];
  const to: number[] = [];
  const take = (row: number, fromNs: number, toNs: number): void => {
    if (fromNs === toNs) return;
    rows.push(row);
    from.push(fromNs);
    to.push(toNs);
  };
  const children = childrenByEnd(order, spans);
  order.parents.forEach((parent, row) => {
    if (parent < 0) walk(row, order, spans, children, take);
  });
  return {
    criticalRows: Float64Array.from(rows),
    criticalFromNs: Float64Array.from(from),
    criticalToNs: Float64Array.from(to),
  };
}

/** The part of each row that may be on the path; `counts` is 0 for those that take no part. */
interface BoundedSpans {
  readonly startsNs: Float64Array;
  readonly endsNs: Float64Array;
  readonly counts: Uint8Array;
}

function boundedSpans(trace: Trace, order: SpanOrder): BoundedSpans {
  const startsNs = order.offsetNs.slice();
  const endsNs = new Float64Array(startsNs.length);
  const counts = new Uint8Array(startsNs.length);
  for (let row = 0; row < startsNs.length; row++) {
    const span = trace.spans[order.spanOf[row] ?? -1];
    if (span === undefined) continue;
    const start = startsNs[row] ?? 0;
    const end = start + span.durationNs;
    endsNs[row] = end;
    const parent = order.parents[row] ?? -1;
    if (parent < 0) {
      counts[row] = 1;
      continue;
    }
    const parentStart = startsNs[parent] ?? 0;
    const parentEnd = endsNs[parent] ?? 0;
    const isOutside = start >= parentEnd || (start < parentStart && end <= parentStart);
    counts[row] = counts[parent] === 1 && !isOutside && isWaitedFor(trace, span) ? 1 : 0;
    startsNs[row] = Math.max(start, parentStart);
    endsNs[row] = Math.min(end, parentEnd);
  }
  return { startsNs, endsNs, counts };
}

function isWaitedFor(trace: Trace, span: Span): boolean {
  if (span.kind === 'producer' || span.kind === 'consumer') return false;
  return !span.links.some(
    ({ kind, traceId, spanId }) =>
      kind === 'FOLLOWS_FROM' && spanId === span.parentSpanId && traceId === trace.traceId,
  );
}

/** For each row its children that count, the one that ended last first: `rows` from `at[row]` to `at[row + 1]`. */
interface ChildrenByEnd {
  readonly at: Float64Array;
  readonly rows: Float64Array;
}

function childrenByEnd(order: SpanOrder, { endsNs, counts }: BoundedSpans): ChildrenByEnd {
  const { parents } = order;
  const counted = Array.from(parents.keys()).filter((row) => counts[row] === 1 && (parents[row] ?? -1) >= 0);
  const at = new Float64Array(parents.length + 1);
  for (const row of counted) {
    const after = (parents[row] ?? 0) + 1;
    at[after] = (at[after] ?? 0) + 1;
  }
  for (let row = 1; row < at.length; row++) at[row] = (at[row] ?? 0) + (at[row - 1] ?? 0);
  const next = at.slice();
  const rows = new Float64Array(counted.length);
  counted.sort((left, right) => (endsNs[right] ?? 0) - (endsNs[left] ?? 0) || left - right);
  for (const row of counted) {
    const parent = parents[row] ?? 0;
    const place = next[parent] ?? 0;
    rows[place] = row;
    next[parent] = place + 1;
  }
  return { at, rows };
}

/** Walks one tree backward. Every child is entered once at most, so it ends. */
function walk(
  root: number,
  order: SpanOrder,
  { startsNs, endsNs }: BoundedSpans,
  children: ChildrenByEnd,
  take: (row: number, fromNs: number, toNs: number) => void,
): void {
  /** How many children of a row lie behind the walk. */
  const passed = new Map<number, number>();
  let row = root;
  /** Where the walk stands in `row`; null at its end, before any child was entered. */
  let standsAt: number | null = null;
  while (row >= 0) {
    const begin = children.at[row] ?? 0;
    const end = children.at[row + 1] ?? 0;
    let place = begin + (passed.get(row) ?? 0);
    const before: number = standsAt ?? Infinity;
    while (place < end && (endsNs[children.rows[place] ?? 0] ?? 0) >= before) place++;
    passed.set(row, place - begin + 1);
    const to: number = standsAt ?? endsNs[row] ?? 0;
    const child = place < end ? children.rows[place] : undefined;
    if (child !== undefined) {
      take(row, endsNs[child] ?? 0, to);
      row = child;
      standsAt = null;
      continue;
    }
    take(row, startsNs[row] ?? 0, to);
    standsAt = startsNs[row] ?? 0;
    row = row === root ? -1 : (order.parents[row] ?? -1);
  }
}
