import type { CommandFailure } from '#shared/failure.ts';
import type { Trace, TraceSearch, TraceSummary } from '#shared/model/trace.ts';
import type { Result } from '#shared/result.ts';

/** Traces as the cache takes and gives them: whole. */

export interface TraceToKeep {
  readonly source: string;
  readonly trace: Trace;
  readonly summary: TraceSummary;
  readonly fetchedAtMs: number;
  /** The incident that holds on to it; null for none. */
  readonly incidentId: number | null;
}

export interface KeptTrace {
  readonly trace: Trace;
  readonly source: string;
  readonly fetchedAtMs: number;
}

export interface KeptSummaries {
  /** Newest first. */
  readonly traces: readonly TraceSummary[];
  readonly isMore: boolean;
  /** When the newest of them was fetched; null where nothing is kept. */
  readonly fetchedAtMs: number | null;
}

/** What the traces service asks of the store. Reads answer that nothing is kept where the cache cannot be read. */
export interface TraceCache {
  putTraces(traces: readonly TraceToKeep[]): Promise<Result<void, CommandFailure>>;
  /** @param source empty for any. */
  trace(source: string, traceId: string): Promise<KeptTrace | null>;
  /** As Jaeger searches: one span has to have all that is wanted, so durations and tags are those of spans. */
  searchTraces(search: TraceSearch): Promise<KeptSummaries>;
  incidentTraces(incidentId: number): Promise<KeptSummaries>;
  /** Services that occur in the kept traces of a source, sorted. */
  traceServices(source: string): Promise<readonly string[]>;
  traceOperations(source: string, service: string): Promise<readonly string[]>;
}
