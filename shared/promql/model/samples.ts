import type { LabelMatcher } from '../syntax/ast.ts';
import type { LabelPool, LabelSet } from './label-set.ts';

/**
 * Raw samples as an evaluation gets them. Columns may be views on longer ones, and series that were
 * scraped together may share one column of times: whoever computes something from times alone may
 * remember it by the column's identity.
 */
export interface RawSeries {
  readonly labels: LabelSet;
  /** Unix milliseconds, rising. */
  readonly timesMs: Float64Array;
  /** As many as times; where `stale` says so, what stands here means nothing. */
  readonly values: Float64Array;
  /** 1 where the sample is a stale marker: the series ended there. Null where none is. */
  readonly stale: Uint8Array | null;
  /** When the counter behind each sample began, Unix milliseconds, NaN where not known. Null: none known. */
  readonly startTimesMs: Float64Array | null;
  /** Where the series has a native histogram instead of a number, Unix milliseconds, rising. */
  readonly histogramTimesMs: Float64Array | null;
}

/** Whatever has samples: the cache on a worker, the demo's memory, a loaded file, a test. */
export interface SampleSource {
  /** All label sets that this source hands out are of this pool. */
  readonly labels: LabelPool;
  /** Whether all samples are in memory anyway, so that selecting them costs none. */
  readonly isInMemory?: true;
  /**
   * Every series that all matchers match and that has a sample within the window, both ends included; it
   * may hold more samples than that. In the order of `compareLabelSets`. An absent label matches as empty.
   * @param checkpoint called now and then while there is much to look through; what it throws ends the selection.
   * @throws QueryError where a limit is passed.
   */
  select(
    matchers: readonly LabelMatcher[],
    fromMs: number,
    toMs: number,
    checkpoint?: () => void,
  ): readonly RawSeries[];
}
