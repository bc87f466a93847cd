import { wordsOf } from './frame-codec.ts';

/**
 * Columns of samples: finding a time in them, joining them. Values are moved as bits, since a NaN that
 * passes through arithmetic may lose its payload.
 */
export interface Samples {
  /** Whole Unix milliseconds, rising. */
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** Index of the first time that is not before `atMs`. */
export function firstAt(timesMs: Float64Array, atMs: number): number {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Both in order of time; at a moment that both have, the newer one counts. */
export function mergeSamples(older: Samples, newer: Samples): Samples {
  const most = older.timesMs.length + newer.timesMs.length;
  const timesMs = new Float64Array(most);
  const values = new Float64Array(most);
  const [words, olderWords, newerWords] = [wordsOf(values), wordsOf(older.values), wordsOf(newer.values)];
  let [length, left, right] = [0, 0, 0];
  while (left < older.timesMs.length || right < newer.timesMs.length) {
    const olderMs = older.timesMs[left] ?? Number.POSITIVE_INFINITY;
    const newerMs = newer.timesMs[right] ?? Number.POSITIVE_INFINITY;
    const [from, at] = newerMs <= olderMs ? [newerWords, right] : [olderWords, left];
    timesMs[length] = Math.min(olderMs, newerMs);
    words[length * 2] = from[at * 2] ?? 0;
    words[length * 2 + 1] = from[at * 2 + 1] ?? 0;
    if (olderMs <= newerMs) left++;
    if (newerMs <= olderMs) right++;
    length++;
  }
  return { timesMs: timesMs.slice(0, length), values: values.slice(0, length) };
}
