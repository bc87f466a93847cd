import type { RawSeries } from '../model/samples.ts';
import type { VectorSelector } from '../syntax/ast.ts';
import { ColumnBuffers } from './buffers.ts';
import type { Column } from './columns.ts';
import { refuseLatestHistograms } from './native-histograms.ts';
import { hasAny } from './presence.ts';
import { offsetMs } from './durations.ts';
import type { ColumnReceiver, Scope } from './scope.ts';
import { selectedSeries } from './selection.ts';
import { streamSmoothed } from './smoothed-selector.ts';
import { referenceTimes, type ReferenceTimes } from './times.ts';
import { latestSamples, type LatestSamples } from './windows.ts';

/**
 * Instant vector selectors: of each series the newest sample within the look-back, unless it says that the
 * series ended there.
 */
export function streamSelector(
  scope: Scope,
  selector: VectorSelector,
  keeps: boolean,
  receive: ColumnReceiver,
): void {
  if (selector.extension === 'smoothed') {
    streamSmoothed(scope, selector, keeps, receive);
    return;
  }
  const buffers = new ColumnBuffers(scope.steps, keeps);
  const { lookbackMs } = scope.query.options;
  const view = { ...referenceTimes(scope, selector), lookbackMs };
  forEachLatest(scope, selector, view, (series, latest) => {
    const column = columnOf(series, latest, buffers);
    if (column !== null) receive(column);
  });
}

/**
 * For `timestamp()` of a selector: when the samples were taken, in seconds. Of an offset beside an `@`
 * Prometheus reads the samples, but then looks back from the `@` all the same; seen in 2.42 and 3.5.
 */
export function streamSampleTimes(
  scope: Scope,
  selector: VectorSelector,
  keeps: boolean,
  receive: ColumnReceiver,
): void {
  const buffers = new ColumnBuffers(scope.steps, keeps);
  forEachLatest(scope, selector, timestampView(scope, selector), (series, latest) => {
    const column = columnOf(series, latest, buffers);
    if (column === null) return;
    const values = buffers.values();
    for (let step = 0; step < values.length; step++)
      values[step] = (series.timesMs[latest.positions[step] ?? 0] ?? 0) / 1000;
    receive({ ...column, values });
  });
}

/** The moments to look back from, and how far. */
interface View extends ReferenceTimes {
  readonly lookbackMs: number;
}

function timestampView(scope: Scope, selector: VectorSelector): View {
  const { bounds, options } = scope.query;
  const { untilMs, key } = referenceTimes(scope, selector);
  const offset = selector.at === null ? 0 : offsetMs(selector.offset, bounds);
  return {
    untilMs: offset < 0 ? untilMs.map((timeMs) => timeMs + offset) : untilMs,
    key: `${key}|${offset}`,
    lookbackMs: options.lookbackMs - Math.abs(offset),
  };
}

function forEachLatest(
  scope: Scope,
  selector: VectorSelector,
  { untilMs, key, lookbackMs }: View,
  visit: (series: RawSeries, latest: LatestSamples) => void,
): void {
  const { options, shared } = scope.query;
  const isClosed = options.semantics === 'v2';
  if (untilMs.length === 0 || lookbackMs < 0) return;
  const from = (untilMs[0] ?? 0) - lookbackMs + (isClosed ? 0 : 1);
  const all = selectedSeries(scope, selector, from, untilMs[untilMs.length - 1] ?? 0);
  const known = shared.latest(`${key}|${lookbackMs}|${options.semantics}`);
  for (const series of all) {
    scope.checkpoint();
    let latest = known.get(series.timesMs);
    if (latest === undefined) {
      latest = latestSamples(series.timesMs, untilMs, lookbackMs, isClosed);
      known.set(series.timesMs, latest);
    }
    if (series.histogramTimesMs !== null)
      refuseLatestHistograms(series, selector, {
        untilMs,
        lookbackMs,
        isClosed,
        positions: latest.positions,
      });
    if (latest.presentCount > 0) visit(series, latest);
  }
}

function columnOf(series: RawSeries, latest: LatestSamples, buffers: ColumnBuffers): Column | null {
  const { positions } = latest;
  const { labels } = series;
  const present = series.stale === null ? latest.present : endedAt(series.stale, latest, buffers);
  if (present !== latest.present && !hasAny(present)) return null;
  if (latest.areConsecutive) {
    const first = positions[0] ?? 0;
    return {
      labels,
      values: series.values.subarray(first, first + positions.length),
      present,
      dropsName: false,
    };
  }
  const values = buffers.values();
  const source = series.values;
  for (let step = 0; step < values.length; step++) values[step] = source[positions[step] ?? 0] ?? 0;
  return { labels, values, present, dropsName: false };
}

/** The presence without the steps whose newest sample is a stale marker. */
function endedAt(stale: Uint8Array, latest: LatestSamples, buffers: ColumnBuffers): Uint8Array | null {
  const { positions } = latest;
  let isEnded = false;
  for (let step = 0; step < positions.length && !isEnded; step++)
    isEnded = stale[positions[step] ?? -1] === 1;
  if (!isEnded) return latest.present;
  const present = buffers.present();
  for (let step = 0; step < positions.length; step++) {
    const position = positions[step] ?? -1;
    if (position >= 0 && stale[position] !== 1) present[step] = 1;
  }
  return present;
}
