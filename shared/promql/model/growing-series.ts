import type { LabelSet } from './label-set.ts';
import type { RawSeries } from './samples.ts';

/**
 * Samples of one series while they come in, in whatever order; `finish` gives them as columns. Memory
 * beside the samples themselves is one byte or nothing each.
 */
const firstCapacity = 16;
/** A stale marker among the values until they are taken apart: no sample has it, whose value is any float. */
type Kind = 0 | 1;
const number: Kind = 0;
const stale: Kind = 1;

export class GrowingSeries {
  readonly labels: LabelSet;
  #count = 0;
  #timesMs: Float64Array = new Float64Array(firstCapacity);
  #values: Float64Array = new Float64Array(firstCapacity);
  /** Made with the first stale marker, and with the first start time. */
  #kinds: Uint8Array | null = null;
  #startTimesMs: Float64Array | null = null;
  #histogramTimesMs: number[] = [];
  #isSorted = true;
  #finished: RawSeries | null = null;

  constructor(labels: LabelSet) {
    this.labels = labels;
  }

  get count(): number {
    return this.#count + this.#histogramTimesMs.length;
  }

  /** @param startTimeMs when the counter began, NaN where that is not known. */
  append(timeMs: number, value: number, startTimeMs = Number.NaN): void {
    this.#add(timeMs, value, number);
    if (Number.isNaN(startTimeMs)) return;
    this.#startTimesMs ??= new Float64Array(this.#timesMs.length).fill(Number.NaN);
    this.#startTimesMs[this.#count - 1] = startTimeMs;
  }

  appendStale(timeMs: number): void {
    this.#add(timeMs, Number.NaN, stale);
  }

  /** Notes that the series has a native histogram there. */
  appendHistogram(timeMs: number): void {
    this.#histogramTimesMs.push(timeMs);
    this.#finished = null;
  }

  /** Of several samples of one time the last one given counts. */
  finish(): RawSeries {
    if (this.#finished !== null) return this.#finished;
    if (!this.#isSorted) this.#sort();
    this.#resize(this.#count);
    const histograms = this.#histogramTimesMs;
    this.#finished = {
      labels: this.labels,
      timesMs: this.#timesMs,
      values: this.#values,
      stale: this.#kinds,
      startTimesMs: this.#startTimesMs,
      histogramTimesMs:
        histograms.length === 0
          ? null
          : Float64Array.from(new Set(histograms)).sort((left, right) => left - right),
    };
    return this.#finished;
  }

  /** Lets equal columns of times be one: `timesMs` must equal what `finish` gave. */
  shareTimes(timesMs: Float64Array): void {
    this.#timesMs = timesMs;
    if (this.#finished !== null) this.#finished = { ...this.#finished, timesMs };
  }

  #add(timeMs: number, value: number, kind: Kind): void {
    this.#finished = null;
    if (this.#count === this.#timesMs.length) this.#resize(Math.max(firstCapacity, this.#count * 2));
    if (this.#count > 0 && timeMs <= (this.#timesMs[this.#count - 1] ?? 0)) this.#isSorted = false;
    if (kind === stale) this.#kinds ??= new Uint8Array(this.#timesMs.length);
    if (this.#kinds !== null) this.#kinds[this.#count] = kind;
    this.#timesMs[this.#count] = timeMs;
    this.#values[this.#count] = value;
    this.#count++;
  }

  #resize(capacity: number): void {
    if (capacity === this.#timesMs.length) return;
    this.#timesMs = resized(this.#timesMs, new Float64Array(capacity));
    this.#values = resized(this.#values, new Float64Array(capacity));
    if (this.#kinds !== null) this.#kinds = resized(this.#kinds, new Uint8Array(capacity));
    if (this.#startTimesMs !== null)
      this.#startTimesMs = resized(this.#startTimesMs, new Float64Array(capacity).fill(Number.NaN));
  }

  #sort(): void {
    const times = this.#timesMs;
    const order = Array.from({ length: this.#count }, (_, index) => index)
      // Stable, so the last of one time stays the last.
      .sort((left, right) => (times[left] ?? 0) - (times[right] ?? 0))
      .filter((index, place, all) => times[index] !== times[all[place + 1] ?? -1]);
    this.#timesMs = picked(times, order);
    this.#values = picked(this.#values, order);
    if (this.#kinds !== null) this.#kinds = Uint8Array.from(order, (index) => this.#kinds?.[index] ?? 0);
    if (this.#startTimesMs !== null) this.#startTimesMs = picked(this.#startTimesMs, order);
    this.#count = order.length;
    this.#isSorted = true;
  }
}

function resized<Column extends Float64Array | Uint8Array>(from: Column, to: Column): Column {
  to.set(from.subarray(0, Math.min(from.length, to.length)));
  return to;
}

function picked(column: Float64Array, order: readonly number[]): Float64Array {
  return Float64Array.from(order, (index) => column[index] ?? 0);
}
