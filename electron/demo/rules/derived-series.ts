import type { Labels } from '#shared/model/labels.ts';
import { signatureOf } from '../label-sets.ts';
import type { SeriesBlock } from '../series-block.ts';
import type { SeriesStore } from '../series-store.ts';

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

  /** Where samples of that label set go, to be asked for once and written to often. */
  blockOf(labels: Labels): SeriesBlock {
    const signature = signatureOf(labels);
    const known = this.#blocks.get(signature);
    if (known !== undefined) return known;
    const made = this.#store.addBlock([labels], this.#capacity);
    this.#blocks.set(signature, made);
    return made;
  }

  /** @param value may be NaN, which a division by nothing gives. */
  write(block: SeriesBlock, atMs: number, value: number): void {
    block.append(atMs, Float64Array.of(value), () => false);
    this.#written.add(block);
  }

  /** Ends one evaluation: what was there before and was not written now is gone. */
  finish(atMs: number): void {
    for (const block of this.#live) {
      if (!this.#written.has(block)) block.append(atMs, Float64Array.of(Number.NaN), () => true);
    }
    this.#live = this.#written;
    this.#written = new Set();
  }
}
