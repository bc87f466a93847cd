import type { Expression, TextSpan } from '../syntax/ast.ts';
import type { LabelPool } from '../model/label-set.ts';
import type { Column, EvaluatedValue, FloatSamples, SampleWindows, Steps } from './columns.ts';
import type { QueryOptions } from './options.ts';

/** What one evaluation shares with the functions it calls. */
export interface EvaluationContext {
  readonly options: QueryOptions;
  readonly steps: Steps;
  readonly labels: LabelPool;
  /** Adds a remark; the same one is told once. */
  annotate(level: 'warning' | 'info', message: string, span: TextSpan): void;
  /**
   * To be called at least every few thousand steps of any loop.
   * @throws QueryError once the query is cancelled or out of time.
   */
  checkpoint(): void;
  /**
   * To be called by whoever makes columns that no input told the number of, before they are made.
   * @throws QueryError where the query would hold more samples than allowed.
   */
  hold(samples: number): void;
}

/** A call as a function sees it. */
export interface CallSite {
  readonly name: string;
  readonly span: TextSpan;
  /** The arguments where remarks place them; their values are handed over evaluated. */
  readonly arguments: readonly Expression[];
  readonly context: EvaluationContext;
}

/**
 * A function of a range vector, one series at a time: writes each step's value to `out`, and 1 to
 * `present` where there is one (both of the steps' count, `present` zeroed before).
 * @param parameters each scalar argument, a value a step.
 */
export type RangeFunction = (
  samples: FloatSamples,
  windows: SampleWindows,
  parameters: readonly Float64Array[],
  out: { readonly values: Float64Array; readonly present: Uint8Array },
  site: CallSite & { readonly metricName: string },
) => void;

/** A function of evaluated arguments: scalars, strings, vectors. Gives a scalar or a vector. */
export type VectorFunction = (values: readonly EvaluatedValue[], site: CallSite) => EvaluatedValue;

/** Elementwise on one vector: value of a sample, and a scalar argument each. */
export type SampleFunction = (value: number, parameters: readonly number[]) => number;

/** Takes the columns of an aggregation's operand one by one, in the order of the series. */
export interface Aggregator {
  /** The column's arrays are the caller's again after the call. */
  add(column: Column): void;
  finish(): { readonly columns: readonly Column[]; readonly isOrdered: boolean };
}
