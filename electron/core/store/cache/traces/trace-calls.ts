import type { CommandFailure } from '#shared/failure.ts';
import type { TraceSearch, TraceSummary } from '#shared/model/trace.ts';
import { success, type Result } from '#shared/result.ts';
import type { StoreClient } from '../../store-client.ts';
import type { KeptSummaries, TraceToKeep } from '../trace-records.ts';
import type { TraceCursor, TracePage } from './trace-store.ts';

/** Traces from the core's side: one call a trace, one call a page, so that other calls come in between. */
export const noTraces: KeptSummaries = { traces: [], isMore: false, fetchedAtMs: null };

export async function putTraces(
  client: StoreClient,
  traces: readonly TraceToKeep[],
): Promise<Result<void, CommandFailure>> {
  for (const trace of traces) {
    const put = await client.call('putTrace', trace);
    if (!put.ok) return put;
  }
  return success(undefined);
}

export async function searchTraces(client: StoreClient, search: TraceSearch): Promise<KeptSummaries> {
  const traces: TraceSummary[] = [];
  let fetchedAtMs: number | null = null;
  let cursor: TraceCursor | null = null;
  while (traces.length <= search.limit) {
    const limit = search.limit + 1 - traces.length;
    const answer: Result<TracePage, CommandFailure> = await client.call('searchTraces', {
      search,
      limit,
      cursor,
    });
    if (!answer.ok) return noTraces;
    const page: TracePage = answer.value;
    traces.push(...page.traces);
    if (page.fetchedAtMs !== null) fetchedAtMs = Math.max(fetchedAtMs ?? 0, page.fetchedAtMs);
    cursor = page.next;
    if (cursor === null) break;
  }
  return { traces: traces.slice(0, search.limit), isMore: traces.length > search.limit, fetchedAtMs };
}
