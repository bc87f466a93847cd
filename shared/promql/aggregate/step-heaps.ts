import type { EvaluationContext } from '../evaluate/context.ts';

/** Enough for most; a step that needs more makes it grow for all. */
const firstCapacity = 8;

/**
 * For each step the best series so far, in a heap with the worst on top, as Go's container/heap keeps it:
 * which of several equal values is on top, and so leaves first, is the same as in Prometheus.
 */
export class StepHeaps {
  readonly #keepsGreatest: boolean;
  /** How many each step keeps. */
  readonly #rooms: Float64Array;
  readonly #sizes: Int32Array;
  readonly #context: EvaluationContext;
  /** Of each step so many places in the arrays below, whether it fills them or not. */
  #capacity: number;
  #series: Int32Array;
  #values: Float64Array;

  /** @param rooms whole numbers. */
  constructor(keeps: 'greatest' | 'least', rooms: Float64Array, context: EvaluationContext) {
    this.#context = context;
    const most = rooms.reduce((greatest, room) => Math.max(greatest, room), 1);
    this.#capacity = Math.min(firstCapacity, most);
    context.hold(rooms.length * this.#capacity);
    this.#keepsGreatest = keeps === 'greatest';
    this.#rooms = rooms;
    this.#sizes = new Int32Array(rooms.length);
    this.#series = new Int32Array(rooms.length * this.#capacity);
    this.#values = new Float64Array(rooms.length * this.#capacity);
  }

  /** Takes a series in at each step where there is room, or where it is better than the worst. */
  add(series: number, values: Float64Array, present: Uint8Array | null): void {
    for (let step = 0; step < values.length; step++) {
      if (present !== null && present[step] === 0) continue;
      const value = values[step] ?? 0;
      const size = this.#sizes[step] ?? 0;
      if (size < (this.#rooms[step] ?? 0)) this.#push(step, series, value);
      else if (size > 0 && this.#isBetter(value, this.#values[step * this.#capacity] ?? 0)) {
        this.#place(step * this.#capacity, series, value);
        this.#down(step * this.#capacity, size);
      }
    }
  }

  /** In the order in which they lie in the heap. */
  forEach(step: number, visit: (series: number, value: number) => void): void {
    const base = step * this.#capacity;
    const end = base + (this.#sizes[step] ?? 0);
    for (let at = base; at < end; at++) visit(this.#series[at] ?? 0, this.#values[at] ?? 0);
  }

  #isBetter(value: number, worst: number): boolean {
    if (Number.isNaN(worst)) return !Number.isNaN(value);
    return this.#keepsGreatest ? value > worst : value < worst;
  }

  /** NaN comes before everything, another NaN included. */
  #comesBefore(place: number, other: number): boolean {
    const value = this.#values[place] ?? 0;
    if (Number.isNaN(value)) return true;
    const otherValue = this.#values[other] ?? 0;
    return this.#keepsGreatest ? value < otherValue : value > otherValue;
  }

  #place(at: number, series: number, value: number): void {
    this.#series[at] = series;
    this.#values[at] = value;
  }

  #swap(left: number, right: number): void {
    const [series, value] = [this.#series[left] ?? 0, this.#values[left] ?? 0];
    this.#place(left, this.#series[right] ?? 0, this.#values[right] ?? 0);
    this.#place(right, series, value);
  }

  #push(step: number, series: number, value: number): void {
    const size = this.#sizes[step] ?? 0;
    if (size === this.#capacity) this.#grow();
    this.#sizes[step] = size + 1;
    const base = step * this.#capacity;
    this.#place(base + size, series, value);
    let at = size;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.#comesBefore(base + at, base + parent)) return;
      this.#swap(base + at, base + parent);
      at = parent;
    }
  }

  #down(base: number, size: number): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= size) return;
      const right = left + 1;
      const child = right < size && this.#comesBefore(base + right, base + left) ? right : left;
      if (!this.#comesBefore(base + child, base + at)) return;
      this.#swap(base + at, base + child);
      at = child;
    }
  }

  #grow(): void {
    const before = { capacity: this.#capacity, series: this.#series, values: this.#values };
    this.#context.hold(before.values.length);
    this.#capacity *= 2;
    this.#series = new Int32Array(before.series.length * 2);
    this.#values = new Float64Array(before.values.length * 2);
    for (let step = 0; step < this.#sizes.length; step++) {
      const [from, end] = [step * before.capacity, (step + 1) * before.capacity];
      this.#series.set(before.series.subarray(from, end), step * this.#capacity);
      this.#values.set(before.values.subarray(from, end), step * this.#capacity);
    }
  }
}
