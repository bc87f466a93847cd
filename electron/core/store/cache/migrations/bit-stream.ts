/** Bits in order, most significant first. Used by the chunk codec beside it. */

export class BitReader {
  readonly #bytes: Uint8Array;
  #bits = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get totalBits(): number {
    return this.#bytes.length * 8;
  }

  /** Whether more was read than there is; what was read beyond the end is zeros. */
  get isOverrun(): boolean {
    return this.#bits > this.#bytes.length * 8;
  }

  /**
   * @param width 1 to 32.
   * @returns an unsigned number.
   */
  read(width: number): number {
    let value = 0;
    let left = width;
    while (left > 0) {
      const room = 8 - (this.#bits & 7);
      const taken = Math.min(room, left);
      const byte = this.#bytes[this.#bits >>> 3] ?? 0;
      value = (value << taken) | ((byte >>> (room - taken)) & ((1 << taken) - 1));
      left -= taken;
      this.#bits += taken;
    }
    return value >>> 0;
  }
}
