import { failed, success, type Result } from '#shared/result.ts';
import { wordsOf, type Samples } from './chunk-codec.ts';

/**
 * Columns of samples: checking what a source handed over, cutting it into blocks, joining it with what is
 * there. Values are moved as bits, since a NaN that passes through arithmetic may lose its payload.
 */

/** Length of a block: the unit in which samples are stored and dropped. */
export const blockMs = 7_200_000;

export const noSamples: Samples = { timesMs: new Float64Array(), values: new Float64Array() };

export function blockStartOf(timeMs: number): number {
  return Math.floor(timeMs / blockMs) * blockMs;
}

/**
 * The samples of a series within a window, at whole milliseconds, which is Prometheus' own resolution.
 * @returns a sentence where the series is not one: columns of two lengths, times that do not rise.
 */
export function samplesWithin(series: Samples, fromMs: number, toMs: number): Result<Samples, string> {
  if (series.timesMs.length !== series.values.length) return failed('its columns have different lengths');
  const timesMs = series.timesMs.map(Math.round);
  for (let index = 0; index < timesMs.length; index++) {
    const timeMs = timesMs[index] ?? Number.NaN;
    if (!Number.isSafeInteger(timeMs)) return failed('a time is not a number of milliseconds');
    if (index > 0 && timeMs <= (timesMs[index - 1] ?? 0)) return failed('its times do not rise');
  }
  return success(slice({ timesMs, values: series.values }, fromMs, toMs));
}

/** The samples from `fromMs` to `toMs`, both included, as views on the same columns. */
export function slice({ timesMs, values }: Samples, fromMs: number, toMs: number): Samples {
  const start = firstAt(timesMs, fromMs);
  const end = firstAt(timesMs, toMs + 1);
  return { timesMs: timesMs.subarray(start, end), values: values.subarray(start, end) };
}

export function blocksOf(samples: Samples): { readonly startMs: number; readonly samples: Samples }[] {
  const blocks = [];
  let index = 0;
  while (index < samples.timesMs.length) {
    const startMs = blockStartOf(samples.timesMs[index] ?? 0);
    const block = slice(samples, startMs, startMs + blockMs - 1);
    blocks.push({ startMs, samples: block });
    index += block.timesMs.length;
  }
  return blocks;
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

/** Pieces in order of time, as one pair of columns of its own. */
export function joinSamples(pieces: readonly Samples[]): {
  readonly timesMs: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
} {
  const length = pieces.reduce((sum, piece) => sum + piece.timesMs.length, 0);
  const timesMs = new Float64Array(length);
  const values = new Float64Array(length);
  let offset = 0;
  for (const piece of pieces) {
    timesMs.set(piece.timesMs, offset);
    wordsOf(values).set(wordsOf(piece.values), offset * 2);
    offset += piece.timesMs.length;
  }
  return { timesMs, values };
}

/** Index of the first time that is not before `atMs`. */
function firstAt(timesMs: Float64Array, atMs: number): number {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
