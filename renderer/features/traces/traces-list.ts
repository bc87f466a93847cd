import { compareNanoseconds } from '#shared/model/log.ts';
import type { TraceSummary } from '#shared/model/trace.ts';
import { summaryOf } from '#shared/traces/summary.ts';
import type { TraceFile, TracesState } from '../../stores/traces.ts';

/** The traces that are listed, in their order. */
export function listedTraces({ shows, file, search, sort }: TracesState): readonly TraceSummary[] {
  if (shows === 'dependencies') return [];
  const traces = shows === 'file' ? summariesOf(file) : (search.answer?.traces ?? []);
  return traces.toSorted((left, right) =>
    sort === 'longest' ? right.durationNs - left.durationNs : compareNanoseconds(right.startNs, left.startNs),
  );
}

const summaries = new WeakMap<TraceFile, readonly TraceSummary[]>();

function summariesOf(file: TraceFile | null): readonly TraceSummary[] {
  if (file === null) return [];
  const known = summaries.get(file);
  if (known !== undefined) return known;
  const made = file.traces.map((trace) => summaryOf(trace, ''));
  summaries.set(file, made);
  return made;
}

/** The trace under the cursor: the one chosen, else the first. */
export function traceUnderCursor(
  traces: readonly TraceSummary[],
  chosen: string | null,
): TraceSummary | undefined {
  return traces.find(({ traceId }) => traceId === chosen) ?? traces[0];
}
