import type { FloatSamples } from '../../evaluate/columns.ts';
import { beginsAnew } from './start-times.ts';

/**
 * The resets of a counter within a window that only moves forward. Each pair of samples is looked at once,
 * however many windows it lies in.
 */
export class ResetCursor {
  readonly #samples: FloatSamples;
  readonly #startTimesMs: Float64Array | null;
  /** Indices of samples that follow a reset, from `#head` on those within the window. */
  readonly #resets: number[] = [];
  #head = 0;
  #scanned = 0;

  /** @param startTimesMs those to heed; null leaves falling values as the only sign. */
  constructor(samples: FloatSamples, startTimesMs: Float64Array | null) {
    this.#samples = samples;
    this.#startTimesMs = startTimesMs;
  }

  /** To be called with windows whose ends never fall. */
  moveTo(first: number, end: number): void {
    const { values, timesMs } = this.#samples;
    // A reset between a sample before the window and its first sample is none of the window's.
    if (this.#scanned <= first) this.#scanned = first + 1;
    for (; this.#scanned < end; this.#scanned++) {
      const index = this.#scanned;
      const falls = (values[index] ?? 0) < (values[index - 1] ?? 0);
      if (falls || (this.#startTimesMs !== null && beginsAnew(timesMs, this.#startTimesMs, index)))
        this.#resets.push(index);
    }
    while (this.#head < this.#resets.length && (this.#resets[this.#head] ?? 0) <= first) this.#head++;
  }

  get count(): number {
    return this.#resets.length - this.#head;
  }

  /** An increase with what the resets took from it: the value before each, added in their order. */
  correct(increase: number): number {
    const { values } = this.#samples;
    let corrected = increase;
    for (let index = this.#head; index < this.#resets.length; index++)
      corrected += values[(this.#resets[index] ?? 0) - 1] ?? 0;
    return corrected;
  }
}
