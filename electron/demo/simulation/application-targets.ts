import type { Labels } from '#shared/model/labels.ts';
import type { Conditions } from './conditions.ts';
import { scaled, sum, wave, type Flow } from './flow.ts';
import {
  applicationScrapeMs,
  backendEndpoints,
  backendVersions,
  frontendEndpoints,
  namespace,
  pods,
  requestsPerSecond,
  type Endpoint,
  type Pod,
} from './platform.ts';
import { businessReadings, pipelineReadings, securityReadings } from './domain-readings.ts';
import {
  counter,
  createTarget,
  gauge,
  histogram,
  shakingGauge,
  smoothCounter,
  type Reading,
  type Target,
} from './target.ts';

/**
 * The pods of the platform as scrape targets: traffic, latency and errors of backend and frontend, and
 * what each process tells of itself. A pod is down while its node is.
 */
export function applicationTargets(seed: number, conditions: Conditions): readonly Target[] {
  return pods.map((pod) => {
    const nodeDown = conditions.signal('node.down', pod.node);
    return createTarget(
      {
        job: `opssight-${pod.service}`,
        instance: `${pod.name}:8000`,
        labels: { namespace, service: pod.service, pod: pod.name, node: pod.node },
        intervalMs: applicationScrapeMs,
        isUp: (atMs) => nodeDown.levelAt(atMs) === 0,
        startedAt: conditions.starts(pod.node, pod.name),
      },
      [...processReadings(seed, pod), ...readingsOf(pod, seed, conditions)],
    );
  });
}

function readingsOf(pod: Pod, seed: number, conditions: Conditions): readonly Reading[] {
  switch (pod.service) {
    case 'backend':
      return [...versionReadings(pod, conditions), ...backendReadings(pod, seed, conditions)];
    case 'frontend':
      return frontendReadings(pod, seed, conditions);
    case 'security':
      return securityReadings(seed, conditions);
    case 'business':
      return businessReadings(seed, conditions);
    case 'pipeline':
      return pipelineReadings(seed, conditions);
  }
}

function processReadings(seed: number, pod: Pod): readonly Reading[] {
  return [
    {
      name: 'process_start_time_seconds',
      labels: {},
      valueAt: (_atMs, startedAtMs) => startedAtMs / 1_000,
    },
    shakingGauge(
      'process_resident_memory_bytes',
      {},
      wave(seed, `${pod.name} memory`, pod.memoryBytes, 0.06),
      0.004,
    ),
    smoothCounter('process_cpu_seconds_total', {}, wave(seed, `${pod.name} cpu`, 0.22, 0.4)),
  ];
}

/** One series for each version, shown by the pods that run it: a deploy ends one and begins the other. */
function versionReadings(pod: Pod, conditions: Conditions): readonly Reading[] {
  const deployed = conditions.signal('backend.newVersion', pod.name);
  const runs = (version: string, next: boolean): Reading =>
    gauge('opssight_build_info', { version }, (atMs) =>
      deployed.levelAt(atMs) > 0 === next ? 1 : Number.NaN,
    );
  return [runs(backendVersions.stable, false), runs(backendVersions.next, true)];
}

function backendReadings(pod: Pod, seed: number, conditions: Conditions): readonly Reading[] {
  const felt = (signal: 'errors' | 'timeouts' | 'stalled' | 'sluggish'): Flow =>
    conditions.signal(`backend.${signal}`, pod.name);
  const disturbed = {
    errors: felt('errors'),
    timeouts: felt('timeouts'),
    stalled: felt('stalled'),
    sluggish: felt('sluggish'),
  };
  return backendEndpoints.flatMap((endpoint) =>
    trafficReadings(
      { requests: 'opssight_requests_total', duration: 'opssight_request_duration_seconds' },
      { method: endpoint.method, endpoint: endpoint.path },
      endpoint,
      wave(
        seed,
        `${pod.name} ${endpoint.method} ${endpoint.path}`,
        requestsPerSecond.backend * endpoint.share,
        0.3,
      ),
      disturbed,
    ),
  );
}

function frontendReadings(pod: Pod, seed: number, conditions: Conditions): readonly Reading[] {
  const none = scaled(wave(seed, 'none', 0, 0), 0);
  const disturbed = {
    errors: conditions.signal('frontend.errors', pod.name),
    timeouts: none,
    stalled: conditions.signal('frontend.stalled', pod.name),
    sluggish: conditions.signal('frontend.errors', pod.name),
  };
  const inProgress = sum(wave(seed, `${pod.name} in progress`, 3, 0.5), scaled(disturbed.stalled, 3.2));
  return [
    gauge('http_requests_in_progress', {}, (atMs) => Math.round(inProgress.levelAt(atMs))),
    ...frontendEndpoints.flatMap((endpoint) =>
      trafficReadings(
        { requests: 'http_requests_total', duration: 'http_request_duration_seconds' },
        { method: endpoint.method, endpoint: endpoint.path },
        endpoint,
        wave(seed, `${pod.name} ${endpoint.path}`, requestsPerSecond.frontend * endpoint.share, 0.3),
        disturbed,
      ),
    ),
  ];
}

interface Disturbed {
  readonly errors: Flow;
  readonly timeouts: Flow;
  /** Every request that takes seconds; errors and timeouts are among them. */
  readonly stalled: Flow;
  /** Requests that take most of a second. */
  readonly sluggish: Flow;
}

/** Requests by status and their durations, so that both count the same requests. */
function trafficReadings(
  names: { readonly requests: string; readonly duration: string },
  labels: Labels,
  endpoint: Endpoint,
  healthy: Flow,
  disturbed: Disturbed,
): readonly Reading[] {
  const share = (flow: Flow, factor = 1): Flow => scaled(flow, factor * endpoint.disturbed);
  const slowSuccesses = sum(
    share(disturbed.stalled),
    share(disturbed.sluggish),
    share(disturbed.errors, -1),
    share(disturbed.timeouts, -1),
  );
  const byStatus: readonly (readonly [status: string, flow: Flow])[] = [
    ['200', sum(scaled(healthy, 0.9872), slowSuccesses)],
    ['404', scaled(healthy, 0.012)],
    ['500', sum(scaled(healthy, 0.0008), share(disturbed.errors))],
    ['503', share(disturbed.timeouts)],
  ];
  return [
    ...byStatus.map(([status, flow]) => counter(names.requests, { ...labels, status }, flow)),
    ...histogram(names.duration, labels, [
      { flow: healthy, medianSeconds: endpoint.medianSeconds, spread: 0.6 },
      { flow: share(disturbed.stalled), medianSeconds: 3.9, spread: 0.3 },
      { flow: share(disturbed.sluggish), medianSeconds: 0.62, spread: 0.3 },
    ]),
  ];
}
