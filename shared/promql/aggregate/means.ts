import { roundingError, type Accumulator } from './accumulators.ts';

/**
 * The mean by a compensated sum as long as the sum does not overflow, and from there by a running mean. As
 * Prometheus 3 does it: the sum is the more exact way, the running mean has no sum to overflow.
 */
export class CompensatedMean implements Accumulator {
  readonly seen: Uint8Array;
  readonly #counts: Float64Array;
  /** Sums, and where `#isRunning` is 1, means. */
  readonly #values: Float64Array;
  readonly #errors: Float64Array;
  readonly #isRunning: Uint8Array;

  constructor(steps: number) {
    this.seen = new Uint8Array(steps);
    this.#counts = new Float64Array(steps);
    this.#values = new Float64Array(steps);
    this.#errors = new Float64Array(steps);
    this.#isRunning = new Uint8Array(steps);
  }

  add(values: Float64Array, present: Uint8Array | null): void {
    const seen = this.seen;
    const counts = this.#counts;
    const sums = this.#values;
    for (let step = 0; step < seen.length; step++) {
      if (present !== null && present[step] === 0) continue;
      const value = values[step] ?? 0;
      const count = (counts[step] ?? 0) + 1;
      counts[step] = count;
      if (seen[step] === 0) {
        seen[step] = 1;
        sums[step] = value;
      } else if (this.#isRunning[step] === 1 || !this.#sum(step, value)) {
        this.#average(step, value, count);
      }
    }
  }

  /** @returns whether the sum still is a finite number, or none; otherwise it is left as it was. */
  #sum(step: number, value: number): boolean {
    const sum = this.#values[step] ?? 0;
    const total = sum + value;
    if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) return false;
    this.#errors[step] = (this.#errors[step] ?? 0) + roundingError(sum, value, total);
    this.#values[step] = total;
    return true;
  }

  #average(step: number, value: number, count: number): void {
    let mean = this.#values[step] ?? 0;
    let error = this.#errors[step] ?? 0;
    if (this.#isRunning[step] === 0) {
      this.#isRunning[step] = 1;
      mean /= count - 1;
      error /= count - 1;
    }
    const share = (count - 1) / count;
    const before = share * mean;
    const added = value / count;
    const total = before + added;
    const isInfinite = total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY;
    this.#errors[step] = isInfinite ? 0 : share * error + roundingError(before, added, total);
    this.#values[step] = total;
  }

  finish(): Float64Array {
    const values = this.#values;
    for (let step = 0; step < values.length; step++) {
      const value = values[step] ?? 0;
      const error = this.#errors[step] ?? 0;
      const count = this.#counts[step] ?? 0;
      values[step] = this.#isRunning[step] === 1 ? value + error : value / count + error / count;
    }
    return values;
  }
}

/** The mean as Prometheus 2 ran it: an infinite mean stays unless its opposite or a NaN comes. */
export class RunningMean implements Accumulator {
  readonly seen: Uint8Array;
  readonly #counts: Float64Array;
  readonly #means: Float64Array;

  constructor(steps: number) {
    this.seen = new Uint8Array(steps);
    this.#counts = new Float64Array(steps);
    this.#means = new Float64Array(steps);
  }

  add(values: Float64Array, present: Uint8Array | null): void {
    for (let step = 0; step < this.seen.length; step++) {
      if (present !== null && present[step] === 0) continue;
      const value = values[step] ?? 0;
      const count = (this.#counts[step] ?? 0) + 1;
      this.#counts[step] = count;
      if (this.seen[step] === 0) {
        this.seen[step] = 1;
        this.#means[step] = value;
        continue;
      }
      const mean = this.#means[step] ?? 0;
      const stays = isInfinite(mean) && !Number.isNaN(value) && (value === mean || !isInfinite(value));
      // Each is divided by itself so that their difference does not overflow.
      if (!stays) this.#means[step] = mean + (value / count - mean / count);
    }
  }

  finish(): Float64Array {
    return this.#means;
  }
}

function isInfinite(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

/** Variance by Welford's recurrence, and its root. */
export class Variance implements Accumulator {
  readonly seen: Uint8Array;
  readonly #counts: Float64Array;
  readonly #means: Float64Array;
  readonly #squares: Float64Array;
  readonly #kind: 'variance' | 'deviation';
  readonly #semantics: 'v2' | 'v3';

  /** @param semantics before version 3 a single infinite value had no variance of NaN, but 0. */
  constructor(steps: number, kind: 'variance' | 'deviation', semantics: 'v2' | 'v3') {
    this.seen = new Uint8Array(steps);
    this.#counts = new Float64Array(steps);
    this.#means = new Float64Array(steps);
    this.#squares = new Float64Array(steps);
    this.#kind = kind;
    this.#semantics = semantics;
  }

  add(values: Float64Array, present: Uint8Array | null): void {
    for (let step = 0; step < this.seen.length; step++) {
      if (present !== null && present[step] === 0) continue;
      const value = values[step] ?? 0;
      const count = (this.#counts[step] ?? 0) + 1;
      this.#counts[step] = count;
      if (this.seen[step] === 0) {
        this.seen[step] = 1;
        this.#means[step] = value;
        this.#squares[step] = this.#semantics === 'v3' && !Number.isFinite(value) ? Number.NaN : 0;
        continue;
      }
      const mean = this.#means[step] ?? 0;
      const difference = value - mean;
      const moved = mean + difference / count;
      this.#means[step] = moved;
      this.#squares[step] = (this.#squares[step] ?? 0) + difference * (value - moved);
    }
  }

  finish(): Float64Array {
    const values = this.#squares;
    for (let step = 0; step < values.length; step++) {
      const variance = (values[step] ?? 0) / (this.#counts[step] ?? 0);
      values[step] = this.#kind === 'variance' ? variance : Math.sqrt(variance);
    }
    return values;
  }
}
