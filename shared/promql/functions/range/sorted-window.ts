/** More values that come and go than this are sorted in, whatever the window's length. */
const mostSlid = 512;

/** The values of a window in rising order, NaN first, while the window moves forward. */
export class SortedWindow {
  readonly #values: Float64Array;
  #sorted = new Float64Array(64);
  /** How many of `#sorted` count: those of the window that are numbers. */
  #size = 0;
  #nanCount = 0;
  #first = 0;
  #end = 0;

  constructor(values: Float64Array) {
    this.#values = values;
  }

  moveTo(first: number, end: number): void {
    const moved = first - this.#first + (end - this.#end);
    // One value costs a shift of half the window; sorting costs about as much for each four, and of a window
    // of millions for each few hundred.
    if (first >= this.#end || moved * 4 > end - first || moved > mostSlid) this.#sort(first, end);
    else this.#slide(first, end);
    this.#first = first;
    this.#end = end;
  }

  get hasNaN(): boolean {
    return this.#nanCount > 0;
  }

  /**
   * The value below which a share of the window lies, between two values in proportion.
   *
   * @param share infinite beyond 0 and 1, NaN for NaN.
   */
  quantile(share: number): number {
    return quantileOf(this.#sorted, this.#size, this.#nanCount, share);
  }

  #sort(first: number, end: number): void {
    this.#reserve(end - first);
    this.#size = 0;
    this.#nanCount = 0;
    for (let index = first; index < end; index++) {
      const value = this.#values[index] ?? 0;
      if (Number.isNaN(value)) this.#nanCount++;
      else this.#sorted[this.#size++] = value;
    }
    this.#sorted.subarray(0, this.#size).sort();
  }

  #slide(first: number, end: number): void {
    for (let index = this.#first; index < first; index++) this.#remove(this.#values[index] ?? 0);
    this.#reserve(end - first);
    for (let index = this.#end; index < end; index++) this.#insert(this.#values[index] ?? 0);
  }

  #remove(value: number): void {
    if (Number.isNaN(value)) {
      this.#nanCount--;
      return;
    }
    const at = this.#lowerBound(value);
    this.#sorted.copyWithin(at, at + 1, this.#size);
    this.#size--;
  }

  #insert(value: number): void {
    if (Number.isNaN(value)) {
      this.#nanCount++;
      return;
    }
    const at = this.#lowerBound(value);
    this.#sorted.copyWithin(at + 1, at, this.#size);
    this.#sorted[at] = value;
    this.#size++;
  }

  #lowerBound(value: number): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #reserve(size: number): void {
    if (this.#sorted.length >= size) return;
    const grown = new Float64Array(Math.max(size, this.#sorted.length * 2));
    grown.set(this.#sorted);
    this.#sorted = grown;
  }
}

/** @param sorted numbers, before which as many NaNs stand as `nanCount` says. */
export function quantileOf(sorted: Float64Array, size: number, nanCount: number, share: number): number {
  const count = size + nanCount;
  if (count === 0 || Number.isNaN(share)) return Number.NaN;
  if (share < 0) return -Infinity;
  if (share > 1) return Infinity;
  const rank = share * (count - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(count - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  const lowerValue = lower < nanCount ? Number.NaN : (sorted[lower - nanCount] ?? 0);
  const upperValue = upper < nanCount ? Number.NaN : (sorted[upper - nanCount] ?? 0);
  return lowerValue * (1 - weight) + upperValue * weight;
}
