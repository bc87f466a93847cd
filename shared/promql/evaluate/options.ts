/**
 * How a query is evaluated. The defaults are those of a Prometheus 3 server without feature flags.
 */
export interface QueryOptions {
  /** `v2`: closed ranges and look-back, and the older cap of `rate`. */
  readonly semantics: 'v2' | 'v3';
  /** How far an instant selector looks back. */
  readonly lookbackMs: number;
  /** The step of a subquery that names none: a server's evaluation interval. */
  readonly subqueryStepMs: number;
  /** Feature flag promql-delayed-name-removal: names go at the end of the query, not at each function. */
  readonly delayedNameRemoval: boolean;
  /** Feature flag use-start-timestamps: counters' own start times tell resets. */
  readonly startTimestamps: boolean;
  /** Most samples held at one time; Prometheus' --query.max-samples. */
  readonly maxSamples: number;
  readonly maxSeries: number;
  /**
   * Most memory for the labels that a query makes, about. Calls within calls can double a label each time, and
   * a value can become one: Prometheus makes what it has memory for.
   */
  readonly maxLabelBytes: number;
  /** Most nested expressions: as many as a text may have, where rules are generated with hundreds of `or`. */
  readonly maxDepth: number;
  /** On the clock of `nowMs`; past it the query ends with `timeout`. */
  readonly deadlineMs: number;
  /** Milliseconds of any clock that only rises. */
  readonly nowMs: () => number;
  /** Asked now and then in every loop. */
  readonly isCancelled: () => boolean;
}

export const defaultOptions: QueryOptions = {
  semantics: 'v3',
  lookbackMs: 300_000,
  subqueryStepMs: 60_000,
  delayedNameRemoval: false,
  startTimestamps: false,
  maxSamples: 50_000_000,
  maxSeries: 1_000_000,
  maxLabelBytes: 512 * 1_048_576,
  maxDepth: 500,
  deadlineMs: Number.POSITIVE_INFINITY,
  nowMs: () => Date.now(),
  isCancelled: () => false,
};
