import { hash } from 'node:crypto';
import { compareNanoseconds, type Nanoseconds } from '#shared/model/log.ts';

/**
 * Which of the newest lines a tail has given on already: the same line comes twice where a back-fill
 * overlaps the stream. A line is its stream, its nanosecond and its text, as Loki itself keeps it once.
 * Bounded: whole seconds are forgotten, the oldest first; the only one when it alone is twice too many.
 */

/** Longer texts are remembered by their hash. */
const longestKey = 48;

export class SeenLines {
  readonly #max: number;
  readonly #seconds = new Map<string, Set<string>>();
  #count = 0;
  #floorNs: Nanoseconds = '0';

  /** @param max 100,000 take some 15 MB at most, and are 50 s of 2,000 lines a second. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Nothing is known of lines before: they may have been given on. */
  get floorNs(): Nanoseconds {
    return this.#floorNs;
  }

  /**
   * @param turn which of several lines it is that are alike, from 1.
   * @returns whether the line is new.
   */
  add(stream: number, timeNs: Nanoseconds, text: string, turn = 1): boolean {
    const second = timeNs.slice(0, -9);
    let keys = this.#seconds.get(second);
    if (keys === undefined) this.#seconds.set(second, (keys = new Set()));
    const short = text.length <= longestKey ? text : `#${hash('sha256', text, 'base64')}`;
    const key = `${stream} ${turn === 1 ? '' : turn} ${timeNs.slice(-9)} ${short}`;
    if (keys.has(key)) return false;
    keys.add(key);
    this.#count++;
    if (this.#count > this.#max) this.#forget();
    return true;
  }

  #forget(): void {
    if (this.#seconds.size === 1 && this.#count <= 2 * this.#max) return;
    const oldest = [...this.#seconds.keys()].reduce((left, right) =>
      compareNanoseconds(left, right) <= 0 ? left : right,
    );
    this.#count -= this.#seconds.get(oldest)?.size ?? 0;
    this.#seconds.delete(oldest);
    const floorNs = `${BigInt(oldest === '' ? '0' : oldest) + 1n}000000000`;
    if (compareNanoseconds(floorNs, this.#floorNs) > 0) this.#floorNs = floorNs;
  }
}

/**
 * Which turn each of several lines is that are alike: a query that rewrites lines makes such of lines that
 * Loki keeps apart. Counted within two batches that follow each other, for a batch ends anywhere.
 */
export class Turns {
  #before = new Map<string, number>();
  #counts = new Map<string, number>();

  nextBatch(): void {
    this.#before = this.#counts;
    this.#counts = new Map();
  }

  of(stream: number, timeNs: Nanoseconds, text: string): number {
    const key = `${stream} ${timeNs} ${text}`;
    const turn = (this.#counts.get(key) ?? this.#before.get(key) ?? 0) + 1;
    this.#counts.set(key, turn);
    return turn;
  }
}
