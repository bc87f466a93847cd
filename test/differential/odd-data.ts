import { dataEndMs, dataStartMs } from './data-times.ts';
import type { Dice } from './dice.ts';
import type { WrittenSeries } from '#support/remote-write.ts';

/** Series that no honest exporter has: samples at whole steps only, and histograms with something wrong. */
export function makeOddSeries(dice: Dice): readonly WrittenSeries[] {
  const series: WrittenSeries[] = [];
  const add = (labels: Readonly<Record<string, string>>, values: (index: number) => number): void => {
    series.push({
      labels,
      timesMs: wholeTimes,
      values: Float64Array.from(wholeTimes, (_, index) => values(index)),
    });
  };
  for (const instance of ['i1', 'i2'])
    for (const job of ['api', 'db'])
      add({ __name__: 'aligned_total', instance, job }, (index) => index * 3 + dice.between(0, 2));
  for (const [instance, buckets] of Object.entries(oddHistograms))
    for (const [le, share] of buckets)
      add({ __name__: 'odd_bucket', instance, job: 'api', le }, (index) => {
        if (share === null) return dice.chance(0.5) ? Number.NaN : index;
        return Math.round(index * share + dice.next() * 3);
      });
  return series;
}

/** Every 15 seconds, and a minute in ten left out. */
const wholeTimes = Float64Array.from(
  Array.from({ length: (dataEndMs - dataStartMs) / 15_000 }, (_, index) => index)
    .filter((index) => index % 40 < 36)
    .map((index) => dataStartMs + index * 15_000),
);

/** Bounds as they are spelled, with how fast their counts grow; null for counts that are now and then none. */
const oddHistograms: Readonly<Record<string, readonly (readonly [le: string, share: number | null])[]>> = {
  withoutInfinity: [
    ['0.1', 1],
    ['1', 2],
  ],
  falling: [
    ['0.1', 3],
    ['0.5', 1],
    ['1', 2.5],
    ['+Inf', 2],
  ],
  twice: [
    ['1', 1],
    ['1.0', 1],
    ['1e1', 2],
    ['+Inf', 3],
  ],
  withoutNumbers: [
    ['0.5', 1],
    ['1', null],
    ['+Inf', 2],
  ],
  unreadable: [
    ['-1', 1],
    ['', 5],
    ['one', 1],
    ['0', 2],
    ['+Inf', 2],
  ],
  alone: [['+Inf', 1]],
};
