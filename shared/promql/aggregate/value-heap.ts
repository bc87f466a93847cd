/**
 * A heap of series by their values at one step, the worst on top, as Go's container/heap keeps it: which of
 * several equal values is on top, and so leaves first, is the same as in Prometheus.
 */
export class ValueHeap {
  readonly series: number[] = [];
  readonly #valueOf: (series: number) => number;
  readonly #sign: 1 | -1;

  /** @param keeps the greatest values have the least on top, the least have the greatest. */
  constructor(keeps: 'greatest' | 'least', valueOf: (series: number) => number) {
    this.#valueOf = valueOf;
    this.#sign = keeps === 'greatest' ? 1 : -1;
  }

  /** Takes a series in where there is room, or where it is better than the worst. */
  offer(series: number, room: number): void {
    if (this.series.length < room) {
      this.series.push(series);
      this.#up(this.series.length - 1);
      return;
    }
    const [value, worst] = [this.#valueOf(series), this.#valueOf(this.series[0] ?? 0)];
    const isBetter = this.#sign === 1 ? value > worst : value < worst;
    if (!isBetter && !(Number.isNaN(worst) && !Number.isNaN(value))) return;
    this.series[0] = series;
    this.#down();
  }

  /** NaN comes before everything, another NaN included. */
  #comesBefore(left: number, right: number): boolean {
    const value = this.#valueOf(this.series[left] ?? 0);
    if (Number.isNaN(value)) return true;
    const other = this.#valueOf(this.series[right] ?? 0);
    return this.#sign === 1 ? value < other : value > other;
  }

  #swap(left: number, right: number): void {
    const kept = this.series[left] ?? 0;
    this.series[left] = this.series[right] ?? 0;
    this.series[right] = kept;
  }

  #up(start: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.#comesBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #down(): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= this.series.length) return;
      const right = left + 1;
      const child = right < this.series.length && this.#comesBefore(right, left) ? right : left;
      if (!this.#comesBefore(child, at)) return;
      this.#swap(at, child);
      at = child;
    }
  }
}
