import type { LabelSet } from '../model/label-set.ts';

/**
 * What evaluation works on: series-major columns over the steps of a query. An instant query has one step.
 */
export interface Steps {
  readonly startMs: number;
  /** 0 where there is one step. */
  readonly stepMs: number;
  readonly count: number;
}

/** One series of an instant vector at every step. */
export interface Column {
  readonly labels: LabelSet;
  /** One for each step; where `present` is 0, what stands here means nothing. */
  readonly values: Float64Array;
  /** 1 where there is a value. Null: at every step. */
  readonly present: Uint8Array | null;
  /** The name is to be dropped at the end of the query (Prometheus' delayed name removal). */
  readonly dropsName: boolean;
}

export type EvaluatedValue =
  | { readonly kind: 'scalar'; readonly values: Float64Array }
  | { readonly kind: 'string'; readonly value: string }
  | {
      readonly kind: 'vector';
      readonly columns: readonly Column[];
      /** Whether the order of the columns is the answer's (`sort`, `topk`), or of no meaning. */
      readonly isOrdered: boolean;
    };

/**
 * For each step, which samples of one series lie in its range: from `first` up to, not including, `end`.
 * Both rise from step to step, so a function may slide over them.
 */
export interface SampleWindows {
  readonly first: Int32Array;
  readonly end: Int32Array;
  /** The end of each step's range, Unix milliseconds: the step's time with `@` and offset applied. */
  readonly untilMs: Float64Array;
  readonly rangeMs: number;
}

/** Samples of one series without stale markers and native histograms. */
export interface FloatSamples {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  /** See `RawSeries.startTimesMs`. */
  readonly startTimesMs: Float64Array | null;
}
