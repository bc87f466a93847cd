import type { RawSeries, SampleSource } from '../model/samples.ts';
import type { Expression, LabelMatcher } from '../syntax/ast.ts';
import type { EvaluatedValue } from './columns.ts';
import type { LatestSamples, RangeBounds } from './windows.ts';

/**
 * What evaluations of one moment have in common, or the nodes of one query: selected series, positions of
 * samples in columns of times, and values of expressions that are written more than once.
 */
export class SharedWork {
  readonly #selections = new Map<string, Selection[]>();
  readonly #latest = new Map<string, WeakMap<Float64Array, LatestSamples>>();
  readonly #ranges = new Map<string, WeakMap<Float64Array, RangeBounds>>();
  readonly #commonKeys: ReadonlyMap<Expression, string>;
  readonly #values = new Map<string, EvaluatedValue>();

  /** @param commonKeys equal for expressions that are worth keeping for one another. */
  constructor(commonKeys: ReadonlyMap<Expression, string> = new Map()) {
    this.#commonKeys = commonKeys;
  }

  /** The series of a selector, from an earlier selection that covers the window where there is one. */
  select(
    source: SampleSource,
    matchers: readonly LabelMatcher[],
    fromMs: number,
    toMs: number,
  ): readonly RawSeries[] {
    const key = JSON.stringify(matchers.map(({ name, operator, value }) => [name, operator, value]));
    const selections = this.#selections.get(key) ?? [];
    const known = selections.find((selection) => selection.fromMs <= fromMs && toMs <= selection.toMs);
    if (known !== undefined) return known.series;
    const series = source.select(matchers, fromMs, toMs);
    selections.push({ fromMs, toMs, series });
    this.#selections.set(key, selections);
    return series;
  }

  /** @param key equal where the steps and the look-back are. */
  latest(key: string): WeakMap<Float64Array, LatestSamples> {
    return kept(this.#latest, key);
  }

  /** @param key equal where the steps and the range are. */
  ranges(key: string): WeakMap<Float64Array, RangeBounds> {
    return kept(this.#ranges, key);
  }

  /** Null where the expression has no like. */
  commonKeyOf(expression: Expression): string | null {
    return this.#commonKeys.get(expression) ?? null;
  }

  valueOf(key: string): EvaluatedValue | undefined {
    return this.#values.get(key);
  }

  keepValue(key: string, value: EvaluatedValue): void {
    this.#values.set(key, value);
  }
}

interface Selection {
  readonly fromMs: number;
  readonly toMs: number;
  readonly series: readonly RawSeries[];
}

function kept<Value>(
  maps: Map<string, WeakMap<Float64Array, Value>>,
  key: string,
): WeakMap<Float64Array, Value> {
  const known = maps.get(key) ?? new WeakMap<Float64Array, Value>();
  maps.set(key, known);
  return known;
}
