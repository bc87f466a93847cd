import * as v from 'valibot';
import { nanosecondsSchema, type Nanoseconds } from './log.ts';
import { originSchema } from './origin.ts';

/**
 * One trace model for every dialect of Jaeger and for OTLP. Times are Unix nanoseconds in decimal text,
 * durations nanoseconds in a number (exact up to 104 days). A whole trace stays with who read it: the core,
 * or the window that opened a file. What is drawn is its outline, in columns; the rest of a span is asked
 * for when it is looked at.
 */

/** A tag's value as text: an integer of 64 bits is exact, `binary` is base64, `json` is anything nested. */
export const attributeSchema = v.object({
  key: v.string(),
  type: v.picklist(['string', 'bool', 'int64', 'float64', 'binary', 'json']),
  value: v.string(),
});
export type Attribute = v.InferOutput<typeof attributeSchema>;

export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof spanKinds)[number];

export const spanSchema = v.object({
  /** 16 lower-case hex digits. */
  spanId: v.string(),
  /** Empty for a root. The parent may be missing from the trace. */
  parentSpanId: v.string(),
  /** Index into the trace's `processes`. */
  process: v.number(),
  operation: v.string(),
  kind: v.picklist(spanKinds),
  startNs: nanosecondsSchema,
  durationNs: v.number(),
  status: v.picklist(['unset', 'ok', 'error']),
  statusMessage: v.string(),
  attributes: v.array(attributeSchema),
  events: v.array(
    v.object({ timeNs: nanosecondsSchema, name: v.string(), attributes: v.array(attributeSchema) }),
  ),
  /** References to other spans, the parent left out. */
  links: v.array(
    v.object({
      kind: v.string(),
      traceId: v.string(),
      spanId: v.string(),
      /** Of OTLP alone; v1 has none, and neither have traces that were kept before these were read. */
      attributes: v.optional(v.array(attributeSchema)),
    }),
  ),
  /** What the server's adjusters said of this span: clock skew among it. Shown, never hidden. */
  warnings: v.array(v.string()),
});
export type Span = v.InferOutput<typeof spanSchema>;

export const processSchema = v.object({ service: v.string(), attributes: v.array(attributeSchema) });
export type Process = v.InferOutput<typeof processSchema>;

/** A trace whole, as it was read. Its spans are in the order of the answer. */
export interface Trace {
  /** Lower-case hex, 32 digits, or 16 where the server knows no more. */
  readonly traceId: string;
  readonly processes: readonly Process[];
  readonly spans: readonly Span[];
  readonly warnings: readonly string[];
}

/** Bits of `flags` in an outline. */
export const spanFlags = { error: 1, warning: 2, orphan: 4 } as const;

/**
 * What a waterfall draws of a trace: one entry per span in each column, parents before their children,
 * siblings by their start.
 */
export const traceOutlineSchema = v.object({
  traceId: v.string(),
  /** Earliest start of any span. */
  startNs: nanosecondsSchema,
  /** From the earliest start to the latest end. */
  durationNs: v.number(),
  services: v.array(v.string()),
  operations: v.array(v.string()),
  spanIds: v.array(v.string()),
  /** Since the trace's start. */
  offsetNs: v.instance(Float64Array),
  durationsNs: v.instance(Float64Array),
  depths: v.instance(Float64Array),
  /** Row of the parent, -1 for none. */
  parents: v.instance(Float64Array),
  /** Rows below: the row's subtree ends before `row + 1 + descendants[row]`. */
  descendants: v.instance(Float64Array),
  /** Indices into `services` and `operations`. */
  serviceOf: v.instance(Float64Array),
  operationOf: v.instance(Float64Array),
  flags: v.instance(Float64Array),
  /** The parts of spans that lie on the critical path: row, and from and to since the trace's start. */
  criticalRows: v.instance(Float64Array),
  criticalFromNs: v.instance(Float64Array),
  criticalToNs: v.instance(Float64Array),
  /** Warnings of the trace and of its spans, each once, with how many spans have it. */
  warnings: v.array(v.object({ message: v.string(), spans: v.number() })),
});
export type TraceOutline = v.InferOutput<typeof traceOutlineSchema>;

export const spanDetailSchema = v.object({ span: spanSchema, process: processSchema });
export type SpanDetail = v.InferOutput<typeof spanDetailSchema>;

export const traceSummarySchema = v.object({
  traceId: v.string(),
  /** Name of the source that has it; empty for one of a file. */
  source: v.string(),
  rootService: v.string(),
  rootOperation: v.string(),
  startNs: nanosecondsSchema,
  durationNs: v.number(),
  spanCount: v.number(),
  errorCount: v.number(),
  /** Spans whose parent is not in the trace. */
  orphanCount: v.number(),
  services: v.array(v.object({ name: v.string(), spans: v.number(), errors: v.number() })),
});
export type TraceSummary = v.InferOutput<typeof traceSummarySchema>;

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));

export const traceSearchSchema = v.object({
  /** Name of the source; empty for the first of its kind. */
  source: text(64),
  service: text(500),
  /** Empty for any. */
  operation: text(500),
  /** All of them must be on one span. */
  tags: v.pipe(v.array(v.object({ key: text(200), value: text(2_000) })), v.maxLength(50)),
  minDurationNs: v.nullable(v.number()),
  maxDurationNs: v.nullable(v.number()),
  fromMs: v.number(),
  toMs: v.number(),
  limit: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_500)),
});
export type TraceSearch = v.InferOutput<typeof traceSearchSchema>;

export const traceListSchema = v.object({
  origin: originSchema,
  search: traceSearchSchema,
  /** Newest first. */
  traces: v.array(traceSummarySchema),
  /** As many as the limit: there may be more. */
  isMore: v.boolean(),
  warnings: v.array(v.string()),
});
export type TraceList = v.InferOutput<typeof traceListSchema>;

export const dependenciesSchema = v.object({
  origin: originSchema,
  links: v.array(v.object({ parent: v.string(), child: v.string(), callCount: v.number() })),
});
export type Dependencies = v.InferOutput<typeof dependenciesSchema>;

/** The nanosecond that lies `offsetNs` after a time. */
export function nanosecondsAfter(timeNs: Nanoseconds, offsetNs: number): Nanoseconds {
  const sum = BigInt(timeNs) + BigInt(Math.round(offsetNs));
  return String(sum < 0n ? 0n : sum);
}
