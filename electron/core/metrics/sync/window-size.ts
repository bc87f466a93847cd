import { minuteMs, hourMs, secondMs } from '#shared/time.ts';

/**
 * How long a window of a selector may be, so that its answer stays small: by how many series the server
 * counted, what came so far, and what was refused as too much.
 */

/** Samples that one answer is meant to have; a query may carry 500,000, a remote read 2,000,000. */
export const meantSamples = 200_000;
const longestMs = 2 * hourMs;
/** Until an answer has taught how often its series are scraped. */
const firstLongestMs = 5 * minuteMs;
const shortestMs = secondMs;
/** Assumed before the first answer. */
const usualIntervalSeconds = 15;
/** A stretch without samples does not say that the next one has none. */
const slowest = 0.5;
const recovery = 1.25;

export class WindowSize {
  #series = 0;
  #samplesPerSecond: number | null = null;
  #limitMs = longestMs;

  get series(): number {
    return this.#series;
  }

  get samplesPerSecond(): number | null {
    return this.#samplesPerSecond;
  }

  counted(series: number): void {
    this.#series = series;
  }

  /** @param spanMs of the window that was answered. @returns whether the series are many more than counted. */
  answered(spanMs: number, series: number, samples: number): boolean {
    const measured = (samples * 1_000) / Math.max(shortestMs, spanMs);
    this.#samplesPerSecond = Math.max(measured, (this.#samplesPerSecond ?? 0) * slowest);
    this.#limitMs = Math.min(longestMs, this.#limitMs * recovery);
    const hasGrown = series > this.#series * 1.5 + 10;
    if (hasGrown) this.#series = series;
    return hasGrown;
  }

  /** The answer to a window was too much. @returns whether a shorter one can be asked for. */
  refused(spanMs: number): boolean {
    this.#limitMs = Math.max(shortestMs, Math.floor(spanMs / 2));
    return spanMs > shortestMs;
  }

  /** Milliseconds, both ends of a window included. */
  longestMs(): number {
    const isFirst = this.#samplesPerSecond === null;
    const rate = Math.max(this.#samplesPerSecond ?? this.#series / usualIntervalSeconds, 0.001);
    const bySamples = Math.floor((meantSamples / rate) * 1_000);
    return Math.max(shortestMs, Math.min(bySamples, this.#limitMs, isFirst ? firstLongestMs : longestMs));
  }
}
