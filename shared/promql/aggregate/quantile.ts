import { quantileOfUnsorted } from '../functions/quantiles.ts';
import type { EvaluationContext } from '../evaluate/context.ts';
import type { Accumulator } from './accumulators.ts';

/** The values of a group are kept until all are there, then put in order step by step. */
export class Quantile implements Accumulator {
  readonly seen: Uint8Array;
  readonly #quantiles: Float64Array;
  readonly #context: EvaluationContext;
  readonly #kept: { readonly values: Float64Array; readonly present: Uint8Array | null }[] = [];

  /** @param quantiles one for each step. */
  constructor(quantiles: Float64Array, context: EvaluationContext) {
    this.seen = new Uint8Array(quantiles.length);
    this.#quantiles = quantiles;
    this.#context = context;
  }

  add(values: Float64Array, present: Uint8Array | null): void {
    this.#context.hold(values.length);
    this.#kept.push({ values: values.slice(), present: present?.slice() ?? null });
  }

  finish(): Float64Array {
    const result = new Float64Array(this.#quantiles.length);
    const scratch = new Float64Array(this.#kept.length);
    for (let step = 0; step < result.length; step++) {
      this.#context.checkpoint();
      let length = 0;
      for (const { values, present } of this.#kept) {
        if (present !== null && present[step] === 0) continue;
        scratch[length] = values[step] ?? 0;
        length += 1;
      }
      if (length === 0) continue;
      this.seen[step] = 1;
      result[step] = quantileOfUnsorted(this.#quantiles[step] ?? 0, scratch, length);
    }
    return result;
  }
}
