import { sourceFailed, type CommandFailure, type SourceFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { ExplainedQuery, QueryAnswer, QueryResult, QueryTimes } from '#shared/model/query.ts';
import type { Series } from '#shared/model/series.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import type { MomentRun } from './covered-moments.ts';
import type { KeptAnswer, KeptQuestion, QueryTraits } from './kept-query.ts';
import { joined, missingText, refusal, unanswered, unknownAnswer } from './query-words.ts';
import type { ThreadAnswer } from './query-threads.ts';

/**
 * Where a query goes: to its server, and where that does not answer to what is kept of it. The answer says
 * which it was; where the kept samples are not all that it needs it is unknown, and says what is missing.
 */

/** A server as queries ask it. */
export interface QueriedSource {
  readonly name: string;
  readonly isFresh: () => boolean;
  readonly query: (
    query: string,
    times: QueryTimes,
    signal: AbortSignal,
  ) => Promise<Result<LiveAnswer, SourceFailure>>;
}

export interface LiveAnswer {
  readonly result: QueryResult;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

export interface KeptQueries {
  ask(question: KeptQuestion, timeoutMs: number, signal?: AbortSignal): Promise<ThreadAnswer>;
}

/** A range evaluated over what is kept, as far as that reaches. */
export type EvaluatedRange =
  | {
      readonly kind: 'evaluated';
      readonly series: readonly Series[];
      /** When the oldest of what it rests on was fetched. */
      readonly atMs: number;
      /** The steps at which it is known. */
      readonly runs: readonly MomentRun[];
      /** What is not kept of the rest, in words that continue a sentence; empty where there is no rest. */
      readonly missing: string;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface QueryDeskOptions {
  readonly sources: () => readonly QueriedSource[];
  readonly kept: KeptQueries;
  /** How a source evaluates, as far as it ever told. */
  readonly traitsOf: (name: string) => Promise<QueryTraits>;
  readonly nowMs: () => number;
}

/** Prometheus gives a query two minutes; nobody at a screen does. */
const timeoutMs = 30 * secondMs;

export class QueryDesk {
  readonly #options: QueryDeskOptions;

  constructor(options: QueryDeskOptions) {
    this.#options = options;
  }

  /** @param name of the source; empty for the first. */
  async ask(
    name: string,
    query: string,
    times: QueryTimes,
    signal: AbortSignal,
  ): Promise<Result<QueryAnswer, CommandFailure>> {
    const source = this.#find(name);
    if (source === undefined) return success(unknownAnswer(nobody(name), []));
    if (!source.isFresh()) {
      const kept = await this.#keptAnswer(source.name, query, times, { explain: false }, signal);
      return this.#answerOf(source, kept, `${source.name} does not answer`);
    }
    const live = await this.#askLive(source, query, times, signal);
    if (live.ok) return live;
    // What the server says of the query itself holds for the kept samples as well.
    if (isOfTheQuery(live.failure)) return failed(sourceFailed(source.name, live.failure));
    const kept = await this.#keptAnswer(source.name, query, times, { explain: false }, signal);
    return this.#answerOf(source, kept, `${source.name}: ${live.failure.message}`);
  }

  /**
   * As `ask`, for whom no answer is worse than to wait for one: where what is kept says nothing, a source that is
   * out of sight is asked all the same.
   */
  async insist(
    name: string,
    query: string,
    times: QueryTimes,
    signal: AbortSignal,
  ): Promise<Result<QueryAnswer, CommandFailure>> {
    const source = this.#find(name);
    if (source === undefined || source.isFresh()) return this.ask(name, query, times, signal);
    const kept = await this.#keptAnswer(name, query, times, { explain: false }, signal);
    if (kept.kind === 'answered') return this.#answerOf(source, kept, `${name} does not answer`);
    const live = await this.#askLive(source, query, times, signal);
    if (live.ok) return live;
    if (isOfTheQuery(live.failure)) return failed(sourceFailed(name, live.failure));
    return this.#answerOf(source, kept, `${name}: ${live.failure.message}`);
  }

  /** The parts of a query as they come to be here, from what is kept; no server tells that. */
  async explain(
    name: string,
    query: string,
    times: QueryTimes,
    signal: AbortSignal,
  ): Promise<Result<ExplainedQuery, CommandFailure>> {
    const source = this.#find(name);
    if (source === undefined) return success({ answer: unknownAnswer(nobody(name), []), root: null });
    const kept = await this.#keptAnswer(source.name, query, times, { explain: true }, signal);
    const answer = this.#answerOf(source, kept, 'explained from what is kept');
    if (!answer.ok) return answer;
    return success({ answer: answer.value, root: kept.kind === 'answered' ? kept.root : null });
  }

  /** For a drawing, which is worth having in part: a range over what is kept of a source, at the steps that it covers. */
  async evaluateKept(
    name: string,
    query: string,
    times: QueryTimes,
    signal: AbortSignal,
  ): Promise<EvaluatedRange> {
    const how = { explain: false, mayBePart: true };
    const kept = await this.#keptAnswer(name, query, times, how, signal);
    switch (kept.kind) {
      case 'answered':
        return this.#evaluated(kept, times);
      case 'uncovered':
        return { kind: 'unknown', reason: missingText(kept.missing) };
      case 'unreadable':
        return { kind: 'unknown', reason: kept.cause };
      case 'refused':
        return { kind: 'unknown', reason: kept.problem.message };
      case 'unanswered':
        return { kind: 'unknown', reason: kept.message };
    }
  }

  #evaluated(
    { result, fetchedAtMs, part }: Extract<KeptAnswer, { kind: 'answered' }>,
    { fromMs, toMs }: QueryTimes,
  ): EvaluatedRange {
    if (result.kind !== 'matrix') return { kind: 'unknown', reason: `a ${result.kind} is not drawn` };
    return {
      kind: 'evaluated',
      series: result.series,
      atMs: fetchedAtMs ?? this.#options.nowMs(),
      runs: part?.runs ?? [{ firstMs: fromMs, lastMs: toMs }],
      missing: part === null ? '' : missingText(part.missing),
    };
  }

  #find(name: string): QueriedSource | undefined {
    return this.#options.sources().find((source) => name === '' || source.name === name);
  }

  async #askLive(
    source: QueriedSource,
    query: string,
    times: QueryTimes,
    signal: AbortSignal,
  ): Promise<Result<QueryAnswer, SourceFailure>> {
    const live = await source.query(query, times, signal);
    if (!live.ok) return live;
    const { result, warnings, infos } = live.value;
    const origin: Origin = { kind: 'live', source: source.name, atMs: this.#options.nowMs() };
    return success({ origin, result, warnings: [...warnings], infos: [...infos], missing: [] });
  }

  async #keptAnswer(
    name: string,
    query: string,
    times: QueryTimes,
    how: Pick<KeptQuestion, 'explain' | 'mayBePart'>,
    signal: AbortSignal,
  ): Promise<ThreadAnswer> {
    const traits = await this.#options.traitsOf(name);
    return this.#options.kept.ask({ source: name, query, times, traits, ...how }, timeoutMs, signal);
  }

  #answerOf(source: QueriedSource, kept: ThreadAnswer, reason: string): Result<QueryAnswer, CommandFailure> {
    switch (kept.kind) {
      case 'answered':
        return success(this.#cachedAnswer(source, kept, reason));
      case 'uncovered':
        return success(unknownAnswer(joined(reason, missingText(kept.missing)), kept.missing));
      case 'unreadable':
        return success(unknownAnswer(joined(reason, kept.cause), []));
      case 'refused':
        return failed(refusal(kept.problem));
      case 'unanswered':
        return failed(unanswered(kept));
    }
  }

  #cachedAnswer(
    { name }: QueriedSource,
    { result, warnings, infos, fetchedAtMs }: Extract<KeptAnswer, { kind: 'answered' }>,
    reason: string,
  ): QueryAnswer {
    // A query that needs no samples is as old as its asking.
    const atMs = fetchedAtMs ?? this.#options.nowMs();
    const origin: Origin = { kind: 'cache', source: name, atMs, reason };
    return { origin, result, warnings: [...warnings], infos: [...infos], missing: [] };
  }
}

function nobody(name: string): string {
  return name === '' ? 'no Prometheus is configured' : `no Prometheus named ${name} is configured`;
}

function isOfTheQuery({ code }: SourceFailure): boolean {
  return code === 'bad-query' || code === 'cancelled';
}
