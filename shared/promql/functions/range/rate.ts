import type { FloatSamples, SampleWindows } from '../../evaluate/columns.ts';
import type { RangeFunction } from '../../evaluate/context.ts';
import { ExtendedGrowth, extensionOf, type Extension } from './extended.ts';
import { Extrapolation, type GrowthKind } from './extrapolation.ts';
import { overlapOf } from './overlap.ts';
import { remarkIfNoCounter, remarkOfOverlap } from './remarks.ts';
import { ResetCursor } from './resets.ts';
import { secondsOf } from './seconds.ts';
import { FactorCaches, type SharedFactors } from './shared-factors.ts';
import { overlapsBefore, startTimesOf } from './start-times.ts';

export const rate = growth({ isCounter: true, isPerSecond: true });
export const increase = growth({ isCounter: true, isPerSecond: false });
export const delta = growth({ isCounter: false, isPerSecond: false });

/** By the ends of the windows themselves, by what counters tell of their start, or by samples alone. */
function growth(kind: GrowthKind): RangeFunction {
  const caches = new FactorCaches();
  return (samples, windows, parameters, out, site) => {
    const extension = extensionOf(site);
    const startTimesMs = kind.isCounter ? startTimesOf(samples, site) : null;
    let fill = fillExtrapolated(kind, caches);
    if (extension !== null) fill = fillExtended(kind, extension);
    else if (startTimesMs !== null) fill = fillFromStarts(kind, startTimesMs);
    fill(samples, windows, parameters, out, site);
    if (kind.isCounter && out.present.includes(1)) remarkIfNoCounter(site);
  };
}

function fillExtrapolated(kind: GrowthKind, caches: FactorCaches): RangeFunction {
  return (samples, windows, _parameters, out, site) => {
    const { values, timesMs } = samples;
    const extrapolation = new Extrapolation(samples, windows, kind, site);
    const shared = caches.of(site.context, timesMs, windows, extrapolation);
    const resets = kind.isCounter && mayReset(samples, windows) ? new ResetCursor(samples, null) : null;
    for (let step = 0; step < windows.first.length; step++) {
      if ((step & 1023) === 1023) site.context.checkpoint();
      const first = windows.first[step] ?? 0;
      const end = windows.end[step] ?? 0;
      if (end - first < 2) continue;
      const firstValue = values[first] ?? 0;
      let grown = (values[end - 1] ?? 0) - firstValue;
      if (resets !== null) {
        resets.moveTo(first, end);
        if (resets.count > 0) grown = resets.correct(grown);
      }
      const isShared = shared !== null && !(kind.isCounter && mayCutAtZero(shared, step, grown, firstValue));
      out.values[step] = isShared
        ? grown * (shared.factors[step] ?? 0)
        : extrapolation.of(grown, first, end, step);
      out.present[step] = 1;
    }
  };
}

/** Without a division, and with a margin for rounding: whoever may be cut is computed in full. */
function mayCutAtZero(shared: SharedFactors, step: number, grown: number, firstValue: number): boolean {
  if (!(grown > 0) || !(firstValue >= 0)) return false;
  const margin = 1 + 1e-9;
  const isNear =
    firstValue * (shared.sampledSeconds[step] ?? 0) <= (shared.secondsToStart[step] ?? 0) * grown * margin;
  // Products of such small numbers would have lost their digits.
  return isNear || grown < 1e-200;
}

/** Most counters never fall, which one look tells where windows leave little out. */
function mayReset({ values }: FloatSamples, windows: SampleWindows): boolean {
  if (overlapOf(windows) < 0.5) return true;
  const from = windows.first[0] ?? 0;
  const until = windows.end[windows.end.length - 1] ?? 0;
  for (let index = from + 1; index < until; index++) {
    if ((values[index] ?? 0) < (values[index - 1] ?? 0)) return true;
  }
  return false;
}

function fillFromStarts(kind: GrowthKind, startTimesMs: Float64Array): RangeFunction {
  return (samples, windows, _parameters, out, site) => {
    const { values } = samples;
    const extrapolation = new Extrapolation(samples, windows, kind, site);
    const resets = new ResetCursor(samples, startTimesMs);
    for (let step = 0; step < windows.first.length; step++) {
      if ((step & 1023) === 1023) site.context.checkpoint();
      const first = windows.first[step] ?? 0;
      const end = windows.end[step] ?? 0;
      const startMs = startTimesMs[first] ?? 0;
      const beginsWithin = extrapolation.beginsWithin(first, end, step, startMs);
      if (end - first < 2 && !beginsWithin) continue;
      resets.moveTo(first, end);
      const grown = resets.correct((values[end - 1] ?? 0) - (values[first] ?? 0));
      out.values[step] = beginsWithin
        ? extrapolation.sinceStart(grown, first, end, step, startMs)
        : extrapolation.of(grown, first, end, step);
      out.present[step] = 1;
    }
    if (out.present.includes(1) && hasOverlap(samples, windows, startTimesMs)) remarkOfOverlap(site);
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

/** Of ranges that reach beyond their ends, so that nothing is guessed. */
function fillExtended({ isCounter, isPerSecond }: GrowthKind, extension: Extension): RangeFunction {
  return (samples, windows, _parameters, out, site) => {
    const extended = new ExtendedGrowth(samples, windows, extension, isCounter);
    const seconds = isPerSecond ? secondsOf(windows.rangeMs) : 1;
    for (let step = 0; step < windows.first.length; step++) {
      if ((step & 1023) === 1023) site.context.checkpoint();
      const grown = extended.at(windows.first[step] ?? 0, windows.end[step] ?? 0, step);
      if (grown === undefined) continue;
      out.values[step] = grown / seconds;
      out.present[step] = 1;
    }
  };
}
