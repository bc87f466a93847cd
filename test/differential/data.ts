import { compareLabelSets, LabelPool } from '#shared/promql/model/label-set.ts';
import { MemorySource } from '#shared/promql/model/memory-source.ts';
import { staleMarker, type WrittenSeries } from '#support/remote-write.ts';
import { dataEndMs, dataStartMs } from './data-times.ts';
import { Dice } from './dice.ts';
import { makeOddSeries } from './odd-data.ts';

/**
 * Four hours of some two hundred series with everything that real ones have: counters that begin again,
 * targets that were away, numbers that are none, and series that ended.
 */

export { dataEndMs, dataStartMs };

export const jobs = ['api', 'db'] as const;
const instances = ['i1', 'i2', 'i3', 'i4', 'i5'] as const;
export const codes = ['200', '404', '500'] as const;
export const bounds = ['0.05', '0.1', '0.25', '1', '2.5', '+Inf'] as const;

/** Values that try patterns: lines, letters beyond ASCII, and such as change with their case. */
export const notes = ['plain', 'a\nb', 'größe', 'GRÖSSE', '\u212a', 'k', 'é', 'e\u0301', '', 'a.b'] as const;

/** Metrics by what they are, with the labels beside job and instance. */
export const metrics = {
  counters: [
    'requests_total',
    'errors_total',
    'restarts_total',
    'latency_seconds_count',
    'latency_seconds_sum',
    'aligned_total',
  ],
  oddBuckets: 'odd_bucket',
  buckets: 'latency_seconds_bucket',
  gauges: ['temperature', 'queue_length', 'up', 'huge', 'rarely', 'ending'],
  info: 'build_info',
} as const;

type Labels = Readonly<Record<string, string>>;

export function makeData(seed: number): readonly WrittenSeries[] {
  const dice = new Dice(seed);
  const series: WrittenSeries[] = [];
  for (const job of jobs)
    for (const instance of instances) {
      const target = { job, instance };
      const times = scrapesOf(dice);
      const add = (name: string, values: readonly number[], labels: Labels = {}): void => {
        series.push(written({ __name__: name, ...target, ...labels }, times, values, dice));
      };
      for (const code of codes) add('requests_total', counter(dice, times.length, 5), { code });
      add('errors_total', counter(dice, times.length, 0.05));
      add(
        'restarts_total',
        times.map((_, index) => Math.floor(index / 200)),
      );
      add('temperature', odd(dice, wave(dice, times.length)));
      add('queue_length', wave(dice, times.length).map(Math.round), {
        queue: dice.of(['in', 'out']),
        note: notes[series.length % notes.length] ?? '',
      });
      add(
        'up',
        times.map(() => (dice.chance(0.97) ? 1 : 0)),
      );
      add(
        'build_info',
        times.map(() => 1),
        { version: dice.of(['1.0', '1.1']), '"quoted\\"': 'a\nb', 'k8s.pod': `pod-${dice.between(1, 3)}` },
      );
      if (instance === 'i1')
        add(
          'huge',
          times.map(() => dice.of([1e308, -1e308, 1.7e308, 5e-324])),
        );
      if (dice.chance(0.5)) addRarely(series, target, dice);
      addEnding(series, target, dice);
      for (const one of histogram(dice, times, target)) series.push(one);
    }
  series.push(...makeOddSeries(dice));
  return inOrderOfLabels(series.map((one) => ({ ...one, labels: withoutEmpty(one.labels) })));
}

/** In which Prometheus 2 adds; to Prometheus 3 the order counts in which they were first written. */
function inOrderOfLabels(series: readonly WrittenSeries[]): WrittenSeries[] {
  const pool = new LabelPool();
  return series
    .map((one) => ({ one, labels: pool.ofLabels(one.labels) }))
    .sort((left, right) => compareLabelSets(left.labels, right.labels))
    .map(({ one }) => one);
}

/** A label without a value is none, but some servers would keep it if it were written. */
function withoutEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

/** Every 15 seconds with the target's own phase, a few of them missed, and one long absence. */
function scrapesOf(dice: Dice): number[] {
  const phase = dice.between(0, 14_999);
  const isRegular = dice.chance(0.5);
  const awayFrom = dataStartMs + dice.between(0, 200) * 60_000;
  const awayTo = awayFrom + dice.between(0, 20) * 60_000;
  const times: number[] = [];
  for (let at = dataStartMs + phase; at < dataEndMs; at += 15_000) {
    const isMissed = (at >= awayFrom && at < awayTo) || dice.chance(0.02);
    if (!isMissed) times.push(isRegular ? at : at + dice.between(-40, 40));
  }
  return times;
}

function counter(dice: Dice, length: number, perScrape: number): number[] {
  let value = dice.between(0, 1_000);
  return Array.from({ length }, () => {
    if (dice.chance(0.01)) value = 0;
    return (value += dice.chance(0.2) ? 0 : dice.next() * perScrape * 2);
  });
}

function wave(dice: Dice, length: number): number[] {
  const middle = dice.between(-20, 80);
  const period = dice.between(20, 300);
  return Array.from({ length }, (_, index) => middle + Math.sin(index / period) * 30 + dice.next());
}

/** Some values are no ordinary numbers. */
function odd(dice: Dice, values: readonly number[]): number[] {
  return values.map((value) => {
    if (!dice.chance(0.02)) return value;
    return dice.of([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0]);
  });
}

function histogram(dice: Dice, times: readonly number[], target: Labels): WrittenSeries[] {
  const totals = bounds.map(() => 0);
  const columns = bounds.map(() => [] as number[]);
  const sums: number[] = [];
  let sum = 0;
  times.forEach(() => {
    if (dice.chance(0.005)) {
      totals.fill(0);
      sum = 0;
    }
    for (let request = dice.between(0, 6); request > 0; request--) {
      const bucket = dice.between(0, bounds.length - 1);
      for (let index = bucket; index < totals.length; index++) totals[index] = (totals[index] ?? 0) + 1;
      sum += dice.next();
    }
    totals.forEach((total, index) => columns[index]?.push(total));
    sums.push(sum);
  });
  const series = bounds.map((le, index) =>
    written({ __name__: 'latency_seconds_bucket', le, ...target }, times, columns[index] ?? [], dice),
  );
  const counts = columns.at(-1) ?? [];
  return [
    ...series,
    written({ __name__: 'latency_seconds_count', ...target }, times, counts, dice),
    written({ __name__: 'latency_seconds_sum', ...target }, times, sums, dice),
  ];
}

/** A sample every few minutes: often none within the look-back. */
function addRarely(series: WrittenSeries[], target: Labels, dice: Dice): void {
  const times: number[] = [];
  for (let at = dataStartMs; at < dataEndMs; at += dice.between(60, 900) * 1_000) times.push(at);
  series.push(written({ __name__: 'rarely', ...target }, times, wave(dice, times.length), dice));
}

/** Ends with a stale marker and begins again, several times. */
function addEnding(series: WrittenSeries[], target: Labels, dice: Dice): void {
  const times: number[] = [];
  for (let at = dataStartMs; at < dataEndMs; at += 30_000) times.push(at);
  const values = new Float64Array(wave(dice, times.length));
  for (let index = dice.between(5, 40); index < values.length; index += dice.between(5, 60))
    values.set(staleMarker, index);
  const labels = { __name__: 'ending', ...target };
  series.push({ labels, timesMs: Float64Array.from(times), values });
}

/** With now and then a stretch cut out, other for each series. */
function written(
  labels: Labels,
  times: readonly number[],
  values: readonly number[],
  dice: Dice,
): WrittenSeries {
  const from = dice.between(0, times.length);
  const length = dice.chance(0.15) ? dice.between(0, 60) : 0;
  const isKept = (_: number, index: number): boolean => index < from || index >= from + length;
  return {
    labels,
    timesMs: Float64Array.from(times.filter(isKept)),
    values: Float64Array.from(values.filter(isKept)),
  };
}

/** As they would have been scraped: half an hour of all series, then the next. */
export function inOrderOfTime(series: readonly WrittenSeries[]): WrittenSeries[] {
  const sliceMs = 1_800_000;
  const slices: WrittenSeries[] = [];
  for (let fromMs = dataStartMs; fromMs < dataEndMs + sliceMs; fromMs += sliceMs)
    for (const { labels, timesMs, values } of series) {
      const start = timesMs.findIndex((timeMs) => timeMs >= fromMs);
      const after = timesMs.findIndex((timeMs) => timeMs >= fromMs + sliceMs);
      if (start === -1 || start === after) continue;
      const end = after === -1 ? timesMs.length : after;
      slices.push({ labels, timesMs: timesMs.slice(start, end), values: values.slice(start, end) });
    }
  return slices;
}

/** When some of the samples were taken: at borders the generations differ. */
export function momentsOf(data: readonly WrittenSeries[], dice: Dice): readonly [number, ...number[]] {
  const moments = Array.from({ length: 200 }, () => {
    const { timesMs } = dice.of(data as readonly [WrittenSeries, ...WrittenSeries[]]);
    return timesMs[dice.between(0, timesMs.length - 1)] ?? dataStartMs;
  });
  return [dataStartMs, ...moments];
}

const staleBits = new BigUint64Array(staleMarker.buffer)[0];

/** The same samples for the engine. */
export function sourceOf(data: readonly WrittenSeries[], semantics: 'v2' | 'v3' = 'v3'): MemorySource {
  const source = new MemorySource(semantics);
  for (const { labels, timesMs, values } of data) {
    const series = source.series(source.labels.ofLabels(labels));
    const bits = new BigUint64Array(values.buffer, values.byteOffset, values.length);
    timesMs.forEach((timeMs, index) => {
      if (bits[index] === staleBits) series.appendStale(timeMs);
      else series.append(timeMs, values[index] ?? 0);
    });
  }
  return source;
}
