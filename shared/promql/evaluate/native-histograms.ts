import { notSupported } from '../problem.ts';
import type { RawSeries } from '../model/samples.ts';
import type { VectorSelector } from '../syntax/ast.ts';

/**
 * Series may have native histograms among their samples. This engine has no answer for them, and an answer
 * without them would be wrong: a query whose windows hold one fails.
 */

/** @throws QueryError where the newest sample of a step is a histogram. */
export function refuseLatestHistograms(
  series: RawSeries,
  selector: VectorSelector,
  window: {
    readonly untilMs: Float64Array;
    readonly lookbackMs: number;
    readonly isClosed: boolean;
    readonly positions: Int32Array;
  },
): void {
  const histograms = series.histogramTimesMs;
  if (histograms === null) return;
  let end = 0;
  for (let step = 0; step < window.untilMs.length; step++) {
    const until = window.untilMs[step] ?? 0;
    while (end < histograms.length && (histograms[end] ?? 0) <= until) end += 1;
    const newest = histograms[end - 1] ?? Number.NEGATIVE_INFINITY;
    const position = window.positions[step] ?? -1;
    const newestFloat = position < 0 ? Number.NEGATIVE_INFINITY : (series.timesMs[position] ?? 0);
    if (isWithin(newest, until - window.lookbackMs, window.isClosed) && newest > newestFloat)
      throw refusal(selector);
  }
}

/** @throws QueryError where a range holds a histogram. */
export function refuseHistogramsInRanges(
  series: RawSeries,
  selector: VectorSelector,
  window: { readonly untilMs: Float64Array; readonly rangeMs: number; readonly isClosed: boolean },
): void {
  const histograms = series.histogramTimesMs;
  if (histograms === null) return;
  let end = 0;
  for (const until of window.untilMs) {
    while (end < histograms.length && (histograms[end] ?? 0) <= until) end += 1;
    const newest = histograms[end - 1] ?? Number.NEGATIVE_INFINITY;
    if (isWithin(newest, until - window.rangeMs, window.isClosed)) throw refusal(selector);
  }
}

function isWithin(timeMs: number, fromMs: number, isClosed: boolean): boolean {
  return timeMs > fromMs || (isClosed && timeMs === fromMs);
}

function refusal(selector: VectorSelector): Error {
  return notSupported(
    `a native histogram in ${selector.name === '' ? 'a selector' : selector.name}`,
    selector.span,
  );
}
