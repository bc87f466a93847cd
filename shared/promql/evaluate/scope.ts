import { QueryError, type Annotation } from '../problem.ts';
import type { Expression, TextSpan } from '../syntax/ast.ts';
import type { LabelPool } from '../model/label-set.ts';
import type { SampleSource } from '../model/samples.ts';
import type { Column, EvaluatedValue, Steps } from './columns.ts';
import type { EvaluationContext } from './context.ts';
import type { QueryOptions } from './options.ts';
import type { SharedWork } from './shared-work.ts';

/**
 * Where a node is evaluated: a query's steps, or those of a subquery within it. It carries the evaluator
 * itself, so that the files of single kinds of nodes need not know each other.
 */
export interface Scope extends EvaluationContext {
  readonly query: Query;
  evaluate(expression: Expression): EvaluatedValue;
  /**
   * Gives the columns of a vector one by one.
   * @param keeps whether the columns' arrays stay the receiver's; otherwise they are used again for the
   *   next column. Either way they are read only.
   */
  stream(expression: Expression, keeps: boolean, receive: ColumnReceiver): void;
  at(steps: Steps): Scope;
}

export type ColumnReceiver = (column: Column) => void;

/** What is the same for all nodes of one query. */
export interface Query {
  readonly source: SampleSource;
  readonly options: QueryOptions;
  /** Of the whole query, whatever the steps of a subquery: `start()`, `end()`, `step()`, `range()`. */
  readonly bounds: QueryBounds;
  readonly shared: SharedWork;
  readonly budget: SampleBudget;
  /** Told what each node gave; null where nobody asks. */
  readonly observer: NodeObserver | null;
  readonly remarks: Remarks;
  /** @param work in units of a few thousand steps of a loop, at least one. */
  readonly checkpoint: (work: number) => void;
}

export interface QueryBounds {
  readonly startMs: number;
  readonly endMs: number;
  /** 0 for an instant query. */
  readonly stepMs: number;
}

export interface NodeObserver {
  enter(expression: Expression): void;
  leave(expression: Expression, steps: Steps, value: ObservedValue): void;
}

export type ObservedValue =
  | EvaluatedValue
  | { readonly kind: 'matrix'; readonly series: readonly ObservedSeries[] };

export interface ObservedSeries {
  readonly labels: Column['labels'];
  readonly sampleCount: number;
  readonly lastValue: number;
}

/** Counts the samples that an evaluation holds at one time. */
export class SampleBudget {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get held(): number {
    return this.#held;
  }

  /** @throws QueryError where more are held than allowed. */
  hold(samples: number): void {
    this.#held += samples;
    this.check(0);
  }

  /** @throws QueryError where so many more could not be held. */
  check(samples: number): void {
    if (this.#held + samples <= this.#most) return;
    const message = 'query processing would load too many samples into memory in query execution';
    throw new QueryError({ kind: 'limit', message, span: null });
  }

  /** Lets go of all that was held since `held` was read. */
  returnTo(held: number): void {
    this.#held = held;
  }
}

/** Every series can give reason for one of its own; nobody is shown more than ten. */
const mostRemarks = 1_000;

/** Remarks of one query, each told once. */
export class Remarks {
  readonly #remarks = new Map<string, Annotation>();

  add(level: Annotation['level'], message: string, span: TextSpan): void {
    const key = `${level}\n${span.start}:${span.end}\n${message}`;
    if (!this.#remarks.has(key) && this.#remarks.size < mostRemarks)
      this.#remarks.set(key, { level, message, span });
  }

  get count(): number {
    return this.#remarks.size;
  }

  all(): readonly Annotation[] {
    return [...this.#remarks.values()];
  }
}

/** The clock is asked after so much work. */
const workPerLook = 16;
const stepsPerWork = 4_096;

/** What lies between two checkpoints of a scope: at least a loop over its steps. */
export function workOf({ count }: Steps): number {
  return 1 + Math.floor(count / stepsPerWork);
}

/**
 * @param labels of the query's source, in which it makes its own.
 * @throws QueryError from the function returned, once the query is cancelled, out of time or made too many labels.
 */
export function checkpointOf(options: QueryOptions, labels: LabelPool): (work: number) => void {
  const bytesBefore = labels.bytes;
  let done = workPerLook;
  return (work) => {
    done += work;
    if (done <= workPerLook) return;
    done = 0;
    if (labels.bytes - bytesBefore > options.maxLabelBytes)
      throw new QueryError({
        kind: 'limit',
        message: 'the query makes too many or too long labels',
        span: null,
      });
    if (options.isCancelled())
      throw new QueryError({
        kind: 'cancelled',
        message: 'query was canceled in expression evaluation',
        span: null,
      });
    if (options.nowMs() > options.deadlineMs)
      throw new QueryError({
        kind: 'timeout',
        message: 'query timed out in expression evaluation',
        span: null,
      });
  };
}

export function labelsOf(scope: Scope): LabelPool {
  return scope.query.source.labels;
}

/** Unix milliseconds of a step. */
export function stepTimeMs(steps: Steps, step: number): number {
  return steps.startMs + step * steps.stepMs;
}
