import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import type {
  Dependencies,
  SpanDetail,
  Trace,
  TraceList,
  TraceOutline,
  TraceSearch,
} from '#shared/model/trace.ts';
import { drop, failed, messageOf, success, type Result } from '#shared/result.ts';
import { detailOf } from '#shared/traces/detail.ts';
import { findInTrace } from '#shared/traces/find.ts';
import { summaryOf } from '#shared/traces/summary.ts';
import { logError } from '#core/log.ts';
import type { KeptTrace, TraceCache } from '#core/store/cache/trace-records.ts';
import { dependencyLinks } from './dependency-links.ts';
import { OpenedTraces, type OpenedTrace } from './opened-traces.ts';
import { askSources, type Live, type TraceSource } from './trace-source.ts';

/**
 * Everything that a window asks about traces: of a live source, else of what is kept, else unknown, and
 * every answer says which. What was looked at is kept, so that it is there when the source is not.
 */

export interface TracesServiceOptions {
  readonly sources: () => readonly TraceSource[];
  readonly cache: TraceCache;
  readonly nowMs: () => number;
}

interface Names {
  readonly origin: Origin;
  readonly names: string[];
}

interface Opening {
  readonly origin: Origin;
  readonly opened: OpenedTrace | null;
}

/** Kept traces that dependencies are counted in at most, the newest first. */
const mostCounted = 200;
/** Spans that are put into the cache for one search at most; those of larger answers are not kept. */
const mostSearchedSpans = 50_000;
/** Spans that dependencies are counted in at most. */
const mostCountedSpans = 200_000;

export class TracesService {
  readonly #options: TracesServiceOptions;
  readonly #opened = new OpenedTraces();

  constructor(options: TracesServiceOptions) {
    this.#options = options;
  }

  async services(source: string, signal?: AbortSignal): Promise<Names> {
    const live = await this.#ask(source, (client) => client.services({ signal }));
    if (live.kind === 'live') return this.#liveNames(live);
    return this.#keptNames(live, await this.#options.cache.traceServices(live.source));
  }

  async operations(source: string, service: string, signal?: AbortSignal): Promise<Names> {
    const live = await this.#ask(source, (client) => client.operations(service, { signal }));
    if (live.kind === 'live') return this.#liveNames(live);
    return this.#keptNames(live, await this.#options.cache.traceOperations(live.source, service));
  }

  /**
   * @param isEverywhere whether a source that has none leaves it to the others: that there are none is then
   * said only where every source said so. Else the first source that answers is the one that is asked.
   */
  async search(search: TraceSearch, signal?: AbortSignal, isEverywhere = false): Promise<TraceList> {
    const live = await askSources(
      this.#options.sources(),
      search.source,
      (client) => client.search(search, { signal }),
      ({ summaries }) => !isEverywhere || summaries.length > 0,
    );
    if (live.kind === 'none') return this.#searchKept({ ...search, source: live.source }, live.reason);
    const { summaries, traces } = live.value;
    const few = fewEnough(traces);
    drop(this.#keepBeside(live.source, few), 'the answer does not wait for the cache');
    return {
      origin: this.#liveOrigin(live.source),
      search,
      traces: summaries.map((summary) => ({ ...summary, source: live.source })),
      isMore: summaries.length >= search.limit,
      warnings:
        few.length === traces.length
          ? []
          : [`${traces.length - few.length} large traces of this answer are not kept; open one to keep it`],
    };
  }

  /** A trace as it is drawn; without an outline where nobody has it. */
  async open(
    source: string,
    traceId: string,
    signal?: AbortSignal,
  ): Promise<{ origin: Origin; outline: TraceOutline | null }> {
    const { origin, opened } = await this.#open(source, traceId, signal);
    return { origin, outline: opened?.outline ?? null };
  }

  async span(
    source: string,
    traceId: string,
    row: number,
    signal?: AbortSignal,
  ): Promise<Result<SpanDetail, CommandFailure>> {
    const opened = await this.#openedOrOpen(source, traceId, signal);
    if (opened === null) return failed(noTrace(traceId));
    const detail = detailOf(opened.trace, opened.outline, row);
    if (detail !== undefined) return success(detail);
    return failed(commandFailure('not-found', `the trace has no row ${row}`, 'Open the trace again.'));
  }

  async find(
    source: string,
    traceId: string,
    text: string,
    signal?: AbortSignal,
  ): Promise<Result<{ rows: Float64Array<ArrayBuffer> }, CommandFailure>> {
    const opened = await this.#openedOrOpen(source, traceId, signal);
    if (opened === null) return failed(noTrace(traceId));
    return success({ rows: new Float64Array(findInTrace(opened.trace, opened.outline, text)) });
  }

  /** As the server counted it; without one, as the kept traces of the range have it, and it says so. */
  async dependencies(
    source: string,
    fromMs: number,
    toMs: number,
    signal?: AbortSignal,
  ): Promise<Dependencies> {
    const live = await this.#ask(source, (client) => client.dependencies(fromMs, toMs, { signal }));
    if (live.kind === 'live') return { origin: this.#liveOrigin(live.source), links: [...live.value] };
    const kept = await this.#keptTraces(live.source, fromMs, toMs);
    const newestMs = kept.reduce((newest, one) => Math.max(newest, one.fetchedAtMs), 0);
    if (kept.length === 0) return { origin: unknown(live.reason), links: [] };
    const reason = `${live.reason}; counted in ${kept.length} kept traces, not in all there were`;
    return {
      origin: { kind: 'cache', source: live.source, atMs: newestMs, reason },
      links: dependencyLinks(kept.map(({ trace }) => trace)),
    };
  }

  /**
   * Traces with errors of a service, fetched whole and held for an incident. Asked of every source in
   * turn until one has some.
   * @returns how many were kept, or why none could be asked for.
   */
  async captureErrors(wanted: {
    readonly service: string;
    readonly fromMs: number;
    readonly toMs: number;
    readonly limit: number;
    readonly incidentId: number;
    readonly signal?: AbortSignal;
  }): Promise<Result<number, string>> {
    const { service, fromMs, toMs, limit, incidentId, signal } = wanted;
    let reason = 'no Jaeger is configured';
    let isAnswered = false;
    for (const { name } of this.#options.sources()) {
      const search = { ...errorSearch(name, service, fromMs, toMs), limit };
      const live = await this.#ask(name, (client) => client.search(search, { signal }));
      if (live.kind === 'none') {
        reason = live.reason;
        continue;
      }
      isAnswered = true;
      const { summaries, traces } = live.value;
      const whole = new Map(traces.map((trace) => [trace.traceId, trace]));
      let missed = '';
      const missing = summaries.filter(({ traceId }) => !whole.has(traceId)).slice(0, limit);
      for (const { traceId } of missing) {
        const trace = await this.#ask(name, (client) => client.trace(traceId, { signal }));
        if (trace.kind === 'none') missed = trace.reason;
        else if (trace.value !== null) whole.set(traceId, trace.value);
      }
      const kept = [...whole.values()].slice(0, limit);
      const put = await this.#keep(name, kept, incidentId);
      if (!put.ok) return failed(`the traces could not be kept: ${put.failure}`);
      // The source went while it was asked: what it found is there to be had later.
      if (missed !== '') return failed(missed);
      if (kept.length > 0) return success(kept.length);
    }
    return isAnswered ? success(0) : failed(reason);
  }

  /** The traces held for an incident: those kept, for they are what was seen then. */
  async incidentTraces(incidentId: number, search: TraceSearch, reason: string): Promise<TraceList> {
    const kept = await this.#options.cache.incidentTraces(incidentId);
    return this.#listOf(search, kept, reason);
  }

  /** What was opened, and again where it was forgotten since. */
  async #openedOrOpen(source: string, traceId: string, signal?: AbortSignal): Promise<OpenedTrace | null> {
    return this.#opened.find(source, traceId) ?? (await this.#open(source, traceId, signal)).opened;
  }

  async #open(source: string, traceId: string, signal?: AbortSignal): Promise<Opening> {
    const live = await askSources(
      this.#options.sources(),
      source,
      (client) => client.trace(traceId, { signal }),
      (trace) => trace !== null,
    );
    if (live.kind === 'live' && live.value !== null) {
      drop(this.#keepBeside(live.source, [live.value]), 'the window does not wait for the cache');
      const origin = this.#liveOrigin(live.source);
      return { origin, opened: this.#opened.open(source, traceId, live.value) };
    }
    const reason = live.kind === 'none' ? live.reason : `${live.source} has no such trace any more`;
    const kept = await this.#options.cache.trace(source, traceId);
    if (kept !== null) {
      const origin: Origin = { kind: 'cache', source: kept.source, atMs: kept.fetchedAtMs, reason };
      return { origin, opened: this.#opened.open(source, traceId, kept.trace) };
    }
    // That a source which answers has no such trace is known; without one it is not.
    return { origin: live.kind === 'live' ? this.#liveOrigin(live.source) : unknown(reason), opened: null };
  }

  async #searchKept(search: TraceSearch, reason: string): Promise<TraceList> {
    return this.#listOf(search, await this.#options.cache.searchTraces(search), reason);
  }

  #listOf(
    search: TraceSearch,
    kept: Awaited<ReturnType<TraceCache['searchTraces']>>,
    reason: string,
  ): TraceList {
    const { traces, isMore, fetchedAtMs } = kept;
    const origin: Origin =
      fetchedAtMs === null
        ? unknown(reason)
        : { kind: 'cache', source: search.source || (traces[0]?.source ?? ''), atMs: fetchedAtMs, reason };
    const warnings = fetchedAtMs === null ? [] : ['Only traces that were looked at before are kept.'];
    return { origin, search, traces: [...traces], isMore, warnings };
  }

  async #keptTraces(source: string, fromMs: number, toMs: number): Promise<readonly KeptTrace[]> {
    const search = { ...errorSearch(source, '', fromMs, toMs), tags: [], limit: mostCounted };
    const { traces } = await this.#options.cache.searchTraces(search);
    const kept: KeptTrace[] = [];
    let spans = 0;
    for (const summary of traces) {
      spans += summary.spanCount;
      if (spans > mostCountedSpans) break;
      const one = await this.#options.cache.trace(summary.source, summary.traceId);
      if (one !== null) kept.push(one);
    }
    return kept;
  }

  /** Keeps what was answered: what cannot be kept is only missing from a later look without the source. */
  async #keepBeside(source: string, traces: readonly Trace[]): Promise<void> {
    const put = await this.#keep(source, traces, null);
    if (!put.ok) logError('traces.not-kept', { source, traces: traces.length, reason: put.failure });
  }

  /** @returns why not, also where the cache broke: no answer may fail for it. */
  async #keep(
    source: string,
    traces: readonly Trace[],
    incidentId: number | null,
  ): Promise<Result<void, string>> {
    if (traces.length === 0) return success(undefined);
    const fetchedAtMs = this.#options.nowMs();
    try {
      const put = await this.#options.cache.putTraces(
        traces.map((trace) => ({
          source,
          trace,
          summary: summaryOf(trace, source),
          fetchedAtMs,
          incidentId,
        })),
      );
      return put.ok ? put : failed(put.failure.message);
    } catch (error) {
      return failed(messageOf(error));
    }
  }

  async #ask<Value>(name: string, ask: Parameters<typeof askSources<Value>>[2]): Promise<Live<Value>> {
    return askSources(this.#options.sources(), name, ask);
  }

  #liveNames({ source, value }: Extract<Live<readonly string[]>, { kind: 'live' }>): Names {
    return { origin: this.#liveOrigin(source), names: [...value] };
  }

  #keptNames(live: Extract<Live<unknown>, { kind: 'none' }>, names: readonly string[]): Names {
    if (names.length === 0) return { origin: unknown(live.reason), names: [] };
    // Names have no time of their own: they are of traces kept until now.
    const atMs = this.#options.nowMs();
    return { origin: { kind: 'cache', source: live.source, atMs, reason: live.reason }, names: [...names] };
  }

  #liveOrigin(source: string): Origin {
    return { kind: 'live', source, atMs: this.#options.nowMs() };
  }
}

/** Traces with an error in a service, as Jaeger tags them in every dialect. */
export function errorSearch(source: string, service: string, fromMs: number, toMs: number): TraceSearch {
  return {
    source,
    service,
    operation: '',
    tags: [{ key: 'error', value: 'true' }],
    minDurationNs: null,
    maxDurationNs: null,
    fromMs,
    toMs,
    limit: 20,
  };
}

/** The traces of an answer up to a sum of spans, in their order; a large one is passed over. */
function fewEnough(traces: readonly Trace[]): Trace[] {
  let spans = 0;
  return traces.filter((trace) => {
    if (spans + trace.spans.length > mostSearchedSpans) return false;
    spans += trace.spans.length;
    return true;
  });
}

function unknown(reason: string): Origin {
  return { kind: 'unknown', reason };
}

function noTrace(traceId: string): CommandFailure {
  return commandFailure(
    'not-found',
    `trace ${traceId} is neither at a source nor kept`,
    'Search for it again, over a range that holds it.',
  );
}
