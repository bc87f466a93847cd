import type { Labels } from '#shared/model/labels.ts';
import type { Series } from '#shared/model/series.ts';
import { hourMs } from '#shared/time.ts';

/**
 * Seeded series as a fleet of services has them: 1,600 counters, 12,000 buckets of histograms, 2,000 gauges,
 * scraped every 15 s for 4 hours. The same seed gives the same samples on every machine.
 */
export interface SampleBatch {
  readonly metric: string;
  readonly selector: string;
  readonly series: readonly Series[];
}

const scrapeMs = 15_000;
export const dataStartMs = Date.UTC(2026, 10, 21);
export const dataEndMs = dataStartMs + 4 * hourMs - scrapeMs;

const samples = (4 * hourMs) / scrapeMs;
const instances = 100;
const paths = Array.from({ length: 10 }, (_, index) => `/api/v1/thing-${index}`);
const bounds = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];
const codes = ['200', '204', '302', '400', '401', '404', '500', '503'];
const methods = ['GET', 'POST'];

export const seriesCount = instances * (codes.length * methods.length + paths.length * bounds.length + 20);

/** Batch by batch of one metric and instance, each with a column of times of its own for each series. */
export function* sampleBatches(seed = 1): Generator<SampleBatch> {
  for (let instance = 0; instance < instances; instance++) yield batch('http_requests_total', instance, seed);
  for (let instance = 0; instance < instances; instance++)
    yield batch('http_request_duration_seconds_bucket', instance, seed);
  for (let instance = 0; instance < instances; instance++)
    yield batch('process_resident_memory_bytes', instance, seed);
}

function batch(metric: string, instance: number, seed: number): SampleBatch {
  const random = randomOf(seed * 1_000_003 + instance * 31 + metric.length);
  const target = { instance: `10.0.${instance >> 4}.${instance & 15}:8080`, job: 'api' };
  return {
    metric,
    selector: `${metric}{instance="${target.instance}"}`,
    series: seriesOf(metric, { __name__: metric, ...target }, random),
  };
}

function seriesOf(metric: string, labels: Labels, random: () => number): Series[] {
  if (metric === 'http_requests_total')
    return codes.flatMap((code) =>
      methods.map((method) => counter({ ...labels, code, method }, code === '200' ? 40 : 2, random)),
    );
  if (metric === 'http_request_duration_seconds_bucket')
    return paths.flatMap((path) => buckets({ ...labels, path }, random));
  return Array.from({ length: 20 }, (_, index) => gauge({ ...labels, pool: `pool-${index}` }, random));
}

function counter(labels: Labels, most: number, random: () => number): Series {
  let count = Math.floor(random() * 1e6);
  return series(labels, () => (count = random() < 0.0005 ? 0 : count + Math.floor(random() * most)));
}

/** Cumulative, from one stream of requests. */
function buckets(labels: Labels, random: () => number): Series[] {
  const rate = 1 + random() * 12;
  const counts = new Float64Array(bounds.length);
  const all = bounds.map((le) => series({ ...labels, le }, () => 0));
  for (let index = 0; index < samples; index++) {
    for (let requests = Math.floor(random() * rate); requests > 0; requests--) {
      const least = Math.floor(random() * random() * bounds.length);
      for (let bound = least; bound < bounds.length; bound++) counts[bound] = (counts[bound] ?? 0) + 1;
    }
    all.forEach(({ values }, bound) => (values[index] = counts[bound] ?? 0));
  }
  return all;
}

/** Some move in whole pages of memory, some by fractions of any length. */
function gauge(labels: Labels, random: () => number): Series {
  const isPages = random() < 0.5;
  let level = 1e9 * (1 + random());
  return series(labels, () => {
    level += (random() - 0.5) * 1e7;
    return isPages ? Math.floor(level / 4096) * 4096 : level;
  });
}

function series(labels: Labels, value: () => number): Series {
  return {
    labels,
    timesMs: Float64Array.from({ length: samples }, (_, index) => dataStartMs + index * scrapeMs),
    values: Float64Array.from({ length: samples }, value),
  };
}

/** Numbers from 0 to 1. Source: the public-domain generator mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
