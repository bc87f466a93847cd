import type { LabelMatcher } from '../syntax/ast.ts';
import { GrowingSeries } from './growing-series.ts';
import { LabelIndex } from './label-index.ts';
import { compareLabelSets, LabelPool, type LabelSet } from './label-set.ts';
import { labelTest, type LabelTest, type MatcherSemantics } from './matching.ts';
import type { RawSeries, SampleSource } from './samples.ts';

/**
 * Samples in memory, with an index over the values of each label: the demo fleet's, a loaded file's, a
 * test's. Series may be added and grow at any time; the next selection sees them.
 */
export class MemorySource implements SampleSource {
  readonly labels = new LabelPool();
  readonly isInMemory = true;
  readonly #semantics: MatcherSemantics;
  readonly #growing = new Map<LabelSet, GrowingSeries>();
  #index: SeriesIndex | null = null;

  constructor(semantics: MatcherSemantics = 'v3') {
    this.#semantics = semantics;
  }

  get seriesCount(): number {
    return this.#growing.size;
  }

  /** The series of a label set of this source's pool, made where there is none; the caller appends to it. */
  series(labels: LabelSet): GrowingSeries {
    // Whoever asks for a series means to change it.
    this.#index = null;
    const known = this.#growing.get(labels);
    if (known !== undefined) return known;
    const made = new GrowingSeries(labels);
    this.#growing.set(labels, made);
    return made;
  }

  clear(): void {
    this.#growing.clear();
    this.#index = null;
  }

  select(
    matchers: readonly LabelMatcher[],
    fromMs: number,
    toMs: number,
    checkpoint?: () => void,
  ): readonly RawSeries[] {
    this.#index ??= new SeriesIndex(finished([...this.#growing.values()]));
    const tests = matchers.map((matcher) => labelTest(matcher, this.#semantics, checkpoint));
    return this.#index.select(tests).filter((series) => hasSampleWithin(series, fromMs, toMs));
  }
}

/** Series in the order of their labels; equal columns of times become one. */
function finished(growing: readonly GrowingSeries[]): readonly RawSeries[] {
  const columns = new Map<string, Float64Array[]>();
  return growing
    .toSorted((left, right) => compareLabelSets(left.labels, right.labels))
    .map((one) => {
      const { timesMs } = one.finish();
      const key = `${timesMs.length} ${timesMs[0]} ${timesMs.at(-1)}`;
      const alike = columns.get(key);
      if (alike === undefined) columns.set(key, [timesMs]);
      const same = alike?.find((column) => haveEqualTimes(column, timesMs));
      if (same !== undefined) one.shareTimes(same);
      else alike?.push(timesMs);
      return one.finish();
    });
}

function haveEqualTimes(left: Float64Array, right: Float64Array): boolean {
  return left === right || left.every((timeMs, index) => timeMs === right[index]);
}

class SeriesIndex {
  readonly #series: readonly RawSeries[];
  readonly #index: LabelIndex;

  constructor(series: readonly RawSeries[]) {
    this.#series = series;
    this.#index = new LabelIndex(series.map(({ labels }) => labels));
  }

  select(tests: readonly LabelTest[]): RawSeries[] {
    return this.#index.select(tests).flatMap((place) => this.#series[place] ?? []);
  }
}

function hasSampleWithin({ timesMs, histogramTimesMs }: RawSeries, fromMs: number, toMs: number): boolean {
  return (
    hasTimeWithin(timesMs, fromMs, toMs) ||
    (histogramTimesMs !== null && hasTimeWithin(histogramTimesMs, fromMs, toMs))
  );
}

function hasTimeWithin(timesMs: Float64Array, fromMs: number, toMs: number): boolean {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  return low < timesMs.length && (timesMs[low] ?? 0) <= toMs;
}
