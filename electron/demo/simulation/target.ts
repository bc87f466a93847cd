import type { Labels } from '#shared/model/labels.ts';
import { sinceStart, type Flow } from './flow.ts';
import { hashOf, noiseAt } from './random.ts';

/**
 * A scrape target: a fixed list of series and one function that reads them all at a time. What a metric
 * is made of lies with the files that build targets; the store only sees columns of numbers.
 */
export interface Target {
  readonly job: string;
  readonly instance: string;
  readonly labels: Labels;
  readonly intervalMs: number;
  readonly metricsPath: string;
  /** Full label sets, `__name__` included, in the order of `collect`. */
  readonly series: readonly Labels[];
  isUp(atMs: number): boolean;
  /**
   * Reads every series at a time. A down target has only `up` and what else a scrape tells of itself.
   * @param values one place for each series; NaN where the target does not show the series then.
   */
  collect(atMs: number, values: Float64Array): void;
}

export interface TargetOptions {
  readonly job: string;
  readonly instance: string;
  /** Added to every series beside `job` and `instance`. */
  readonly labels: Labels;
  readonly intervalMs: number;
  isUp(atMs: number): boolean;
  /** When the process behind the target last started. */
  startedAt(atMs: number): number;
}

/** One series of a target. */
export interface Reading {
  readonly name: string;
  readonly labels: Labels;
  valueAt(atMs: number, startedAtMs: number): number;
}

export function createTarget(options: TargetOptions, readings: readonly Reading[]): Target {
  const { job, instance, labels, intervalMs } = options;
  const common = { job, instance, ...labels };
  const hash = hashOf(job, instance);
  const own = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped'];
  return {
    job,
    instance,
    labels: common,
    intervalMs,
    metricsPath: '/metrics',
    series: [
      ...own.map((name) => ({ __name__: name, ...common })),
      ...readings.map((reading) => ({ __name__: reading.name, ...common, ...reading.labels })),
    ],
    isUp: (atMs) => options.isUp(atMs),
    collect(atMs, values) {
      const up = options.isUp(atMs);
      values[0] = up ? 1 : 0;
      // A scrape of a node that is gone waits for its whole timeout.
      values[1] = up ? 0.0124 + 0.004 * noiseAt(hash, atMs) : 10;
      values[2] = up ? readings.length : 0;
      const startedAtMs = options.startedAt(atMs);
      let index = own.length;
      for (const reading of readings) values[index++] = up ? reading.valueAt(atMs, startedAtMs) : Number.NaN;
    },
  };
}

export function gauge(name: string, labels: Labels, valueAt: (atMs: number) => number): Reading {
  return { name, labels, valueAt };
}

/** A gauge that shakes a little around the level of a flow. @param shake largest share of the level. */
export function shakingGauge(name: string, labels: Labels, flow: Flow, shake: number): Reading {
  const hash = hashOf(name, ...Object.values(labels));
  return gauge(name, labels, (atMs) => flow.levelAt(atMs) * (1 + shake * noiseAt(hash, atMs)));
}

/** A counter of whole events, from zero at the start of its process. */
export function counter(name: string, labels: Labels, flow: Flow): Reading {
  const counted = sinceStart(flow);
  return { name, labels, valueAt: (atMs, startedAtMs) => Math.floor(counted(startedAtMs, atMs)) };
}

/** A counter of seconds or bytes, which are not whole. */
export function smoothCounter(name: string, labels: Labels, flow: Flow): Reading {
  const counted = sinceStart(flow);
  return { name, labels, valueAt: (atMs, startedAtMs) => counted(startedAtMs, atMs) };
}

/** A stream of observations whose durations are spread log-normally around a median. */
export interface Observations {
  readonly flow: Flow;
  readonly medianSeconds: number;
  /** Standard deviation of the logarithm. */
  readonly spread: number;
}

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Number.POSITIVE_INFINITY] as const;

/** The `_bucket`, `_count` and `_sum` series of a classic histogram over several streams. */
export function histogram(
  name: string,
  labels: Labels,
  streams: readonly Observations[],
): readonly Reading[] {
  const counts = streams.map(({ flow }) => sinceStart(flow));
  const total = (weights: readonly number[]) => (atMs: number, startedAtMs: number) =>
    counts.reduce((all, count, index) => all + count(startedAtMs, atMs) * (weights[index] ?? 0), 0);
  const whole = (weights: readonly number[]) => {
    const of = total(weights);
    return (atMs: number, startedAtMs: number): number => Math.floor(of(atMs, startedAtMs));
  };
  const means = streams.map(({ medianSeconds, spread }) => medianSeconds * Math.exp(spread ** 2 / 2));
  return [
    ...bounds.map((bound) => ({
      name: `${name}_bucket`,
      labels: { ...labels, le: boundLabel(bound) },
      valueAt: whole(streams.map((stream) => shareBelow(bound, stream))),
    })),
    { name: `${name}_count`, labels, valueAt: whole(streams.map(() => 1)) },
    { name: `${name}_sum`, labels, valueAt: total(means) },
  ];
}

/** Prometheus 3 writes a bound as OpenMetrics does: always with a fraction. */
function boundLabel(bound: number): string {
  if (bound === Number.POSITIVE_INFINITY) return '+Inf';
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

function shareBelow(bound: number, { medianSeconds, spread }: Observations): number {
  if (bound === Number.POSITIVE_INFINITY) return 1;
  const deviations = Math.log(bound / medianSeconds) / spread;
  // The logistic curve that lies closest to the normal distribution: monotonic and exact enough here.
  return 1 / (1 + Math.exp(-1.702 * deviations));
}
