import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spanFlags, type Span, type SpanKind, type Trace, type TraceOutline } from '../model/trace.ts';
import { detailOf } from './detail.ts';
import { findInTrace } from './find.ts';
import { outlineOf } from './outline.ts';
import { summaryOf } from './summary.ts';

interface Sketch {
  readonly id: string;
  readonly parent?: string;
  readonly from: number;
  readonly to: number;
  readonly kind?: SpanKind;
  readonly follows?: boolean;
}

const traceId = '1'.repeat(32);

function spanOf({ id, parent = '', from, to, kind = 'internal', follows = false }: Sketch): Span {
  return {
    spanId: id,
    parentSpanId: parent,
    process: 0,
    operation: `op ${id}`,
    kind,
    startNs: String(1_700_000_000_000_000_000n + BigInt(from)),
    durationNs: to - from,
    status: 'unset',
    statusMessage: '',
    attributes: [],
    events: [],
    links: follows ? [{ kind: 'FOLLOWS_FROM', traceId, spanId: parent }] : [],
    warnings: [],
  };
}

function traceOf(...sketches: Sketch[]): Trace {
  const processes = [{ service: 'checkout', attributes: [] }];
  return { traceId, processes, spans: sketches.map(spanOf), warnings: [] };
}

function criticalPath({ spanIds, criticalRows, criticalFromNs, criticalToNs }: TraceOutline): unknown[] {
  return [...criticalRows].map((row, at) => [spanIds[row], criticalFromNs[at], criticalToNs[at]]);
}

/** Any parents at all: missing ones, oneself, cycles, ids that occur twice. */
const anyTrace = fc
  .array(
    fc.record({
      id: fc.integer({ min: 0, max: 30 }),
      parent: fc.integer({ min: -1, max: 35 }),
      from: fc.integer({ min: 0, max: 100 }),
      lasts: fc.integer({ min: 0, max: 50 }),
    }),
    { maxLength: 40 },
  )
  .map((spans) =>
    traceOf(
      ...spans.map(({ id, parent, from, lasts }) => ({
        id: String(id),
        parent: parent < 0 ? '' : String(parent),
        from,
        to: from + lasts,
      })),
    ),
  );

test('every span is one row, parents come before their children, and subtrees are what they say', () => {
  fc.assert(
    fc.property(anyTrace, (trace) => {
      const outline = outlineOf(trace);
      const { parents, depths, descendants, flags, offsetNs } = outline;
      const seen = new Set(outline.spanIds.map((_, row) => detailOf(trace, outline, row)?.span));
      expect(seen.size).toBe(trace.spans.length);
      const sizes = new Float64Array(parents.length);
      for (let row = parents.length - 1; row >= 0; row--) {
        const parent = parents[row] ?? -1;
        expect(parent).toBeLessThan(row);
        expect(depths[row]).toBe(parent < 0 ? 0 : (depths[parent] ?? 0) + 1);
        expect(descendants[row]).toBe(sizes[row]);
        if (parent >= 0) {
          sizes[parent] = (sizes[parent] ?? 0) + 1 + (sizes[row] ?? 0);
          expect(row).toBeLessThanOrEqual(parent + (descendants[parent] ?? 0));
          expect(outline.spanIds[parent]).toBe(detailOf(trace, outline, row)?.span.parentSpanId);
        }
        const isOrphan = ((flags[row] ?? 0) & spanFlags.orphan) !== 0;
        const wantsParent = detailOf(trace, outline, row)?.span.parentSpanId !== '';
        expect(isOrphan).toBe(parent < 0 && wantsParent);
      }
      parents.forEach((parent, row) => {
        const before = parents.lastIndexOf(parent, row - 1);
        if (row > 0 && before >= 0) expect(offsetNs[before]).toBeLessThanOrEqual(offsetNs[row] ?? 0);
      });
      const orphans = flags.filter((flag) => (flag & spanFlags.orphan) !== 0).length;
      expect(summaryOf(trace, '').orphanCount).toBe(orphans);
    }),
  );
});

test('a critical path lies within its trace and its spans, and never overlaps within a tree', () => {
  fc.assert(
    fc.property(anyTrace, (trace) => {
      const outline = outlineOf(trace);
      const { criticalRows, criticalFromNs, criticalToNs, offsetNs, durationsNs, depths } = outline;
      const rootOf = (row: number): number => depths.lastIndexOf(0, row);
      let before = Infinity;
      criticalRows.forEach((row, at) => {
        const from = criticalFromNs[at] ?? 0;
        const to = criticalToNs[at] ?? 0;
        expect(from).toBeLessThan(to);
        expect(from).toBeGreaterThanOrEqual(offsetNs[row] ?? 0);
        expect(to).toBeLessThanOrEqual((offsetNs[row] ?? 0) + (durationsNs[row] ?? 0));
        const isSameTree = at > 0 && rootOf(criticalRows[at - 1] ?? 0) === rootOf(row);
        if (isSameTree) expect(to).toBeLessThanOrEqual(before);
        before = from;
      });
    }),
  );
});

test('the critical path goes backward through the children that ended last', () => {
  const path = criticalPath(
    outlineOf(
      traceOf(
        { id: 'x', from: 0, to: 100 },
        { id: 'a', parent: 'x', from: 9, to: 49 },
        { id: 'c', parent: 'x', from: 19, to: 59 },
      ),
    ),
  );
  expect(path).toEqual([
    ['x', 59, 100],
    ['c', 19, 59],
    ['x', 0, 19],
  ]);
});

test('a child counts as far as it lies within its parent, and not at all outside of it', () => {
  const root = { id: 'a', from: 0, to: 29 };
  const overflowing = traceOf(
    root,
    { id: 'b', parent: 'a', from: 14, to: 34 },
    { id: 'c', parent: 'b', from: 9, to: 24 },
  );
  expect(criticalPath(outlineOf(overflowing))).toEqual([
    ['b', 24, 29],
    ['c', 14, 24],
    ['a', 0, 14],
  ]);
  const outside = traceOf(
    { id: 'a', from: 9, to: 29 },
    { id: 'b', parent: 'a', from: 0, to: 4 },
    { id: 'c', parent: 'b', from: 10, to: 20 },
  );
  expect(criticalPath(outlineOf(outside))).toEqual([['a', 9, 29]]);
});

test('what a parent does not wait for is not on its path, and neither is what is below it', () => {
  const root = { id: 'a', from: 0, to: 30 };
  for (const later of [{ kind: 'consumer' as const }, { follows: true }]) {
    const trace = traceOf(
      root,
      { id: 'b', parent: 'a', from: 5, to: 25, ...later },
      { id: 'c', parent: 'b', from: 6, to: 20 },
    );
    expect(criticalPath(outlineOf(trace))).toEqual([['a', 0, 30]]);
  }
});

test('finding goes through names, tags, events and ids, in any case', () => {
  const { spans, ...rest } = traceOf({ id: 'a', from: 0, to: 9 }, { id: 'b', parent: 'a', from: 1, to: 2 });
  const attributes = [{ key: 'http.route', type: 'string' as const, value: '/Cart' }];
  const events = [{ timeNs: '1', name: 'Retry', attributes }];
  const trace: Trace = {
    ...rest,
    spans: spans.map((span) => (span.spanId === 'b' ? { ...span, events, attributes } : span)),
  };
  const outline = outlineOf(trace);
  const rows = (text: string): number[] => [...findInTrace(trace, outline, text)];
  expect(rows('retry')).toEqual([1]);
  expect(rows('HTTP.route=/cart')).toEqual([1]);
  expect(rows('op A')).toEqual([0]);
  expect(rows('checkout')).toEqual([0, 1]);
  expect(rows('  ')).toEqual([]);
  expect(rows('nowhere')).toEqual([]);
});

test('what the fields of a span say is found by the names that Jaeger has for it', () => {
  const { spans, ...rest } = traceOf(
    { id: 'a', from: 0, to: 9, kind: 'server' },
    { id: 'b', parent: 'a', from: 1, to: 2, kind: 'client' },
  );
  const trace: Trace = {
    ...rest,
    spans: spans.map((span) => (span.spanId === 'b' ? { ...span, status: 'error' } : span)),
  };
  const rows = (text: string): number[] => [...findInTrace(trace, outlineOf(trace), text)];
  expect(rows('span.kind=server')).toEqual([0]);
  expect(rows('error=true')).toEqual([1]);
  expect(rows('otel.status_code=error')).toEqual([1]);
});

test('a row that is not there, or of another trace, has no detail', () => {
  const trace = traceOf({ id: 'a', from: 0, to: 9 });
  const other = outlineOf(traceOf({ id: 'b', from: 0, to: 9 }));
  expect(detailOf(trace, outlineOf(trace), 1)).toBeUndefined();
  expect(detailOf(trace, other, 0)).toBeUndefined();
});

const shapes = {
  chain: (index: number) => index - 1,
  star: (index: number) => (index === 0 ? -1 : 0),
  tree: (index: number) => (index === 0 ? -1 : Math.floor((index - 1) / 5)),
};

test.each(Object.entries(shapes))('50,000 spans as a %s are outlined in time', (_name, parentOf) => {
  const trace = traceOf(
    ...Array.from({ length: 50_000 }, (_, index) => ({
      id: index.toString(16).padStart(16, '0'),
      parent: parentOf(index) < 0 ? '' : parentOf(index).toString(16).padStart(16, '0'),
      from: index,
      to: 200_000 - index,
    })),
  );
  const startedAtMs = performance.now();
  const outline = outlineOf(trace);
  const tookMs = performance.now() - startedAtMs;
  expect(outline.descendants[0]).toBe(49_999);
  // Well under 200 ms on a quiet machine; the bound here only catches what grows faster than its input.
  expect(tookMs).toBeLessThan(2_000);
});
