import type { SourceFailure } from '#shared/failure.ts';
import type { Trace, TraceSearch } from '#shared/model/trace.ts';
import { compareNanoseconds } from '#shared/model/log.ts';
import { success, type Result } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import { summaryOf } from '#shared/traces/summary.ts';
import { ask } from '../ask.ts';
import type { AskOptions, HttpRequest } from '../http-message.ts';
import type { SourceHttp } from '../http.ts';
import { tracesOf } from './answers.ts';
import { failureOfJaeger, isNothing, isUnknownPath } from './failure.ts';
import type { DependencyLink, FoundTraces } from './model.ts';
import { v1Search, v3Search } from './search-parameters.ts';

type Answered<Value> = Promise<Result<Value, SourceFailure>>;

/** A trace of 100,000 spans takes some 72 MiB. */
const traceCapBytes = 96 * 1_048_576;

/** How searches are asked, the one that is tried first in front. */
const dialects = ['summaries', 'v1', 'v3'] as const;
export type JaegerDialect = (typeof dialects)[number];
type Dialect = JaegerDialect;

/**
 * Jaeger's query API in whichever dialect the server speaks: 1.x to 2.18 search over v1, 2.19 has
 * summaries beside it, and later ones have no search in v1 any more. Nothing tells which it is, so it is
 * found by asking, and found again when the server no longer knows the path.
 */
export class JaegerClient {
  readonly kind = 'jaeger';
  readonly http: SourceHttp;
  #dialect: Dialect | null = null;

  constructor(http: SourceHttp) {
    this.http = http;
  }

  async services(options: AskOptions = {}): Answered<readonly string[]> {
    const answer = await this.#either(
      () => ask(this.http, 'jaeger.services', { path: '/api/v3/services' }, failureOfJaeger, options),
      () => ask(this.http, 'jaeger.services', { path: '/api/services' }, failureOfJaeger, options),
    );
    return answer.ok ? success(answer.value.rows.toSorted(byText)) : answer;
  }

  async operations(service: string, options: AskOptions = {}): Answered<readonly string[]> {
    const parameters = new URLSearchParams({ service });
    const v3 = { path: '/api/v3/operations', parameters } as const;
    const v1 = { path: '/api/operations', parameters } as const;
    const answer = await this.#either(
      () => ask(this.http, 'jaeger.operations', v3, failureOfJaeger, options),
      () => ask(this.http, 'jaeger.operations', v1, failureOfJaeger, options),
    );
    return answer.ok ? success(answer.value.rows.toSorted(byText)) : answer;
  }

  /** The newest traces that match, as many as the limit. The search's own source is not looked at. */
  async search(search: TraceSearch, options: AskOptions = {}): Answered<FoundTraces> {
    const { found } = await this.#searched(search, options);
    return found;
  }

  /**
   * How the server is searched; found out by a search of one trace where no search has told it yet.
   * @param service one that the server names.
   */
  async dialect(service: string, options: AskOptions = {}): Answered<JaegerDialect> {
    if (this.#dialect !== null) return success(this.#dialect);
    const toMs = Date.now();
    const search = { ...anything, tags: [], service, fromMs: toMs - minuteMs, toMs };
    const { dialect, found } = await this.#searched(search, options);
    return found.ok || dialect !== null ? success(dialect ?? dialects[0]) : found;
  }

  /** The version as the server's own page has it; empty where it tells none. */
  async version(options: AskOptions = {}): Answered<string> {
    const page = await ask(this.http, 'jaeger.page', { path: '/' }, failureOfJaeger, options);
    return page.ok ? success(page.value.rows[0]?.version ?? '') : page;
  }

  /** One trace whole; null where the server has none of that id. */
  async trace(traceId: string, options: AskOptions = {}): Answered<Trace | null> {
    const answer = await this.#either(
      () => this.#traces({ path: `/api/traces/${encodeURIComponent(traceId)}` }, options),
      () => this.#traces({ path: `/api/v3/traces/${encodeURIComponent(traceId)}` }, options),
    );
    return answer.ok ? success(answer.value[0] ?? null) : answer;
  }

  /** Who called whom in a range, as the server counted it. */
  async dependencies(
    fromMs: number,
    toMs: number,
    options: AskOptions = {},
  ): Answered<readonly DependencyLink[]> {
    const parameters = new URLSearchParams({
      endTs: String(Math.ceil(toMs)),
      lookback: String(Math.max(1, Math.ceil(toMs - fromMs))),
    });
    const request = { path: '/api/dependencies', parameters } as const;
    const answer = await ask(this.http, 'jaeger.dependencies', request, failureOfJaeger, options);
    return answer.ok ? success(answer.value.rows) : answer;
  }

  /** @returns `dialect` null where no dialect is known by the answer. */
  async #searched(
    search: TraceSearch,
    options: AskOptions,
  ): Promise<{ readonly dialect: Dialect | null; readonly found: Result<FoundTraces, SourceFailure> }> {
    const remembered = this.#dialect;
    const order =
      remembered === null ? dialects : [remembered, ...dialects.filter((one) => one !== remembered)];
    let refusal: Result<FoundTraces, SourceFailure> | null = null;
    for (const dialect of order) {
      const found = await this.#searchIn(dialect, search, options);
      if (found.ok || !isUnknownPath(found.failure)) {
        // A refusal in the server's own words is of a dialect that it speaks.
        const isSpoken = found.ok || found.failure.code === 'bad-query';
        if (isSpoken) this.#dialect = dialect;
        return { dialect: isSpoken ? dialect : null, found };
      }
      refusal ??= found;
    }
    this.#dialect = null;
    return { dialect: null, found: refusal ?? success({ summaries: [], traces: [] }) };
  }

  async #searchIn(dialect: Dialect, search: TraceSearch, options: AskOptions): Answered<FoundTraces> {
    if (dialect === 'summaries') {
      const request = { path: '/api/v3/trace-summaries', parameters: v3Search(search) } as const;
      const answer = await ask(this.http, 'jaeger.summaries', request, failureOfJaeger, options);
      if (answer.ok) return success({ summaries: answer.value.rows.toSorted(newestFirst), traces: [] });
      return isNothing(answer.failure) ? success({ summaries: [], traces: [] }) : answer;
    }
    const answer = await this.#traces(
      dialect === 'v1'
        ? { path: '/api/traces', parameters: v1Search(search) }
        : { path: '/api/v3/traces', parameters: v3Search(search) },
      options,
    );
    if (!answer.ok) return answer;
    const summaries = answer.value.map((trace) => summaryOf(trace, '')).toSorted(newestFirst);
    return success({ summaries, traces: answer.value });
  }

  async #traces(request: HttpRequest, options: AskOptions): Answered<readonly Trace[]> {
    const bounded = { ...request, capBytes: traceCapBytes };
    const answer = await ask(this.http, 'jaeger.traces', bounded, failureOfJaeger, options);
    if (answer.ok) return success(tracesOf(answer.value.rows));
    return isNothing(answer.failure) ? success([]) : answer;
  }

  /** Asks the second way where the server does not know the first; its refusal of both is the first one's. */
  async #either<Value>(first: () => Answered<Value>, second: () => Answered<Value>): Answered<Value> {
    const answer = await first();
    if (answer.ok || !isUnknownPath(answer.failure)) return answer;
    const other = await second();
    return other.ok || !isUnknownPath(other.failure) ? other : answer;
  }
}

const anything = {
  source: '',
  operation: '',
  minDurationNs: null,
  maxDurationNs: null,
  limit: 1,
} as const satisfies Partial<TraceSearch>;

function newestFirst(left: { readonly startNs: string }, right: { readonly startNs: string }): number {
  return compareNanoseconds(right.startNs, left.startNs);
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
