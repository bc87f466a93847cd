import type { Column } from '../evaluate/columns.ts';
import type { Aggregator, EvaluationContext } from '../evaluate/context.ts';
import { placeOf } from './label-hash.ts';

/**
 * `limit_ratio`: about such a share of the series, chosen by their labels, so that it is the same series at
 * every step and on every server. A negative share is what the rest leaves out.
 */
export class SampledAggregator implements Aggregator {
  readonly #columns: Column[] = [];
  readonly #shares: Float64Array;
  readonly #context: EvaluationContext;

  /** @param shares from -1 to 1, for each step. */
  constructor(shares: Float64Array, context: EvaluationContext) {
    this.#shares = shares;
    this.#context = context;
  }

  add(column: Column): void {
    const place = placeOf(column.labels);
    const present = Uint8Array.from(this.#shares, (share, step) => {
      if (column.present !== null && column.present[step] === 0) return 0;
      return (share > 0 && place < share) || (share < 0 && place >= 1 + share) ? 1 : 0;
    });
    if (!present.includes(1)) return;
    this.#context.hold(present.length);
    this.#columns.push({ ...column, values: column.values.slice(), present });
  }

  finish(): { readonly columns: readonly Column[]; readonly isOrdered: false } {
    return { columns: this.#columns, isOrdered: false };
  }
}
