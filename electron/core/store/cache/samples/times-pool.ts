import { frameLength } from './frame-codec.ts';
import type { Part } from './part-codec.ts';

/**
 * Columns of times as readers share them: equal ones, and equal pieces of them, are the same object. So
 * whoever computes from times alone computes once for all series that were scraped together.
 */
export class TimesPool {
  readonly #columns = new Map<string, Float64Array>();
  readonly #pieces = new Map<Float64Array, Map<number, Float64Array>>();
  readonly #joined = new Map<Float64Array, Map<Float64Array, Float64Array>>();
  #bytes = 0;

  /** Those of a part, whole. */
  column(part: Part, times: number): Float64Array {
    const key = part.keyOfTimes(times);
    const known = this.#columns.get(key);
    if (known !== undefined) return known;
    const column = part.decodeTimes(times);
    this.#columns.set(key, column);
    this.#bytes += column.byteLength + key.length;
    return column;
  }

  /** @param first a multiple of `frameLength`; `end` is one, or the column's length. */
  piece(column: Float64Array, first: number, end: number): Float64Array {
    if (first === 0 && end === column.length) return column;
    const pieces = this.#pieces.get(column) ?? new Map<number, Float64Array>();
    this.#pieces.set(column, pieces);
    const key = (first / frameLength) * 65_536 + Math.ceil(end / frameLength);
    const known = pieces.get(key);
    if (known !== undefined) return known;
    const piece = column.subarray(first, end);
    pieces.set(key, piece);
    return piece;
  }

  /** One after the other; empty ones join to the other itself. */
  join(left: Float64Array, right: Float64Array): Float64Array {
    if (left.length === 0) return right;
    const known = this.#joined.get(left)?.get(right);
    if (known !== undefined) return known;
    const joined = new Float64Array(left.length + right.length);
    joined.set(left);
    joined.set(right, left.length);
    const of = this.#joined.get(left) ?? new Map<Float64Array, Float64Array>();
    this.#joined.set(left, of.set(right, joined));
    this.#bytes += joined.byteLength;
    return joined;
  }

  /** Forgets all once it holds more than so much; what was handed out stays as it is. */
  trim(mostBytes: number): void {
    if (this.#bytes <= mostBytes) return;
    this.#columns.clear();
    this.#pieces.clear();
    this.#joined.clear();
    this.#bytes = 0;
  }
}
