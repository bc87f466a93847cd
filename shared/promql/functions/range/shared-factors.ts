import type { SampleWindows } from '../../evaluate/columns.ts';
import type { EvaluationContext } from '../../evaluate/context.ts';
import type { Extrapolation } from './extrapolation.ts';

/**
 * What extrapolation makes of times alone, for series that were scraped together and so share their times
 * and windows: the divisions are done once for all of them.
 */
export interface SharedFactors {
  readonly factors: Float64Array;
  /** Of the samples of each window. */
  readonly sampledSeconds: Float64Array;
  /** The factor holds where a counter's way to zero is no shorter. */
  readonly secondsToStart: Float64Array;
  readonly timesMs: Float64Array;
  readonly untilMs: Float64Array;
}

/** Fewer steps are not worth remembering. */
const fewestSteps = 4;

/** Most steps remembered for one evaluation: 24 MB. */
const mostSteps = 1_000_000;

/** The factors of one function within one evaluation. */
class FactorCache {
  /** By the windows' own array. Null: seen once, and perhaps no other series shares it. */
  readonly #known = new Map<Int32Array, SharedFactors | null>();
  #steps = 0;

  /** Null where nobody else has had these windows, or there are too many. */
  of(timesMs: Float64Array, windows: SampleWindows, extrapolation: Extrapolation): SharedFactors | null {
    const known = this.#known.get(windows.first);
    if (known?.timesMs === timesMs && known.untilMs === windows.untilMs) return known;
    if (known === undefined) {
      this.#known.set(windows.first, null);
      return null;
    }
    this.#steps += windows.first.length;
    if (this.#steps > mostSteps) return null;
    const made = factorsOf(timesMs, windows, extrapolation);
    this.#known.set(windows.first, made);
    return made;
  }
}

function factorsOf(
  timesMs: Float64Array,
  windows: SampleWindows,
  extrapolation: Extrapolation,
): SharedFactors {
  const count = windows.first.length;
  const factors = new Float64Array(count);
  const sampledSeconds = new Float64Array(count);
  const secondsToStart = new Float64Array(count);
  for (let step = 0; step < count; step++) {
    const first = windows.first[step] ?? 0;
    const end = windows.end[step] ?? 0;
    if (end - first < 2) continue;
    factors[step] = extrapolation.plainFactor(first, end, step);
    sampledSeconds[step] = extrapolation.sampledSeconds(first, end);
    secondsToStart[step] = extrapolation.secondsToStart(first, end, step);
  }
  return { factors, sampledSeconds, secondsToStart, timesMs, untilMs: windows.untilMs };
}

/** One for each function, since each makes other factors; they go when the evaluation goes. */
export class FactorCaches {
  readonly #caches = new WeakMap<EvaluationContext, FactorCache>();

  of(
    context: EvaluationContext,
    timesMs: Float64Array,
    windows: SampleWindows,
    extrapolation: Extrapolation,
  ): SharedFactors | null {
    if (windows.first.length < fewestSteps) return null;
    let cache = this.#caches.get(context);
    if (cache === undefined) {
      cache = new FactorCache();
      this.#caches.set(context, cache);
    }
    return cache.of(timesMs, windows, extrapolation);
  }
}
