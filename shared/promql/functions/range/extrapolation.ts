import type { FloatSamples, SampleWindows } from '../../evaluate/columns.ts';
import type { CallSite } from '../../evaluate/context.ts';
import { secondsOf } from './seconds.ts';
import { isKnownStart } from './start-times.ts';

export interface GrowthKind {
  readonly isCounter: boolean;
  readonly isPerSecond: boolean;
}

/**
 * What a series grew by between the first and the last sample of a window, carried on to the window's edges
 * where its samples leave room for no more than a missed sample, and else by half the distance of two
 * samples. The order of operations is Prometheus', which decides the last digits.
 */
export class Extrapolation {
  readonly #timesMs: Float64Array;
  readonly #values: Float64Array;
  readonly #windows: SampleWindows;
  readonly #kind: GrowthKind;
  /** Before Prometheus 2.51 the way to zero was cut first, and then taken for a distance like any other. */
  readonly #cutsAtZeroFirst: boolean;
  readonly #rangeSeconds: number;

  constructor({ timesMs, values }: FloatSamples, windows: SampleWindows, kind: GrowthKind, site: CallSite) {
    this.#timesMs = timesMs;
    this.#values = values;
    this.#windows = windows;
    this.#kind = kind;
    this.#cutsAtZeroFirst = site.context.options.semantics === 'v2';
    this.#rangeSeconds = secondsOf(windows.rangeMs);
  }

  /** @param grown with what resets took; `first` and `end` are the window's, of two samples at least. */
  of(grown: number, first: number, end: number, step: number): number {
    return grown * this.#factor(first, end, step, this.#secondsToZero(grown, first, end));
  }

  /** What growth is multiplied by where the way to zero is longer than `secondsToStart`. */
  plainFactor(first: number, end: number, step: number): number {
    return this.#factor(first, end, step, Infinity);
  }

  /** Of a window: a way to zero that is no shorter than this changes nothing. */
  secondsToStart(first: number, end: number, step: number): number {
    const toStart = this.#secondsBefore(first, step);
    const spacing = this.sampledSeconds(first, end) / (end - 1 - first);
    return !this.#cutsAtZeroFirst && toStart >= spacing * 1.1 ? spacing / 2 : toStart;
  }

  sampledSeconds(first: number, end: number): number {
    return ((this.#timesMs[end - 1] ?? 0) - (this.#timesMs[first] ?? 0)) / 1000;
  }

  /** Whether the counter itself says that it began within the window, before the window's first sample. */
  beginsWithin(first: number, end: number, step: number, startMs: number): boolean {
    if (!isKnownStart(startMs) || end === first) return false;
    const fromMs = (this.#windows.untilMs[step] ?? 0) - this.#windows.rangeMs;
    return startMs > fromMs && startMs < (this.#timesMs[first] ?? 0);
  }

  /** Then nothing need be guessed towards the window's beginning: it counted from zero there. */
  sinceStart(grown: number, first: number, end: number, step: number, startMs: number): number {
    const gaps = end - 1 - first;
    const spacing = gaps === 0 ? 0 : this.sampledSeconds(first, end) / gaps;
    const sampled = ((this.#timesMs[end - 1] ?? 0) - startMs) / 1000;
    const toEnd = this.#secondsAfter(end, step, spacing);
    return (grown + (this.#values[first] ?? 0)) * this.#scale(sampled, 0, toEnd);
  }

  #factor(first: number, end: number, step: number, toZero: number): number {
    const sampled = this.sampledSeconds(first, end);
    const spacing = sampled / (end - 1 - first);
    let toStart = this.#secondsBefore(first, step);
    if (this.#cutsAtZeroFirst && toZero < toStart) toStart = toZero;
    if (toStart >= spacing * 1.1) toStart = spacing / 2;
    if (!this.#cutsAtZeroFirst && toZero < toStart) toStart = toZero;
    return this.#scale(sampled, toStart, this.#secondsAfter(end, step, spacing));
  }

  #secondsBefore(first: number, step: number): number {
    const fromMs = (this.#windows.untilMs[step] ?? 0) - this.#windows.rangeMs;
    return ((this.#timesMs[first] ?? 0) - fromMs) / 1000;
  }

  #secondsAfter(end: number, step: number, spacing: number): number {
    const toEnd = ((this.#windows.untilMs[step] ?? 0) - (this.#timesMs[end - 1] ?? 0)) / 1000;
    return toEnd >= spacing * 1.1 ? spacing / 2 : toEnd;
  }

  /** How long before its first sample a counter of this growth was zero; it cannot have been below. */
  #secondsToZero(grown: number, first: number, end: number): number {
    const firstValue = this.#values[first] ?? 0;
    if (!this.#kind.isCounter || !(grown > 0) || !(firstValue >= 0)) return Infinity;
    return this.sampledSeconds(first, end) * (firstValue / grown);
  }

  #scale(sampled: number, toStart: number, toEnd: number): number {
    const factor = (sampled + toStart + toEnd) / sampled;
    return this.#kind.isPerSecond ? factor / this.#rangeSeconds : factor;
  }
}
