import { secondMs } from '#shared/time.ts';
import { deployedPods, heldBackPod } from './faults.ts';

/**
 * What the demo fleet runs, as data: nodes, pods and endpoints of the OpsSight platform. The other files
 * of this folder give it metrics and faults; servers and tests read the names from here.
 *
 * Metrics
 *   every target      up, scrape_duration_seconds, scrape_samples_scraped
 *   every pod         process_start_time_seconds, process_resident_memory_bytes, process_cpu_seconds_total
 *   backend           opssight_requests_total, opssight_request_duration_seconds, opssight_build_info
 *   frontend          http_requests_total, http_request_duration_seconds, http_requests_in_progress
 *   security          opssight_login_failures_total, opssight_security_events_total, security_blocked_ips_count
 *   business          opssight_daily_active_users, opssight_feature_usage, business_active_users
 *   pipeline          business_pipeline_queue_size, _oldest_job_seconds, _executions_total, _runners
 *   PostgreSQL        pg_up, pg_stat_activity_count, pg_settings_max_connections, pg_database_size_bytes,
 *                     pg_stat_database_*, pg_stat_statements_mean_time_seconds, opssight_db_connections
 *   Redis             redis_up, redis_memory_used_bytes, redis_memory_max_bytes, redis_evicted_keys_total,
 *                     redis_keyspace_hits_total, redis_keyspace_misses_total, redis_connected_clients
 *   nodes             node_memory_*, node_filesystem_*, node_cpu_seconds_total, node_load1/5/15,
 *                     node_network_receive_bytes_total
 *
 * Faults (faults.ts has their effects)
 *   pool-exhaustion   a deploy of the backend with too small a pool: errors, latency, connections; rolled back
 *   redis-memory      Redis reaches maxmemory, evicts, misses; PostgreSQL and backend feel it
 *   brute-force       failed logins and high-threat events from one address
 *   disk-fill         a node's data volume fills up and is cleaned
 *   node-down         a node and all of its pods are gone, then back
 *   pipeline-backlog  runners are stuck, jobs queue and fail
 *   node-memory       a node runs out of memory, its load rises, its pods are restarted
 *   slow-frontend     pages take seconds, users leave
 */
export interface Node {
  readonly name: string;
  readonly address: string;
}

export const nodes: readonly Node[] = ['node-1', 'node-2', 'node-3', 'node-4'].map((name, index) => ({
  name,
  address: `10.20.0.${11 + index}`,
}));

export interface Pod {
  readonly name: string;
  readonly service: 'backend' | 'frontend' | 'security' | 'business' | 'pipeline';
  readonly node: string;
  /** Resident memory when idle, bytes. */
  readonly memoryBytes: number;
}

const mebibyte = 1_024 ** 2;

export const pods: readonly Pod[] = [
  ...[...deployedPods, heldBackPod].map((name, index): Pod => ({
    name,
    service: 'backend',
    node: nodes[index]?.name ?? '',
    memoryBytes: 420 * mebibyte,
  })),
  { name: 'frontend-5c8b-t4nvs', service: 'frontend', node: 'node-2', memoryBytes: 180 * mebibyte },
  { name: 'frontend-5c8b-zk6hd', service: 'frontend', node: 'node-3', memoryBytes: 180 * mebibyte },
  { name: 'auth-66c5-m4tqr', service: 'security', node: 'node-1', memoryBytes: 150 * mebibyte },
  { name: 'insights-84fd-c9xlw', service: 'business', node: 'node-1', memoryBytes: 260 * mebibyte },
  { name: 'pipeline-59bd-r7jkp', service: 'pipeline', node: 'node-1', memoryBytes: 310 * mebibyte },
];

export interface Endpoint {
  readonly method: string;
  readonly path: string;
  /** Share of the service's requests; all add up to one. */
  readonly share: number;
  /** Share of the requests that a fault disturbs; all add up to one. */
  readonly disturbed: number;
  /** Median of a healthy answer. */
  readonly medianSeconds: number;
}

export const backendEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/api/v1/incidents', share: 0.34, disturbed: 0.1, medianSeconds: 0.042 },
  { method: 'POST', path: '/api/v1/incidents', share: 0.16, disturbed: 0.5, medianSeconds: 0.068 },
  { method: 'POST', path: '/api/v1/events', share: 0.22, disturbed: 0.3, medianSeconds: 0.031 },
  { method: 'GET', path: '/api/v1/users', share: 0.18, disturbed: 0.1, medianSeconds: 0.024 },
  { method: 'POST', path: '/api/v1/auth/login', share: 0.1, disturbed: 0, medianSeconds: 0.11 },
];

export const frontendEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/', share: 0.3, disturbed: 0.25, medianSeconds: 0.06 },
  { method: 'GET', path: '/incidents', share: 0.5, disturbed: 0.6, medianSeconds: 0.12 },
  { method: 'GET', path: '/dashboards', share: 0.2, disturbed: 0.15, medianSeconds: 0.21 },
];

/** Requests a second that one healthy pod answers. */
export const requestsPerSecond = { backend: 14, frontend: 20 } as const;

export const backendVersions = { stable: 'v2.30.4', next: 'v2.31.0' } as const;

export const namespace = 'opssight';
export const databaseInstance = 'pg-1:9187';
export const cacheInstance = 'redis-0:9121';

export const applicationScrapeMs = 10 * secondMs;
export const exporterScrapeMs = 15 * secondMs;
