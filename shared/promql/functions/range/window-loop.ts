import type { FloatSamples, SampleWindows } from '../../evaluate/columns.ts';
import type { CallSite, RangeFunction } from '../../evaluate/context.ts';

/** Samples looked at between two questions whether the query is still wanted: a few milliseconds of work. */
const samplesBetweenCheckpoints = 1 << 20;

/** Counts the work of a loop and asks now and then. */
class Effort {
  readonly #site: CallSite;
  #samples = 0;

  constructor(site: CallSite) {
    this.#site = site;
  }

  /** @throws QueryError once the query is cancelled or out of time. */
  spend(samples: number): void {
    // A step costs something even where its window is empty.
    this.#samples += samples + 8;
    // A single window may be worth many questions: the clock is not looked at for each.
    for (; this.#samples >= samplesBetweenCheckpoints; this.#samples -= samplesBetweenCheckpoints)
      this.#site.context.checkpoint();
  }
}

/** What a function is called with beside the samples of a series. */
export interface WindowCall {
  readonly windows: SampleWindows;
  readonly parameters: readonly Float64Array[];
  readonly site: Parameters<RangeFunction>[4];
}

/** What a function makes of one window, `first` up to, not including, `end`; there is at least one sample. */
export type WindowValue = (samples: FloatSamples, first: number, end: number, step: number) => number;

/**
 * A function that looks at each window for itself and has a value wherever there are enough samples.
 *
 * @param value made once for each series, so that it may keep something between its windows.
 */
export function perWindow(
  value: (samples: FloatSamples, call: WindowCall) => WindowValue,
  fewestSamples = 1,
): RangeFunction {
  return (samples, windows, parameters, out, site) => {
    const valueOf = value(samples, { windows, parameters, site });
    const effort = new Effort(site);
    for (let step = 0; step < windows.first.length; step++) {
      const first = windows.first[step] ?? 0;
      const end = windows.end[step] ?? 0;
      effort.spend(end - first);
      if (end - first < fewestSamples) continue;
      out.values[step] = valueOf(samples, first, end, step);
      out.present[step] = 1;
    }
  };
}

/** A scalar argument at a step. */
export function parameterAt(parameters: readonly Float64Array[], position: number, step: number): number {
  return parameters[position]?.[step] ?? Number.NaN;
}
