import type { FloatSamples, SampleWindows } from '../../evaluate/columns.ts';
import type { RangeFunction } from '../../evaluate/context.ts';
import { secondsOf } from './seconds.ts';
import { ExtendedGrowth, extensionOf, type Extension } from './extended.ts';
import { ResetCursor } from './resets.ts';
import { isKnownStart, overlapsBefore, startTimesOf } from './start-times.ts';
import { remarkIfNoCounter, remarkOfOverlap } from './remarks.ts';

interface Kind {
  readonly isCounter: boolean;
  readonly isPerSecond: boolean;
}

export const rate = extrapolated({ isCounter: true, isPerSecond: true });
export const increase = extrapolated({ isCounter: true, isPerSecond: false });
export const delta = extrapolated({ isCounter: false, isPerSecond: false });

/**
 * What a series grew by within each window, carried on to the window's edges where its samples leave room
 * for no more than a missed sample, and else by half the distance of two samples.
 */
function extrapolated(kind: Kind): RangeFunction {
  return (samples, windows, parameters, out, site) => {
    const extension = extensionOf(site);
    if (extension !== null) {
      growthOf(kind, extension)(samples, windows, parameters, out, site);
      return;
    }
    const startTimesMs = kind.isCounter ? startTimesOf(samples, site) : null;
    const resets = kind.isCounter ? new ResetCursor(samples, startTimesMs) : null;
    const growth = new Growth(samples, windows, kind, site.context.options.semantics === 'v2');
    let hasValue = false;
    for (let step = 0; step < windows.first.length; step++) {
      if ((step & 1023) === 1023) site.context.checkpoint();
      const first = windows.first[step] ?? 0;
      const end = windows.end[step] ?? 0;
      const startMs = startTimesMs === null ? Number.NaN : (startTimesMs[first] ?? 0);
      const fromStart = growth.beginsWithin(first, end, step, startMs);
      if (end - first < 2 && !fromStart) continue;
      resets?.moveTo(first, end);
      const plain = (samples.values[end - 1] ?? 0) - (samples.values[first] ?? 0);
      const grown = resets === null || resets.count === 0 ? plain : resets.correct(plain);
      out.values[step] = fromStart
        ? growth.sinceStart(grown, first, end, step, startMs)
        : growth.extrapolate(grown, first, end, step);
      out.present[step] = 1;
      hasValue = true;
    }
    if (!hasValue || !kind.isCounter) return;
    remarkIfNoCounter(site);
    if (startTimesMs !== null && hasOverlap(samples, windows, startTimesMs)) remarkOfOverlap(site);
  };
}

/** The arithmetic of one series; the order of operations is Prometheus', which decides the last digits. */
class Growth {
  readonly #samples: FloatSamples;
  readonly #windows: SampleWindows;
  readonly #kind: Kind;
  readonly #capsAtZeroFirst: boolean;
  readonly #rangeSeconds: number;

  /** @param capsAtZeroFirst as before Prometheus 2.51: the distance to zero is taken before the half spacing. */
  constructor(samples: FloatSamples, windows: SampleWindows, kind: Kind, capsAtZeroFirst: boolean) {
    this.#samples = samples;
    this.#windows = windows;
    this.#kind = kind;
    this.#capsAtZeroFirst = capsAtZeroFirst;
    this.#rangeSeconds = secondsOf(windows.rangeMs);
  }

  extrapolate(grown: number, first: number, end: number, step: number): number {
    const { timesMs } = this.#samples;
    const firstMs = timesMs[first] ?? 0;
    const lastMs = timesMs[end - 1] ?? 0;
    const untilMs = this.#windows.untilMs[step] ?? 0;
    const sampled = (lastMs - firstMs) / 1000;
    const spacing = sampled / (end - 1 - first);
    const threshold = spacing * 1.1;
    let toStart = (firstMs - (untilMs - this.#windows.rangeMs)) / 1000;
    let toEnd = (untilMs - lastMs) / 1000;
    const toZero = this.#secondsToZero(grown, first, sampled);
    if (this.#capsAtZeroFirst && toZero < toStart) toStart = toZero;
    if (toStart >= threshold) toStart = spacing / 2;
    if (!this.#capsAtZeroFirst && toZero < toStart) toStart = toZero;
    if (toEnd >= threshold) toEnd = spacing / 2;
    return this.#scaled(grown, sampled, toStart, toEnd);
  }

  /** Whether the counter itself says that it began within the window, before the window's first sample. */
  beginsWithin(first: number, end: number, step: number, startMs: number): boolean {
    if (!isKnownStart(startMs) || end === first) return false;
    const fromMs = (this.#windows.untilMs[step] ?? 0) - this.#windows.rangeMs;
    return startMs > fromMs && startMs < (this.#samples.timesMs[first] ?? 0);
  }

  /** Then nothing need be guessed towards the window's beginning: it counted from zero there. */
  sinceStart(grown: number, first: number, end: number, step: number, startMs: number): number {
    const { timesMs, values } = this.#samples;
    const lastMs = timesMs[end - 1] ?? 0;
    const gaps = end - 1 - first;
    const spacing = gaps === 0 ? 0 : (lastMs - (timesMs[first] ?? 0)) / 1000 / gaps;
    let toEnd = ((this.#windows.untilMs[step] ?? 0) - lastMs) / 1000;
    if (toEnd >= spacing * 1.1) toEnd = spacing / 2;
    return this.#scaled(grown + (values[first] ?? 0), (lastMs - startMs) / 1000, 0, toEnd);
  }

  /** How long before its first sample a counter of this growth was zero; it cannot have been below. */
  #secondsToZero(grown: number, first: number, sampled: number): number {
    const firstValue = this.#samples.values[first] ?? 0;
    if (!this.#kind.isCounter || !(grown > 0) || !(firstValue >= 0)) return Infinity;
    return sampled * (firstValue / grown);
  }

  #scaled(grown: number, sampled: number, toStart: number, toEnd: number): number {
    const factor = (sampled + toStart + toEnd) / sampled;
    return grown * (this.#kind.isPerSecond ? factor / this.#rangeSeconds : factor);
  }
}

/** Of ranges that reach beyond their ends, so that nothing is guessed. */
function growthOf({ isCounter, isPerSecond }: Kind, extension: Extension): RangeFunction {
  return (samples, windows, _parameters, out, site) => {
    const growth = new ExtendedGrowth(samples, windows, extension, isCounter);
    const seconds = isPerSecond ? secondsOf(windows.rangeMs) : 1;
    let hasValue = false;
    for (let step = 0; step < windows.first.length; step++) {
      if ((step & 1023) === 1023) site.context.checkpoint();
      const grown = growth.at(windows.first[step] ?? 0, windows.end[step] ?? 0, step);
      if (grown === undefined) continue;
      out.values[step] = grown / seconds;
      out.present[step] = 1;
      hasValue = true;
    }
    if (hasValue && isCounter) remarkIfNoCounter(site);
  };
}

function hasOverlap(samples: FloatSamples, windows: SampleWindows, startTimesMs: Float64Array): boolean {
  let next = 0;
  for (let step = 0; step < windows.first.length; step++) {
    const end = windows.end[step] ?? 0;
    next = Math.max(next, (windows.first[step] ?? 0) + 1);
    for (; next < end; next++) if (overlapsBefore(samples.timesMs, startTimesMs, next)) return true;
  }
  return false;
}
