import type { FloatSamples, SampleWindows } from '../../evaluate/columns.ts';
import type { CallSite } from '../../evaluate/context.ts';
import { unwrapped } from '../../syntax/ast.ts';

/**
 * Ranges whose selector says `anchored` or `smoothed` (PROM-52, experimental): their windows also hold the
 * samples of one look-back before the range, and of `smoothed` those of one look-back after it.
 */
export type Extension = 'anchored' | 'smoothed';

export function extensionOf(site: CallSite): Extension | null {
  for (const written of site.arguments) {
    const argument = unwrapped(written);
    if (argument.kind === 'matrix') return argument.selector.extension;
  }
  return null;
}

/**
 * Where the samples that a function of an `anchored` range goes by begin: at the last one before the range
 * or at its very start, if there is one. -1 where nothing lies within the range.
 */
export function anchoredFirst(timesMs: Float64Array, first: number, end: number, fromMs: number): number {
  if (end === first || (timesMs[end - 1] ?? 0) <= fromMs) return -1;
  let inside = first;
  while ((timesMs[inside] ?? 0) <= fromMs) inside++;
  return Math.max(first, inside - 1);
}

/** Growth between a range's very ends. Nothing is extrapolated; `smoothed` draws a line between neighbours. */
export class ExtendedGrowth {
  readonly #samples: FloatSamples;
  readonly #windows: SampleWindows;
  readonly #isSmoothed: boolean;
  readonly #isCounter: boolean;

  constructor(samples: FloatSamples, windows: SampleWindows, extension: Extension, isCounter: boolean) {
    this.#samples = samples;
    this.#windows = windows;
    this.#isSmoothed = extension === 'smoothed';
    this.#isCounter = isCounter;
  }

  /** NaN-safe: undefined, not NaN, where there is no value. */
  at(first: number, end: number, step: number): number | undefined {
    const { timesMs, values } = this.#samples;
    const untilMs = this.#windows.untilMs[step] ?? 0;
    const fromMs = untilMs - this.#windows.rangeMs;
    const left = anchoredFirst(timesMs, first, end, fromMs);
    if (left === -1) return undefined;
    let right = end - 1;
    if (this.#isSmoothed) {
      if ((timesMs[left] ?? 0) > untilMs) return undefined;
      while (right > left && (timesMs[right - 1] ?? 0) >= untilMs) right--;
      if ((timesMs[right] ?? 0) <= fromMs) return undefined;
    }
    const isBefore = this.#isSmoothed && (timesMs[left] ?? 0) < fromMs;
    const isAfter = this.#isSmoothed && right > first && (timesMs[right] ?? 0) > untilMs;
    const leftValue = isBefore ? this.#between(left, fromMs) : (values[left] ?? 0);
    const rightValue = isAfter ? this.#between(right - 1, untilMs) : (values[right] ?? 0);
    const grown = rightValue - leftValue;
    if (!this.#isCounter) return grown;
    const inside = (timesMs[left] ?? 0) <= fromMs ? left + 1 : left;
    const outside = (timesMs[right] ?? 0) >= untilMs ? right : right + 1;
    return grown + this.#lostToResets(leftValue, rightValue, inside, outside);
  }

  /** On the line from a sample to the next; a counter that fell in between began at zero. */
  #between(index: number, timeMs: number): number {
    const { timesMs, values } = this.#samples;
    const after = values[index + 1] ?? 0;
    const before = values[index] ?? 0;
    const from = this.#isCounter && after < before ? 0 : before;
    const beforeMs = timesMs[index] ?? 0;
    return from + ((after - from) * (timeMs - beforeMs)) / ((timesMs[index + 1] ?? 0) - beforeMs);
  }

  #lostToResets(leftValue: number, rightValue: number, inside: number, outside: number): number {
    const { values } = this.#samples;
    let lost = 0;
    let before = leftValue;
    for (let index = inside; index < outside; index++) {
      const value = values[index] ?? 0;
      if (value < before) lost += before;
      before = value;
    }
    return rightValue < before ? lost + before : lost;
  }
}
