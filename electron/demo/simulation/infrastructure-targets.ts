import type { Conditions } from './conditions.ts';
import { scaled, sum, wave, type Flow } from './flow.ts';
import {
  cacheInstance,
  databaseInstance,
  exporterScrapeMs,
  namespace,
  nodes,
  type Node,
} from './platform.ts';
import { midnightBefore } from './schedule.ts';
import {
  counter,
  createTarget,
  gauge,
  shakingGauge,
  smoothCounter,
  type Reading,
  type Target,
} from './target.ts';

/** Nodes, PostgreSQL and Redis as scrape targets, each through its exporter. */
export function infrastructureTargets(seed: number, conditions: Conditions): readonly Target[] {
  const always = { isUp: () => true, startedAt: midnightBefore, intervalMs: exporterScrapeMs };
  return [
    createTarget({ ...always, job: 'prometheus', instance: 'localhost:9090', labels: {} }, [
      gauge('prometheus_build_info', { version: '3.5.0' }, () => 1),
    ]),
    createTarget(
      {
        ...always,
        job: 'postgres-exporter',
        instance: databaseInstance,
        labels: { namespace, service: 'postgres' },
      },
      databaseReadings(seed, conditions),
    ),
    createTarget(
      { ...always, job: 'redis-exporter', instance: cacheInstance, labels: { namespace, service: 'redis' } },
      cacheReadings(seed, conditions),
    ),
    ...nodes.map((node) => nodeTarget(node, seed, conditions)),
  ];
}

const gibibyte = 1_024 ** 3;

function databaseReadings(seed: number, conditions: Conditions): readonly Reading[] {
  const connections = sum(
    wave(seed, 'connections', 40, 0.12),
    conditions.signal('postgres.connections', databaseInstance),
  );
  const queryTime = conditions.signal('postgres.queryTime', databaseInstance);
  const commits = wave(seed, 'commits', 62, 0.25);
  const database = { datname: 'opssight' };
  const connectionsAt = (atMs: number): number => Math.min(98, Math.round(connections.levelAt(atMs)));
  const statement = (query: string, seconds: number, share: number): Reading =>
    shakingGauge(
      'pg_stat_statements_mean_time_seconds',
      { query },
      sum(wave(seed, query, seconds, 0.2), scaled(queryTime, share)),
      0.03,
    );
  return [
    gauge('pg_up', {}, () => 1),
    gauge('pg_settings_max_connections', {}, () => 100),
    gauge('opssight_db_connections', {}, connectionsAt),
    gauge('pg_stat_activity_count', { ...database, state: 'active' }, (atMs) =>
      Math.round(connectionsAt(atMs) * 0.7),
    ),
    gauge(
      'pg_stat_activity_count',
      { ...database, state: 'idle' },
      (atMs) => connectionsAt(atMs) - Math.round(connectionsAt(atMs) * 0.7),
    ),
    gauge('pg_database_size_bytes', database, (atMs) =>
      Math.round(61 * gibibyte + (atMs - midnightBefore(atMs)) * 9),
    ),
    counter('pg_stat_database_xact_commit', database, commits),
    counter(
      'pg_stat_database_xact_rollback',
      database,
      sum(wave(seed, 'rollbacks', 0.3, 0.5), scaled(queryTime, 2)),
    ),
    counter('pg_stat_database_blks_hit', database, scaled(commits, 340)),
    counter('pg_stat_database_blks_read', database, sum(scaled(commits, 4), scaled(queryTime, 900))),
    statement('INSERT INTO incidents', 0.006, 1),
    statement('SELECT FROM incidents', 0.011, 0.5),
    statement('SELECT FROM events', 0.019, 0.3),
  ];
}

function cacheReadings(seed: number, conditions: Conditions): readonly Reading[] {
  const maximumBytes = 4 * gibibyte;
  const felt = (signal: 'memoryShare' | 'evictions' | 'misses'): Flow =>
    conditions.signal(`redis.${signal}`, cacheInstance);
  const used = sum(wave(seed, 'redis memory', 0.61, 0.05), felt('memoryShare'));
  return [
    gauge('redis_up', {}, () => 1),
    gauge('redis_memory_max_bytes', {}, () => maximumBytes),
    gauge('redis_memory_used_bytes', {}, (atMs) =>
      Math.round(Math.min(0.997, used.levelAt(atMs)) * maximumBytes),
    ),
    shakingGauge('redis_connected_clients', {}, wave(seed, 'redis clients', 38, 0.1), 0),
    counter('redis_evicted_keys_total', {}, felt('evictions')),
    counter('redis_keyspace_hits_total', {}, wave(seed, 'redis hits', 410, 0.2)),
    counter('redis_keyspace_misses_total', {}, sum(wave(seed, 'redis misses', 21, 0.3), felt('misses'))),
  ];
}

function nodeTarget(node: Node, seed: number, conditions: Conditions): Target {
  const down = conditions.signal('node.down', node.name);
  return createTarget(
    {
      job: 'node-exporter',
      instance: `${node.address}:9100`,
      labels: { node: node.name },
      intervalMs: exporterScrapeMs,
      isUp: (atMs) => down.levelAt(atMs) === 0,
      startedAt: conditions.starts(node.name, null),
    },
    [
      ...memoryReadings(node, seed, conditions),
      ...volumeReadings(node, seed, conditions),
      ...loadReadings(node, seed, conditions),
    ],
  );
}

function memoryReadings(node: Node, seed: number, conditions: Conditions): readonly Reading[] {
  const totalBytes = 16 * gibibyte;
  const used = sum(
    wave(seed, `${node.name} memory`, 0.58, 0.06),
    conditions.signal('node.memoryShare', node.name),
  );
  const freeAt = (atMs: number): number => Math.round((1 - Math.min(0.985, used.levelAt(atMs))) * totalBytes);
  return [
    gauge('node_memory_MemTotal_bytes', {}, () => totalBytes),
    gauge('node_memory_MemAvailable_bytes', {}, freeAt),
    gauge('node_memory_MemFree_bytes', {}, (atMs) => Math.round(freeAt(atMs) * 0.4)),
  ];
}

/** The archive volume of the last node is nearly full for good: it is what the standing silence is about. */
function volumeReadings(node: Node, seed: number, conditions: Conditions): readonly Reading[] {
  const filling = conditions.signal('node.diskShare', node.name);
  const volume = (device: string, mountpoint: string, sizeBytes: number, share: Flow): readonly Reading[] => {
    const labels = { device, mountpoint, fstype: 'ext4' };
    const freeAt = (atMs: number): number =>
      Math.round((1 - Math.min(0.97, share.levelAt(atMs))) * sizeBytes);
    return [
      gauge('node_filesystem_size_bytes', labels, () => sizeBytes),
      gauge('node_filesystem_free_bytes', labels, freeAt),
      gauge('node_filesystem_avail_bytes', labels, (atMs) => Math.round(freeAt(atMs) * 0.99)),
    ];
  };
  return [
    ...volume('/dev/sda1', '/', 80 * gibibyte, wave(seed, `${node.name} root`, 0.43, 0.02)),
    ...volume(
      '/dev/sdb1',
      '/var/lib/opssight',
      400 * gibibyte,
      sum(wave(seed, `${node.name} data`, 0.57, 0.02), filling),
    ),
    ...(node === nodes.at(-1)
      ? volume('/dev/sdc1', '/srv/archive', 2_000 * gibibyte, wave(seed, 'archive', 0.915, 0.004))
      : []),
  ];
}

function loadReadings(node: Node, seed: number, conditions: Conditions): readonly Reading[] {
  const extra = conditions.signal('node.load', node.name);
  const load = sum(wave(seed, `${node.name} load`, 0.9, 0.4), extra);
  const processors = ['0', '1'];
  const spent = (cpu: string, mode: string, base: number, share: number): Reading =>
    smoothCounter(
      'node_cpu_seconds_total',
      { cpu, mode },
      sum(wave(seed, `${node.name} cpu ${cpu} ${mode}`, base, 0.15), scaled(extra, share)),
    );
  return [
    ...[1, 5, 15].map((minutes) => shakingGauge(`node_load${minutes}`, {}, load, 0.1 / minutes)),
    ...processors.flatMap((cpu) => [
      spent(cpu, 'idle', 0.7, -0.1),
      spent(cpu, 'user', 0.22, 0.08),
      spent(cpu, 'system', 0.07, 0.015),
      spent(cpu, 'iowait', 0.01, 0.005),
    ]),
    smoothCounter(
      'node_network_receive_bytes_total',
      { device: 'eth0' },
      wave(seed, `${node.name} network`, 3.1e6, 0.4),
    ),
  ];
}
