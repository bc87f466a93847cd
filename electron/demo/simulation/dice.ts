import { hashOf } from './random.ts';

/** Draws in a row from one seed: cheaper than a hash of names for each, where the order of draws is fixed. */
export class Dice {
  #state: number;

  constructor(...keys: readonly (number | string)[]) {
    this.#state = hashOf(...keys);
  }

  /** A number in [0, 1). The step is that of mulberry32 (public domain). */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  between(from: number, to: number): number {
    return from + (to - from) * this.unit();
  }

  /** A whole number from..to, both included. */
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1));
  }

  chance(share: number): boolean {
    return this.unit() < share;
  }

  /** How often something that is expected `mean` times happened: the fraction is a chance of one more. */
  times(mean: number): number {
    return Math.floor(Math.max(0, mean) + this.unit());
  }

  pick<Choice>(choices: readonly [Choice, ...Choice[]]): Choice {
    return choices[Math.floor(this.unit() * choices.length)] ?? choices[0];
  }

  /** @param digits how many hexadecimal digits, leading zeros kept. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits)
      text += Math.floor(this.unit() * 0x1_0000)
        .toString(16)
        .padStart(4, '0');
    return text.slice(0, digits);
  }
}
