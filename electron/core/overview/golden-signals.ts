import type { GoldenSignal, OverviewPanel } from '#shared/model/overview.ts';

/**
 * Which metrics tell a golden signal, as data: the names that the usual exporters and client libraries
 * use. The first metric of a signal that a service has makes its panel; a service without any has none.
 * Source of the four signals: Google, Site Reliability Engineering, chapter 6.
 */
interface SignalSource {
  readonly signal: GoldenSignal;
  /** The metric that a service must have. */
  readonly metric: string;
  readonly title: string;
  readonly unit: OverviewPanel['unit'];
  /** @param selector the label matchers of the service, `service="backend"`. */
  readonly expressions: (
    selector: string,
  ) => readonly { readonly name: string; readonly expression: string }[];
}

const window = '2m';

function quantiles(metric: string): SignalSource {
  return {
    signal: 'latency',
    metric: `${metric}_bucket`,
    title: 'p50 p95 p99',
    unit: 'seconds',
    expressions: (selector) =>
      [0.5, 0.95, 0.99].map((quantile) => ({
        name: `p${Math.round(quantile * 100)}`,
        expression: `histogram_quantile(${quantile}, sum by (le) (rate(${metric}_bucket{${selector}}[${window}])))`,
      })),
  };
}

function one(
  signal: GoldenSignal,
  metric: string,
  title: string,
  unit: OverviewPanel['unit'],
  expression: (selector: string) => string,
): SignalSource {
  return {
    signal,
    metric,
    title,
    unit,
    expressions: (selector) => [{ name: '', expression: expression(selector) }],
  };
}

function requests(metric: string): readonly SignalSource[] {
  return [
    one('traffic', metric, 'requests', 'per second', (s) => `sum(rate(${metric}{${s}}[${window}]))`),
    one(
      'errors',
      metric,
      '5xx of requests',
      'share',
      (s) =>
        `(sum(rate(${metric}{${s},status=~"5.."}[${window}])) or vector(0)) / sum(rate(${metric}{${s}}[${window}]))`,
    ),
  ];
}

/** In the order of preference within each signal. */
export const signalSources: readonly SignalSource[] = [
  quantiles('opssight_request_duration_seconds'),
  quantiles('http_request_duration_seconds'),
  quantiles('http_server_request_duration_seconds'),
  one(
    'latency',
    'pg_stat_statements_mean_time_seconds',
    'slowest statement',
    'seconds',
    (s) => `max(pg_stat_statements_mean_time_seconds{${s}})`,
  ),
  one(
    'latency',
    'business_pipeline_oldest_job_seconds',
    'oldest job',
    'seconds',
    (s) => `max(business_pipeline_oldest_job_seconds{${s}})`,
  ),
  ...requests('opssight_requests_total'),
  ...requests('http_requests_total'),
  one(
    'traffic',
    'redis_keyspace_hits_total',
    'look-ups',
    'per second',
    (s) =>
      `sum(rate(redis_keyspace_hits_total{${s}}[${window}])) + sum(rate(redis_keyspace_misses_total{${s}}[${window}]))`,
  ),
  one(
    'traffic',
    'business_pipeline_executions_total',
    'executions',
    'per second',
    (s) => `sum(rate(business_pipeline_executions_total{${s}}[${window}]))`,
  ),
  one(
    'traffic',
    'opssight_security_events_total',
    'security events',
    'per second',
    (s) => `sum(rate(opssight_security_events_total{${s}}[${window}]))`,
  ),
  one(
    'errors',
    'redis_evicted_keys_total',
    'evictions',
    'per second',
    (s) => `sum(rate(redis_evicted_keys_total{${s}}[${window}]))`,
  ),
  one(
    'errors',
    'business_pipeline_executions_total',
    'failed executions',
    'per second',
    (s) => `sum(rate(business_pipeline_executions_total{${s},status="failed"}[${window}]))`,
  ),
  one(
    'errors',
    'opssight_login_failures_total',
    'failed logins',
    'per second',
    (s) => `sum(rate(opssight_login_failures_total{${s}}[${window}]))`,
  ),
  one(
    'saturation',
    'opssight_db_connections',
    'connections',
    '',
    (s) => `max(opssight_db_connections{${s}})`,
  ),
  one('saturation', 'pg_stat_activity_count', 'connections', '', (s) => `sum(pg_stat_activity_count{${s}})`),
  one(
    'saturation',
    'redis_memory_used_bytes',
    'memory of maxmemory',
    'share',
    (s) => `max(redis_memory_used_bytes{${s}} / redis_memory_max_bytes{${s}})`,
  ),
  one(
    'saturation',
    'business_pipeline_queue_size',
    'queued jobs',
    '',
    (s) => `sum(business_pipeline_queue_size{${s}})`,
  ),
  one(
    'saturation',
    'process_resident_memory_bytes',
    'memory by pod',
    'bytes',
    (s) => `max by (pod, instance) (process_resident_memory_bytes{${s}})`,
  ),
];

/** Labels that name a service, the first that a metric has. */
export const serviceLabels = ['service', 'job'] as const;
