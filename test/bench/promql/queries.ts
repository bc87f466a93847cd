import type { QueryTimes } from '#shared/model/query.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time.ts';
import { dataEndMs, dataStartMs } from '../sample-data.ts';

/** What dashboards and rules ask of such a fleet: each asked of both sides. */
export interface BenchQuery {
  readonly name: string;
  readonly kind: 'instant' | 'range';
  readonly query: string;
  readonly times: QueryTimes;
}

const requests = 'http_requests_total';
const buckets = 'http_request_duration_seconds_bucket';
const gauge = 'process_resident_memory_bytes';

const hour = { fromMs: dataEndMs - hourMs, toMs: dataEndMs } as const;
const all = { fromMs: dataStartMs, toMs: dataEndMs } as const;
const fine = 15 * secondMs;
const moment: QueryTimes = { fromMs: dataEndMs, toMs: dataEndMs, stepMs: 0 };

const failing = (by: string): string =>
  `sum${by} (rate(${requests}{code=~"5.."}[5m])) / sum${by} (rate(${requests}[5m]))`;
const quantile = (by: string): string => `histogram_quantile(0.99, sum by (${by}) (rate(${buckets}[5m])))`;
const rates = `sum by (code) (rate(${requests}[5m]))`;
/** 800 series to 200. */
const join = `rate(${requests}{code=~"4..|500"}[5m]) / on (instance, method) group_left rate(${requests}{code="200"}[5m])`;

const instantQueries: readonly BenchQuery[] = [
  instant('gauges now', gauge),
  instant('rates now', `rate(${requests}[5m])`),
  instant('quantile now', quantile('le')),
  instant('error ratio now', failing('')),
  instant('alert now', `${gauge} < 1e9`),
];

/** The selector of a panel: 200 series as they are. */
export const panelQuery = range('panel 4h', `${gauge}{pool=~"pool-[01]"}`, { ...all, stepMs: fine });

const rangeQueries: readonly BenchQuery[] = [
  range('sum 1h', `sum(${gauge})`, { ...hour, stepMs: fine }),
  range('rates by code 1h', rates, { ...hour, stepMs: fine }),
  range('error ratios 1h', failing(' by (instance, method)'), { ...hour, stepMs: fine }),
  range('quantile 1h', quantile('le'), { ...hour, stepMs: 2 * fine }),
  range('quantile by path 1h', quantile('le, path'), { ...hour, stepMs: 2 * fine }),
  range('subquery 1h', `max_over_time(sum(rate(${requests}[5m]))[30m:1m])`, { ...hour, stepMs: minuteMs }),
  range('averages 1h', `avg_over_time(${gauge}[10m]) < 2e9`, { ...hour, stepMs: minuteMs }),
  range('join 1h', join, { ...hour, stepMs: minuteMs }),
  range('sum 4h', `sum(${gauge})`, { ...all, stepMs: fine }),
  range('rates by code 4h', rates, { ...all, stepMs: fine }),
  panelQuery,
];

export const benchQueries: readonly BenchQuery[] = [...instantQueries, ...rangeQueries];

/** What is kept, so that every query is covered. */
export const selectors: readonly string[] = [requests, buckets, gauge];
/** Before the first sample there is none: that too must be known. */
export const coveredFromMs = dataStartMs - hourMs;

function instant(name: string, query: string): BenchQuery {
  return { name, kind: 'instant', query, times: moment };
}

function range(name: string, query: string, times: QueryTimes): BenchQuery {
  return { name, kind: 'range', query, times };
}
