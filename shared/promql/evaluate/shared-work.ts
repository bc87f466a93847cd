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
  #selectedSamples = 0;
  readonly #latest = new Map<string, WeakMap<Float64Array, LatestSamples>>();
  readonly #ranges = new Map<string, WeakMap<Float64Array, RangeBounds>>();
  readonly #commonKeys: ReadonlyMap<Expression, string>;
  #wanted = new Map<string, TimeWindow>();
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
    checkpoint: () => void,
  ): readonly RawSeries[] {
    const key = keyOf(matchers);
    const selections = this.#selections.get(key) ?? [];
    const known = selections.find((selection) => selection.fromMs <= fromMs && toMs <= selection.toMs);
    if (known !== undefined) return known.series;
    const window = widened({ fromMs, toMs }, this.#wanted.get(key));
    const series = source.select(matchers, window.fromMs, window.toMs, checkpoint);
    selections.push({ ...window, series });
    this.#selections.set(key, selections);
    this.#selectedSamples += series.reduce((sum, { values }) => sum + values.length, 0);
    return series;
  }

  /**
   * About how many samples all selections together keep in memory.
   * @param enough samples that several selections share are told apart only if there seem to be more than this.
   */
  heldSamples(enough: number): number {
    if (this.#selectedSamples <= enough) return this.#selectedSamples;
    const buffers = new Set<ArrayBufferLike>();
    for (const selections of this.#selections.values())
      for (const { series } of selections) for (const { values } of series) buffers.add(values.buffer);
    let bytes = 0;
    for (const { byteLength } of buffers) bytes += byteLength;
    return bytes / Float64Array.BYTES_PER_ELEMENT;
  }

  /** What queries to come will select: the first selection of each selector is wide enough for all of them. */
  expect(needs: Iterable<TimeWindow & { readonly matchers: readonly LabelMatcher[] }>): void {
    this.#wanted = new Map();
    for (const { matchers, fromMs, toMs } of needs) {
      const key = keyOf(matchers);
      this.#wanted.set(key, widened({ fromMs, toMs }, this.#wanted.get(key)));
    }
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

/** Unix milliseconds, both included. */
interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Selection extends TimeWindow {
  readonly series: readonly RawSeries[];
}

function keyOf(matchers: readonly LabelMatcher[]): string {
  return JSON.stringify(matchers.map(({ name, operator, value }) => [name, operator, value]));
}

/** Both windows and what lies between, unless nothing but that is between them. */
function widened(window: TimeWindow, other: TimeWindow | undefined): TimeWindow {
  if (other === undefined || other.fromMs > window.toMs || other.toMs < window.fromMs) return window;
  return { fromMs: Math.min(window.fromMs, other.fromMs), toMs: Math.max(window.toMs, other.toMs) };
}

function kept<Value>(
  maps: Map<string, WeakMap<Float64Array, Value>>,
  key: string,
): WeakMap<Float64Array, Value> {
  const known = maps.get(key) ?? new WeakMap<Float64Array, Value>();
  maps.set(key, known);
  return known;
}
