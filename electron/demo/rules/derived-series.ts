import type { Labels } from '#shared/model/labels.ts';
import { signatureOf } from '../query/columns.ts';
import { SeriesBlock, type SeriesStore } from '../series-store.ts';

/**
 * The series that one rule writes. A series that an evaluation does not give any more gets a marker that
 * it is gone, as Prometheus gives it.
 */
export class DerivedSeries {
  readonly #store: SeriesStore;
  readonly #capacity: number;
  readonly #blocks = new Map<string, SeriesBlock>();
  #live = new Set<SeriesBlock>();
  #written = new Set<SeriesBlock>();

  constructor(store: SeriesStore, capacity: number) {
    this.#store = store;
    this.#capacity = capacity;
  }

  write(labels: Labels, atMs: number, value: number): void {
    const signature = signatureOf(labels);
    let block = this.#blocks.get(signature);
    if (block === undefined) {
      block = new SeriesBlock([labels], this.#capacity);
      this.#blocks.set(signature, block);
      this.#store.add(block);
    }
    block.append(atMs, Float64Array.of(value));
    this.#written.add(block);
  }

  /** Ends one evaluation: what was there before and was not written now is gone. */
  finish(atMs: number): void {
    for (const block of this.#live) {
      if (!this.#written.has(block)) block.append(atMs, Float64Array.of(Number.NaN));
    }
    this.#live = this.#written;
    this.#written = new Set();
  }
}
