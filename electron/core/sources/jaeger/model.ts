import type { Dependencies, Process, Trace, TraceSummary } from '#shared/model/trace.ts';

/** What the client of Jaeger answers beside traces themselves. */

export interface FoundTraces {
  /** Newest first. */
  readonly summaries: readonly TraceSummary[];
  /** The whole traces where the server's search gives them anyway; empty where it gives summaries. */
  readonly traces: readonly Trace[];
}

export type DependencyLink = Dependencies['links'][number];

/** A trace without its spans: they are the rows that follow it in a listing, `spanCount` of them. */
export interface TraceHead {
  readonly traceId: string;
  readonly processes: readonly Process[];
  readonly warnings: readonly string[];
  readonly spanCount: number;
}
