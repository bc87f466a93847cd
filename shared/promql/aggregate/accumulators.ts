/**
 * What is kept of a group while its series come in, a value for each step. The order of operations is
 * Prometheus': sums of the same series are the same to the last bit.
 */
export interface Accumulator {
  /** 1 for each step at which any series had a value. */
  readonly seen: Uint8Array;
  /** @param present where there is a value, null for everywhere. */
  add(values: Float64Array, present: Uint8Array | null): void;
  /** Nothing is added afterwards. */
  finish(): Float64Array;
}

/** Sums with the error of each addition carried along (Kahan's, with Neumaier's improvement). */
export class CompensatedSum implements Accumulator {
  readonly seen: Uint8Array;
  readonly #sums: Float64Array;
  readonly #errors: Float64Array;
  #isEmpty = true;
  #isWhole = false;

  constructor(steps: number) {
    this.seen = new Uint8Array(steps);
    this.#sums = new Float64Array(steps);
    this.#errors = new Float64Array(steps);
  }

  add(values: Float64Array, present: Uint8Array | null): void {
    if (present === null && this.#isWhole) this.#addWhole(values);
    else if (present === null && this.#isEmpty) {
      this.#sums.set(values);
      this.seen.fill(1);
      this.#isWhole = true;
    } else this.#addPresent(values, present);
    this.#isEmpty = false;
  }

  /** Every step has a sum and a value. */
  #addWhole(values: Float64Array): void {
    const sums = this.#sums;
    const errors = this.#errors;
    for (let step = 0; step < sums.length; step++) {
      const sum = sums[step] ?? 0;
      const value = values[step] ?? 0;
      const total = sum + value;
      sums[step] = total;
      errors[step] = carriedError(errors[step] ?? 0, sum, value, total);
    }
  }

  #addPresent(values: Float64Array, present: Uint8Array | null): void {
    const seen = this.seen;
    const sums = this.#sums;
    const errors = this.#errors;
    for (let step = 0; step < sums.length; step++) {
      if (present !== null && present[step] === 0) continue;
      const value = values[step] ?? 0;
      if (seen[step] === 0) {
        seen[step] = 1;
        sums[step] = value;
        continue;
      }
      const sum = sums[step] ?? 0;
      const total = sum + value;
      sums[step] = total;
      errors[step] = carriedError(errors[step] ?? 0, sum, value, total);
    }
  }

  finish(): Float64Array {
    const sums = this.#sums;
    for (let step = 0; step < sums.length; step++) {
      sums[step] = (sums[step] ?? 0) + (this.#errors[step] ?? 0);
    }
    return sums;
  }
}

/** The error so far with that of one more addition; infinite sums have none. */
function carriedError(error: number, sum: number, value: number, total: number): number {
  if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) return 0;
  return error + roundingError(sum, value, total);
}

/**
 * What `total`, the rounded sum of the other two, lacks: exactly, by Knuth's way, which needs not ask which
 * of the two is greater.
 */
export function roundingError(sum: number, value: number, total: number): number {
  const added = total - sum;
  return sum - (total - added) + (value - added);
}

/** Sums as Prometheus 2 made them. */
export class PlainSum implements Accumulator {
  readonly seen: Uint8Array;
  readonly #sums: Float64Array;

  constructor(steps: number) {
    this.seen = new Uint8Array(steps);
    this.#sums = new Float64Array(steps);
  }

  add(values: Float64Array, present: Uint8Array | null): void {
    for (let step = 0; step < this.seen.length; step++) {
      if (present !== null && present[step] === 0) continue;
      this.#sums[step] =
        this.seen[step] === 0 ? (values[step] ?? 0) : (this.#sums[step] ?? 0) + (values[step] ?? 0);
      this.seen[step] = 1;
    }
  }

  finish(): Float64Array {
    return this.#sums;
  }
}

/** The least or the greatest number; NaN only where there is nothing else. */
export class Extreme implements Accumulator {
  readonly seen: Uint8Array;
  readonly #values: Float64Array;
  readonly #isGreatest: boolean;

  constructor(steps: number, which: 'least' | 'greatest') {
    this.seen = new Uint8Array(steps);
    this.#values = new Float64Array(steps);
    this.#isGreatest = which === 'greatest';
  }

  add(values: Float64Array, present: Uint8Array | null): void {
    const kept = this.#values;
    for (let step = 0; step < kept.length; step++) {
      if (present !== null && present[step] === 0) continue;
      const value = values[step] ?? 0;
      const before = kept[step] ?? 0;
      const isBetter = this.#isGreatest ? value > before : value < before;
      if (this.seen[step] === 0 || isBetter || Number.isNaN(before)) kept[step] = value;
      this.seen[step] = 1;
    }
  }

  finish(): Float64Array {
    return this.#values;
  }
}

export class Count implements Accumulator {
  readonly seen: Uint8Array;
  readonly #counts: Float64Array;

  constructor(steps: number) {
    this.seen = new Uint8Array(steps);
    this.#counts = new Float64Array(steps);
  }

  add(_values: Float64Array, present: Uint8Array | null): void {
    for (let step = 0; step < this.seen.length; step++) {
      if (present !== null && present[step] === 0) continue;
      this.seen[step] = 1;
      this.#counts[step] = (this.#counts[step] ?? 0) + 1;
    }
  }

  finish(): Float64Array {
    return this.#counts;
  }
}

/** 1 for a group that has any series. */
export class Presence implements Accumulator {
  readonly seen: Uint8Array;

  constructor(steps: number) {
    this.seen = new Uint8Array(steps);
  }

  add(_values: Float64Array, present: Uint8Array | null): void {
    for (let step = 0; step < this.seen.length; step++) {
      if (present === null || present[step] === 1) this.seen[step] = 1;
    }
  }

  finish(): Float64Array {
    return new Float64Array(this.seen.length).fill(1);
  }
}
