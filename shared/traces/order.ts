import { compareNanoseconds } from '../model/log.ts';
import { spanFlags, type Span, type Trace } from '../model/trace.ts';

/**
 * The tree of a trace as rows: parents before their children, siblings by their start. Iterative, for a
 * trace may be one chain of 500,000 spans; made once per trace, for everything that speaks of rows asks it.
 */
export interface SpanOrder {
  /** Index into the trace's `spans`, by row. */
  readonly spanOf: Float64Array;
  /** Row of the parent, -1 for none. */
  readonly parents: Float64Array;
  readonly depths: Float64Array;
  /** Rows below each row. */
  readonly descendants: Float64Array;
  readonly flags: Float64Array;
  /** Nanoseconds since the trace's start, by row. */
  readonly offsetNs: Float64Array;
  /** Earliest start of any span, Unix nanoseconds. */
  readonly startNs: bigint;
  /** Spans whose parent is not in the trace, or that are their own ancestor. */
  readonly orphans: number;
}

const orders = new WeakMap<Trace, SpanOrder>();

export function orderOf(trace: Trace): SpanOrder {
  const known = orders.get(trace);
  if (known !== undefined) return known;
  const order = ordered(trace.spans);
  orders.set(trace, order);
  return order;
}

function ordered(spans: readonly Span[]): SpanOrder {
  const count = spans.length;
  const { startNs, offsets } = offsetsOf(spans);
  const { parentOf, isOrphan } = parentsOf(spans);
  const below = childrenOf(parentOf, offsets);
  const spanOf = new Float64Array(count);
  const rowOf = new Float64Array(count);
  const parents = new Float64Array(count).fill(-1);
  const depths = new Float64Array(count);
  const flags = new Float64Array(count);
  const offsetNs = new Float64Array(count);
  let row = 0;
  for (const span of below.walk()) {
    const parent = parentOf[span] ?? -1;
    spanOf[row] = span;
    rowOf[span] = row;
    if (parent >= 0) {
      const parentRow = rowOf[parent] ?? 0;
      parents[row] = parentRow;
      depths[row] = (depths[parentRow] ?? 0) + 1;
    }
    flags[row] = flagsOf(spans[span], isOrphan[span] === 1);
    offsetNs[row] = offsets[span] ?? 0;
    row++;
  }
  const orphans = isOrphan.reduce((sum, one) => sum + one, 0);
  return {
    spanOf,
    parents,
    depths,
    descendants: descendantsOf(parents),
    flags,
    offsetNs,
    startNs,
    orphans,
  };
}

function flagsOf(span: Span | undefined, isOrphan: boolean): number {
  return (
    (span?.status === 'error' ? spanFlags.error : 0) |
    ((span?.warnings.length ?? 0) > 0 ? spanFlags.warning : 0) |
    (isOrphan ? spanFlags.orphan : 0)
  );
}

/**
 * Starts as whole seconds and the nanoseconds within: exact in numbers as long as the trace is shorter
 * than 104 days, and ten times as fast as integers of any length.
 */
function offsetsOf(spans: readonly Span[]): { startNs: bigint; offsets: Float64Array } {
  let earliest = spans[0]?.startNs ?? '0';
  for (const { startNs } of spans) if (compareNanoseconds(startNs, earliest) < 0) earliest = startNs;
  const [seconds, nanoseconds] = split(earliest);
  const offsets = Float64Array.from(spans, ({ startNs }) => {
    const [ownSeconds, ownNanoseconds] = split(startNs);
    return (ownSeconds - seconds) * 1e9 + (ownNanoseconds - nanoseconds);
  });
  return { startNs: BigInt(earliest), offsets };
}

function split(timeNs: string): readonly [seconds: number, nanoseconds: number] {
  return [Number(timeNs.slice(0, -9)), Number(timeNs.slice(-9))];
}

/** Index of each span's parent. Of spans that share an id the first is the parent of their children. */
function parentsOf(spans: readonly Span[]): { parentOf: Float64Array; isOrphan: Uint8Array } {
  const byId = new Map<string, number>();
  spans.forEach((span, index) => {
    if (!byId.has(span.spanId)) byId.set(span.spanId, index);
  });
  const isOrphan = new Uint8Array(spans.length);
  const parentOf = Float64Array.from(spans, (span, index) => {
    if (span.parentSpanId === '') return -1;
    const parent = byId.get(span.parentSpanId);
    if (parent !== undefined && parent !== index) return parent;
    isOrphan[index] = 1;
    return -1;
  });
  cutCycles(parentOf, isOrphan);
  return { parentOf, isOrphan };
}

/** Makes an orphan of one span of every cycle: the one at which it is met first. */
function cutCycles(parentOf: Float64Array, isOrphan: Uint8Array): void {
  /** Which walk met a span, from 1; 0 for none. */
  const metBy = new Float64Array(parentOf.length);
  for (let from = 0; from < parentOf.length; from++) {
    let span = from;
    while (span >= 0 && metBy[span] === 0) {
      metBy[span] = from + 1;
      span = parentOf[span] ?? -1;
    }
    if (span < 0 || metBy[span] !== from + 1) continue;
    parentOf[span] = -1;
    isOrphan[span] = 1;
  }
}

/** Linked lists of children, roots included, each by start and then by their place in the answer. */
function childrenOf(parentOf: Float64Array, offsets: Float64Array): { walk(): Generator<number> } {
  const count = parentOf.length;
  const bySpan = Array.from({ length: count }, (_, index) => index);
  bySpan.sort((left, right) => (offsets[left] ?? 0) - (offsets[right] ?? 0) || left - right);
  // The roots are the children of an entry past the last span.
  const firstChild = new Int32Array(count + 1).fill(-1);
  const nextSibling = new Int32Array(count).fill(-1);
  // From the last to the first, so that each one goes before those that begin later.
  for (const span of bySpan.toReversed()) {
    const parent = parentOf[span] ?? -1;
    const list = parent < 0 ? count : parent;
    nextSibling[span] = firstChild[list] ?? -1;
    firstChild[list] = span;
  }
  return {
    *walk() {
      const waiting = [firstChild[count] ?? -1];
      for (let span = waiting.pop(); span !== undefined; span = waiting.pop()) {
        if (span < 0) continue;
        yield span;
        waiting.push(nextSibling[span] ?? -1, firstChild[span] ?? -1);
      }
    },
  };
}

function descendantsOf(parents: Float64Array): Float64Array {
  const descendants = new Float64Array(parents.length);
  for (let row = parents.length - 1; row >= 0; row--) {
    const parent = parents[row] ?? -1;
    if (parent >= 0) descendants[parent] = (descendants[parent] ?? 0) + 1 + (descendants[row] ?? 0);
  }
  return descendants;
}
