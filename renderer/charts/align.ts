import type { Series } from '#shared/model/series.ts';

/**
 * Brings series with times of their own into the columns that uPlot draws. Where a series has no sample
 * for longer than a step and a half the line must break: there the column holds null. Elsewhere, at
 * times that only other series have, it holds undefined, over which the line goes on.
 */
export interface AlignedColumns {
  /** Unix seconds, rising. */
  readonly times: number[];
  readonly columns: (number | null | undefined)[][];
}

const gapSteps = 1.5;

/** @param stepMs the distance at which samples are expected; above zero. */
export function alignSeries(series: readonly Series[], stepMs: number): AlignedColumns {
  const gapMs = stepMs * gapSteps;
  const timesMs = [
    ...new Set(series.flatMap((one) => [...one.timesMs, ...gapTimes(one.timesMs, gapMs)])),
  ].sort((left, right) => left - right);
  const indexOf = new Map(timesMs.map((timeMs, index) => [timeMs, index]));
  const columns = series.map((one) => columnOf(one, timesMs.length, indexOf, gapMs));
  return { times: timesMs.map((timeMs) => timeMs / 1_000), columns };
}

/** One time inside each gap, at which the line is told to break. */
function gapTimes(timesMs: Float64Array, gapMs: number): number[] {
  const inside: number[] = [];
  for (let index = 1; index < timesMs.length; index++) {
    const before = timesMs[index - 1] ?? 0;
    const after = timesMs[index] ?? 0;
    if (after - before > gapMs) inside.push((before + after) / 2);
  }
  return inside;
}

function columnOf(
  one: Series,
  length: number,
  indexOf: ReadonlyMap<number, number>,
  gapMs: number,
): (number | null | undefined)[] {
  const column = Array.from<number | null | undefined>({ length }).fill(undefined);
  one.timesMs.forEach((timeMs, index) => {
    const at = indexOf.get(timeMs);
    const value = one.values[index];
    if (at !== undefined) column[at] = value !== undefined && Number.isFinite(value) ? value : null;
  });
  for (const timeMs of gapTimes(one.timesMs, gapMs)) {
    const at = indexOf.get(timeMs);
    if (at !== undefined) column[at] = null;
  }
  return column;
}

/** Time of the newest sample of any series, or null where there is none. */
export function lastSampleMs(series: readonly Series[]): number | null {
  const last = series.flatMap((one) => (one.timesMs.length === 0 ? [] : [one.timesMs.at(-1) ?? 0]));
  return last.length === 0 ? null : Math.max(...last);
}
