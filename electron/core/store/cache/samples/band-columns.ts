/** Least, mean, most and count of a series' samples by windows of time, and the same of wider windows. */
export interface BandColumns {
  readonly slot: number;
  /** Starts of the windows, Unix milliseconds, rising. */
  readonly timesMs: Float64Array;
  readonly least: Float64Array;
  /** To 24 bits: it is drawn, never calculated with. */
  readonly mean: Float64Array;
  readonly most: Float64Array;
  /** Of the samples that are numbers; windows without one are left out. */
  readonly count: Float64Array;
}

/** @param columns of each slot in order of time. @returns one of each slot, by windows of `tierMs`. */
export function summarised(columns: readonly BandColumns[], tierMs: number): BandColumns[] {
  const times = new Map<string, Float64Array>();
  return [...Map.groupBy(columns, ({ slot }) => slot)]
    .map(([slot, own]) => summary(slot, own, tierMs, times))
    .filter(({ timesMs }) => timesMs.length > 0);
}

function summary(
  slot: number,
  columns: readonly BandColumns[],
  tierMs: number,
  times: Map<string, Float64Array>,
): BandColumns {
  const starts: number[] = [];
  const [least, sums, most, count]: [number[], number[], number[], number[]] = [[], [], [], []];
  let last = -1;
  for (const column of columns) {
    for (let index = 0; index < column.timesMs.length; index++) {
      const mean = column.mean[index] ?? Number.NaN;
      if (Number.isNaN(mean)) continue;
      const startMs = Math.floor((column.timesMs[index] ?? 0) / tierMs) * tierMs;
      if (starts[last] !== startMs) {
        last++;
        starts.push(startMs);
        least.push(Number.POSITIVE_INFINITY);
        most.push(Number.NEGATIVE_INFINITY);
        sums.push(0);
        count.push(0);
      }
      const own = column.count[index] ?? 0;
      least[last] = Math.min(least[last] ?? 0, column.least[index] ?? 0);
      most[last] = Math.max(most[last] ?? 0, column.most[index] ?? 0);
      sums[last] = (sums[last] ?? 0) + mean * own;
      count[last] = (count[last] ?? 0) + own;
    }
  }
  const key = starts.join(' ');
  const timesMs = times.get(key) ?? Float64Array.from(starts);
  times.set(key, timesMs);
  const mean = Float64Array.from(sums, (sum, index) => Math.fround(sum / (count[index] ?? 1)));
  return {
    slot,
    timesMs,
    least: Float64Array.from(least),
    mean,
    most: Float64Array.from(most),
    count: Float64Array.from(count),
  };
}
