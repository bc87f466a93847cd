import { labelOf, type Labels } from '#shared/model/labels.ts';

/**
 * The demo's sample database: raw samples of the last hours, as columns. Series that are scraped together
 * share one column of times. Written by the fleet and the rules, read by the query engine.
 *
 * NaN in a column of values means that the series was not there at that time, as a stale marker does in
 * Prometheus; the simulation has no NaN of its own.
 */
export interface StoredSeries {
  readonly labels: Labels;
  /** Unix milliseconds, ascending. */
  times(): Float64Array;
  values(): Float64Array;
}

/** Series that get their samples at the same times. */
export class SeriesBlock {
  readonly series: readonly StoredSeries[];
  readonly #times: Float64Array;
  readonly #columns: readonly Float64Array[];
  #length = 0;

  /** @param capacity samples kept of each series; the oldest fifth goes when it is full. */
  constructor(labelSets: readonly Labels[], capacity: number) {
    this.#times = new Float64Array(capacity);
    this.#columns = labelSets.map(() => new Float64Array(capacity));
    this.series = labelSets.map((labels, index) => ({
      labels,
      times: () => this.#times.subarray(0, this.#length),
      values: () => (this.#columns[index] ?? this.#times).subarray(0, this.#length),
    }));
  }

  /** Adds one sample to every series. @param atMs later than all before. @param values one a series. */
  append(atMs: number, values: Float64Array): void {
    if (this.#length === this.#times.length) this.#dropOldest();
    this.#times[this.#length] = atMs;
    this.#columns.forEach((column, index) => {
      column[this.#length] = values[index] ?? Number.NaN;
    });
    this.#length++;
  }

  #dropOldest(): void {
    const dropped = Math.max(1, Math.floor(this.#length / 5));
    for (const column of [this.#times, ...this.#columns]) column.copyWithin(0, dropped, this.#length);
    this.#length -= dropped;
  }
}

export class SeriesStore {
  readonly #byName = new Map<string, StoredSeries[]>();

  add(block: SeriesBlock): void {
    for (const series of block.series) {
      const name = labelOf(series.labels, '__name__');
      const known = this.#byName.get(name);
      if (known === undefined) this.#byName.set(name, [series]);
      else known.push(series);
    }
  }

  /** @param name the metric's name where it is known, else all series are listed. */
  list(name?: string): readonly StoredSeries[] {
    if (name !== undefined) return this.#byName.get(name) ?? [];
    return [...this.#byName.values()].flat();
  }
}

/** The index of the first of the ascending times that is after `atMs`; the length where none is. */
export function firstAfter(times: Float64Array, atMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) > atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
