/** Type and help of every metric that the simulated targets expose. Recorded series have none. */
export interface MetricMetadata {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
}

const counters: Readonly<Record<string, string>> = {
  http_requests_total: 'HTTP requests answered by the frontend.',
  node_cpu_seconds_total: 'Seconds the CPUs spent in each mode.',
  node_network_receive_bytes_total: 'Network device statistic receive_bytes.',
  opssight_feature_usage: 'Uses of a product feature.',
  opssight_login_failures_total: 'Login attempts that failed, by reason.',
  opssight_requests_total: 'HTTP requests answered by the backend.',
  opssight_security_events_total: 'Security events, by type and threat level.',
  business_pipeline_executions_total: 'Pipeline runs that ended, by type and status.',
  pg_stat_database_blks_hit: 'Times disk blocks were found already in the buffer cache.',
  pg_stat_database_blks_read: 'Number of disk blocks read in this database.',
  pg_stat_database_xact_commit: 'Number of transactions in this database that have been committed.',
  pg_stat_database_xact_rollback: 'Number of transactions in this database that have been rolled back.',
  process_cpu_seconds_total: 'Total user and system CPU time spent in seconds.',
  redis_evicted_keys_total: 'Keys evicted because of maxmemory.',
  redis_keyspace_hits_total: 'Look-ups that found their key.',
  redis_keyspace_misses_total: 'Look-ups that did not find their key.',
};

const gauges: Readonly<Record<string, string>> = {
  business_active_users: 'Users active within a time window.',
  business_pipeline_oldest_job_seconds: 'Age of the job that has waited longest.',
  business_pipeline_queue_size: 'Jobs that wait for a runner, by priority.',
  business_pipeline_runners: 'Runners of the pipeline, by state.',
  http_requests_in_progress: 'HTTP requests being answered now.',
  node_filesystem_avail_bytes: 'Filesystem space available to non-root users in bytes.',
  node_filesystem_free_bytes: 'Filesystem free space in bytes.',
  node_filesystem_size_bytes: 'Filesystem size in bytes.',
  node_load1: '1m load average.',
  node_load15: '15m load average.',
  node_load5: '5m load average.',
  node_memory_MemAvailable_bytes: 'Memory information field MemAvailable_bytes.',
  node_memory_MemFree_bytes: 'Memory information field MemFree_bytes.',
  node_memory_MemTotal_bytes: 'Memory information field MemTotal_bytes.',
  opssight_build_info: 'Version that the pod runs.',
  opssight_daily_active_users: 'Users active today.',
  opssight_db_connections: 'Connections of the pool in use, of 100.',
  pg_database_size_bytes: 'Disk space used by the database.',
  pg_settings_max_connections: 'Greatest number of connections allowed.',
  pg_stat_activity_count: 'Connections, by state.',
  pg_stat_statements_mean_time_seconds: 'Mean time of a statement in seconds.',
  pg_up: 'Whether the last scrape of PostgreSQL succeeded.',
  process_resident_memory_bytes: 'Resident memory size in bytes.',
  process_start_time_seconds: 'Start time of the process since unix epoch in seconds.',
  prometheus_build_info: 'Version from which Prometheus was built.',
  redis_connected_clients: 'Clients connected to Redis.',
  redis_memory_max_bytes: 'The maxmemory setting of Redis.',
  redis_memory_used_bytes: 'Memory that Redis uses.',
  redis_up: 'Whether the last scrape of Redis succeeded.',
  security_blocked_ips_count: 'Addresses blocked now.',
};

const histograms: Readonly<Record<string, string>> = {
  http_request_duration_seconds: 'Duration of the frontend’s answers.',
  opssight_request_duration_seconds: 'Duration of the backend’s answers.',
};

export const metricMetadata: ReadonlyMap<string, MetricMetadata> = new Map(
  (
    [
      ['counter', counters],
      ['gauge', gauges],
      ['histogram', histograms],
    ] as const
  )
    .flatMap(([type, helps]) => Object.entries(helps).map(([name, help]) => [name, { type, help }] as const))
    .sort(([left], [right]) => (left < right ? -1 : 1)),
);
