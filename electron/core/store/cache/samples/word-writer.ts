/**
 * 32-bit words in a growing array, whole or filled bit by bit from the lowest. Used by the codecs of this
 * folder. Every platform we run on is little-endian, so that words may be viewed as they lie in a file.
 */
export class WordWriter {
  #words = new Uint32Array(1024);
  #length = 0;
  #pending = 0;
  #filled = 0;

  get length(): number {
    return this.#length;
  }

  reset(): void {
    this.#length = 0;
  }

  word(value: number): void {
    this.reserve(1);
    this.#words[this.#length++] = value;
  }

  set(index: number, value: number): void {
    this.#words[index] = value;
  }

  /** Room for so many words is made before bits are written. */
  reserve(words: number): void {
    if (this.#length + words <= this.#words.length) return;
    const grown = new Uint32Array(Math.max(this.#words.length * 2, this.#length + words));
    grown.set(this.#words);
    this.#words = grown;
  }

  /** @param value of `width` bits, 1 to 32. */
  bits(value: number, width: number): void {
    this.#pending |= value << this.#filled;
    this.#filled += width;
    if (this.#filled < 32) return;
    this.#words[this.#length++] = this.#pending;
    this.#filled -= 32;
    this.#pending = this.#filled === 0 ? 0 : value >>> (width - this.#filled);
  }

  /** Ends a run of bits: the next begins at a word. */
  endBits(): void {
    if (this.#filled > 0) this.#words[this.#length++] = this.#pending;
    this.#pending = 0;
    this.#filled = 0;
  }

  /** A copy of what was written. */
  finish(): Uint32Array<ArrayBuffer> {
    return this.#words.slice(0, this.#length);
  }
}
