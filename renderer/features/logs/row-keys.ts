/**
 * Which element of the document shows which line. Rows that stay in sight keep theirs, so that a step of
 * the wheel makes only the rows that are new; after a jump, where none stays, the rows take over all
 * elements of those before, in their order, which costs much less than making them.
 */
export class RowKeys {
  #first = 0;
  #last = -1;
  /** From the index of a line to its key. */
  #offset = 0;

  /** @returns what to take from the index of a line to get its key, for the lines from `first` to `last`. */
  offsetFor(first: number, last: number): number {
    if (first > this.#last || last < this.#first) this.#offset += first - this.#first;
    this.#first = first;
    this.#last = last;
    return this.#offset;
  }
}
