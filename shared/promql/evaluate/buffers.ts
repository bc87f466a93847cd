import type { Steps } from './columns.ts';

/**
 * Arrays for the columns that a node gives. Where the receiver keeps them, each column has its own; else
 * all use the same, so that thousands of series cost the memory of one.
 */
export class ColumnBuffers {
  readonly #count: number;
  readonly #keeps: boolean;
  #values: Float64Array | null = null;
  #present: Uint8Array | null = null;

  constructor(steps: Steps, keeps: boolean) {
    this.#count = steps.count;
    this.#keeps = keeps;
  }

  /** With whatever stood there before. */
  values(): Float64Array {
    if (this.#keeps || this.#values === null) this.#values = new Float64Array(this.#count);
    return this.#values;
  }

  /** With zeros. */
  present(): Uint8Array {
    if (this.#keeps || this.#present === null) this.#present = new Uint8Array(this.#count);
    else this.#present.fill(0);
    return this.#present;
  }
}
