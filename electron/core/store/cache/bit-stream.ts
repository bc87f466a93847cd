/** Bits in order, most significant first, over a growing or given array of bytes. Used by the chunk codec. */

const firstCapacityBytes = 256;

export class BitWriter {
  #bytes = new Uint8Array(firstCapacityBytes);
  #bits = 0;

  /** @param width how many of the value's low bits to write, 1 to 32. */
  write(value: number, width: number): void {
    this.#reserve(width);
    let left = width;
    while (left > 0) {
      const room = 8 - (this.#bits & 7);
      const taken = Math.min(room, left);
      const part = (value >>> (left - taken)) & ((1 << taken) - 1);
      const index = this.#bits >>> 3;
      this.#bytes[index] = (this.#bytes[index] ?? 0) | (part << (room - taken));
      left -= taken;
      this.#bits += taken;
    }
  }

  /** The bytes so far, the last one filled up with zeros. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, Math.ceil(this.#bits / 8));
  }

  #reserve(width: number): void {
    if (this.#bits + width <= this.#bytes.length * 8) return;
    const grown = new Uint8Array(this.#bytes.length * 2);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

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
