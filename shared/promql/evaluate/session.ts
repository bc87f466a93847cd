import type { Result } from '#shared/result.ts';
import type { SampleSource } from '../model/samples.ts';
import { neededSamples, type NeededSamples } from '../needed-samples.ts';
import { QueryError, type QueryProblem } from '../problem.ts';
import type { Expression } from '../syntax/ast.ts';
import { commonKeys } from './common-expressions.ts';
import { defaultOptions, type QueryOptions } from './options.ts';
import { answered, type QueryOutcome, type QueryRange } from './run.ts';
import { SharedWork } from './shared-work.ts';

/**
 * Queries of one moment, such as the rules of a group or the panels of a dashboard: what several of them
 * select or compute is selected and computed once. It lives as long as its samples do not change, and
 * holds what it shares for as long.
 */
export class EvaluationSession {
  readonly #source: SampleSource;
  readonly #options: Partial<QueryOptions>;
  readonly #shared: SharedWork;
  readonly #expressions: readonly Expression[];
  #expectedMoment = '';

  /** @param expressions those that will be asked; others may be asked too, and share selections only. */
  constructor(source: SampleSource, expressions: readonly Expression[], options: Partial<QueryOptions> = {}) {
    this.#source = source;
    this.#options = options;
    this.#expressions = expressions;
    this.#shared = new SharedWork(commonKeys(expressions));
  }

  /** @param options for this query beside the session's: limits, not semantics. */
  instant(
    expression: Expression,
    atMs: number,
    options: SessionOptions = {},
  ): Result<QueryOutcome, QueryProblem> {
    return answered(expression, this.#setting(atMs, options));
  }

  range(
    expression: Expression,
    range: QueryRange,
    options: SessionOptions = {},
  ): Result<QueryOutcome, QueryProblem> {
    return answered(expression, this.#setting(range, options));
  }

  #setting(when: number | QueryRange, options: SessionOptions): Parameters<typeof answered>[1] {
    this.#expect(typeof when === 'number' ? { startMs: when, endMs: when, stepMs: 0 } : when);
    return {
      source: this.#source,
      when,
      options: { ...this.#options, ...options },
      shared: this.#shared,
    };
  }

  /** Whoever asks one of the expressions at a moment will ask the others at it too. */
  #expect(bounds: QueryRange): void {
    const moment = `${bounds.startMs}..${bounds.endMs}/${bounds.stepMs}`;
    if (moment === this.#expectedMoment) return;
    this.#expectedMoment = moment;
    const options = { ...defaultOptions, ...this.#options };
    this.#shared.expect(this.#expressions.flatMap((expression) => needsOf(expression, bounds, options)));
  }
}

/** An expression with an impossible duration needs nothing: asking it tells why. */
function needsOf(
  expression: Expression,
  bounds: QueryRange,
  options: QueryOptions,
): readonly NeededSamples[] {
  try {
    return neededSamples(expression, bounds, options);
  } catch (error) {
    if (error instanceof QueryError) return [];
    throw error;
  }
}

export type SessionOptions = Partial<Pick<QueryOptions, 'deadlineMs' | 'isCancelled' | 'maxSamples'>>;
