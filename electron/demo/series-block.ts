import type { RawSeries } from '#shared/promql/model/samples.ts';

/** Samples of series that get them at the same times: they share one column of times. */
export class SeriesBlock {
  readonly #times: Float64Array;
  readonly #columns: readonly Float64Array[];
  /** Of each series where it was gone; made with the first time that it was. */
  readonly #gone: (Uint8Array | null)[];
  #length = 0;
  /** The last view that was asked for: an evaluation knows the times that series share by their identity. */
  #shown: TimesView | null = null;

  /** @param capacity samples kept of each series; the oldest fifth goes when it is full. */
  constructor(seriesCount: number, capacity: number) {
    this.#times = new Float64Array(capacity);
    this.#columns = Array.from({ length: seriesCount }, () => new Float64Array(capacity));
    this.#gone = this.#columns.map(() => null);
  }

  /**
   * Adds one sample to every series, or the mark that it is not there.
   * @param atMs later than all before.
   * @param values one a series.
   * @param isGone of a series' value.
   */
  append(atMs: number, values: Float64Array, isGone: (value: number) => boolean): void {
    if (this.#length === this.#times.length) this.#dropOldest();
    const place = this.#length;
    this.#times[place] = atMs;
    for (let index = 0; index < this.#columns.length; index++) {
      const value = values[index] ?? Number.NaN;
      (this.#columns[index] ?? this.#times)[place] = value;
      if (isGone(value)) this.#goneOf(index)[place] = 1;
    }
    this.#length++;
    this.#shown = null;
  }

  /** The samples of one series within the window, ends included, as views; null where it has none. */
  read(index: number, fromMs: number, toMs: number): Omit<RawSeries, 'labels'> | null {
    const values = this.#columns[index];
    const { from, to, timesMs } = this.#show(fromMs, toMs);
    if (values === undefined || from === to) return null;
    const gone = this.#gone[index]?.subarray(from, to) ?? null;
    if (gone !== null && !gone.includes(0)) return null;
    return {
      timesMs,
      values: values.subarray(from, to),
      stale: gone?.includes(1) === true ? gone : null,
      startTimesMs: null,
      histogramTimesMs: null,
    };
  }

  #show(fromMs: number, toMs: number): TimesView {
    const shown = this.#shown;
    if (shown !== null && shown.fromMs === fromMs && shown.toMs === toMs) return shown;
    const from = this.#countBefore(fromMs);
    // Times are whole milliseconds.
    const to = Math.max(from, this.#countBefore(Math.floor(toMs) + 1));
    this.#shown = { fromMs, toMs, from, to, timesMs: this.#times.subarray(from, to) };
    return this.#shown;
  }

  #goneOf(index: number): Uint8Array {
    return (this.#gone[index] ??= new Uint8Array(this.#times.length));
  }

  #dropOldest(): void {
    const dropped = Math.max(1, Math.floor(this.#length / 5));
    for (const column of [this.#times, ...this.#columns]) column.copyWithin(0, dropped, this.#length);
    for (const column of this.#gone) {
      column?.copyWithin(0, dropped, this.#length);
      column?.fill(0, this.#length - dropped);
    }
    this.#length -= dropped;
  }

  /** How many times are before the moment. */
  #countBefore(momentMs: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? 0) < momentMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The places from `from` up to before `to`, which are those of a window of time. */
interface TimesView {
  readonly fromMs: number;
  readonly toMs: number;
  readonly from: number;
  readonly to: number;
  readonly timesMs: Float64Array;
}
