import type { VectorSelector } from '../syntax/ast.ts';
import { ColumnBuffers } from './buffers.ts';
import { hasAny, simplified } from './presence.ts';
import { marginsOf, walkWindows, type RangeSeries } from './range-vectors.ts';
import type { ColumnReceiver, Scope } from './scope.ts';

/**
 * `smoothed` instant selectors (PROM-52, experimental): the value on the line between the samples before
 * and after the moment, each within one look-back; without a sample after it, the one before.
 */
export function streamSmoothed(
  scope: Scope,
  selector: VectorSelector,
  keeps: boolean,
  receive: ColumnReceiver,
): void {
  const buffers = new ColumnBuffers(scope.steps, keeps);
  walkWindows(scope, selector, { rangeMs: 0, ...marginsOf(selector, scope.options) }, (series) => {
    const values = buffers.values();
    const present = buffers.present();
    smooth(series, values, present);
    if (hasAny(present))
      receive({ labels: series.labels, values, present: simplified(present), dropsName: false });
  });
}

function smooth({ samples, windows }: RangeSeries, values: Float64Array, present: Uint8Array): void {
  const { timesMs } = samples;
  for (let step = 0; step < values.length; step++) {
    const until = windows.untilMs[step] ?? 0;
    const first = windows.first[step] ?? 0;
    const end = windows.end[step] ?? 0;
    let next = first;
    while (next < end && (timesMs[next] ?? 0) < until) next += 1;
    const isExact = next < end && timesMs[next] === until;
    if (!isExact && next === first) continue;
    present[step] = 1;
    if (isExact) values[step] = samples.values[next] ?? 0;
    else if (next === end) values[step] = samples.values[next - 1] ?? 0;
    else values[step] = between(samples.timesMs, samples.values, next, until);
  }
}

function between(timesMs: Float64Array, values: Float64Array, next: number, timeMs: number): number {
  const [before, after] = [values[next - 1] ?? 0, values[next] ?? 0];
  const [beforeMs, afterMs] = [timesMs[next - 1] ?? 0, timesMs[next] ?? 0];
  return before + ((after - before) * (timeMs - beforeMs)) / (afterMs - beforeMs);
}
