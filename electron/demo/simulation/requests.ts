import { secondMs } from '#shared/time.ts';
import type { Conditions } from './conditions.ts';
import { Dice } from './dice.ts';
import type { Flow } from './flow.ts';
import {
  backendEndpoints,
  backendVersions,
  frontendEndpoints,
  pods,
  requestsPerSecond,
  type Endpoint,
  type Pod,
} from './platform.ts';
import { hashOf } from './random.ts';
import type { Schedule } from './schedule.ts';

/**
 * Single requests of the platform, as a sampling tracer would keep them: what logs and traces are both
 * written from, so that they agree. They are drawn for each ten seconds from the same signals as the
 * metrics, by seed and time alone, and a trace id says in which ten seconds its request lies.
 */
export type Outcome =
  | 'ok'
  | 'not-found'
  | 'failed'
  /** No connection from the pool within its time: 500. */
  | 'pool-timeout'
  /** Refused while the circuit is open: 503. */
  | 'circuit-open'
  /** Waited long for a connection, then succeeded. */
  | 'pool-wait'
  /** The cache had nothing, the database was asked. */
  | 'cache-miss'
  /** A page that renders for seconds. */
  | 'slow-page'
  | 'login-refused'
  | 'run-succeeded'
  | 'run-failed';

export interface DemoRequest {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  readonly startsAtMs: number;
  /** Microseconds after `startsAtMs`. */
  readonly startsAtMicro: number;
  readonly durationMs: number;
  readonly outcome: Outcome;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The pod that does the work. */
  readonly pod: string;
  readonly service: Pod['service'];
  readonly frontendPod: string;
  readonly version: string;
  /** Whence failed logins come; empty otherwise. */
  readonly address: string;
  readonly user: string;
  readonly requestId: string;
}

export interface Requests {
  /** Those that begin in that ten seconds, in order. @param bucket Unix milliseconds / `bucketMs`. */
  inBucket(bucket: number): readonly DemoRequest[];
  find(traceId: string): DemoRequest | undefined;
}

export const bucketMs = 10 * secondMs;
/** No request takes longer. */
export const longestRequestMs = 10 * secondMs;
/** Of the requests that are well one in so many is kept; of those that a fault disturbs more. */
const healthyShare = 1 / 20;
const disturbedShare = 1 / 5;
const keptBuckets = 400;

type Draft = Omit<DemoRequest, 'traceId'>;

export function createRequests(seed: number, schedule: Schedule, conditions: Conditions): Requests {
  const sources = pods.map((pod) => sourceOf(pod, schedule, conditions));
  const frontends = pods
    .filter(({ service }) => service === 'frontend')
    .map(({ name, node }) => ({ name, down: conditions.signal('node.down', node) }));
  const upAt = (atMs: number): readonly string[] =>
    frontends.filter(({ down }) => down.levelAt(atMs) === 0).map(({ name }) => name);
  const mask = hashOf(seed, 'trace ids');
  const buckets = new Map<number, readonly DemoRequest[]>();
  const inBucket = (bucket: number): readonly DemoRequest[] => {
    const known = buckets.get(bucket);
    if (known !== undefined) return known;
    const dice = new Dice(seed, 'requests', bucket);
    const drafts = sources.flatMap((draw) => draw(bucket * bucketMs, dice));
    drafts.sort((left, right) => left.startsAtMs - right.startsAtMs);
    const up = upAt((bucket + 1 / 2) * bucketMs);
    const made = drafts.map((draft, index) => ({
      ...draft,
      // Users of a pod that is gone with its node come through another.
      frontendPod: up.includes(draft.frontendPod) ? draft.frontendPod : (up[0] ?? draft.frontendPod),
      traceId: `${digits(bucket ^ mask, 8)}${digits(index ^ (mask & 0xffff), 4)}${dice.hex(20)}`,
    }));
    const [oldest] = buckets.keys();
    if (buckets.size >= keptBuckets && oldest !== undefined) buckets.delete(oldest);
    buckets.set(bucket, made);
    return made;
  };
  return {
    inBucket,
    find(traceId) {
      const bucket = (Number.parseInt(traceId.slice(0, 8), 16) ^ mask) >>> 0;
      return inBucket(bucket).find((request) => request.traceId === traceId);
    },
  };
}

function digits(value: number, length: number): string {
  return (value >>> 0).toString(16).padStart(length, '0').slice(-length);
}

type Source = (fromMs: number, dice: Dice) => readonly Draft[];

function sourceOf(pod: Pod, schedule: Schedule, conditions: Conditions): Source {
  const down = conditions.signal('node.down', pod.node);
  const draw = drawnBy(pod, schedule, conditions);
  return (fromMs, dice) => (down.levelAt(fromMs + bucketMs / 2) > 0 ? [] : draw(fromMs, dice));
}

function drawnBy(pod: Pod, schedule: Schedule, conditions: Conditions): Source {
  switch (pod.service) {
    case 'backend':
      return backendSource(pod, conditions);
    case 'frontend':
      return frontendSource(pod, conditions);
    case 'security':
      return loginSource(pod, schedule, conditions);
    case 'pipeline':
      return runSource(pod, conditions);
    case 'business':
      return () => [];
  }
}

function backendSource(pod: Pod, conditions: Conditions): Source {
  const signal = (name: 'errors' | 'timeouts' | 'stalled' | 'sluggish'): Flow =>
    conditions.signal(`backend.${name}`, pod.name);
  const [errors, timeouts, stalled, sluggish] = [
    signal('errors'),
    signal('timeouts'),
    signal('stalled'),
    signal('sluggish'),
  ];
  const deployed = conditions.signal('backend.newVersion', pod.name);
  return (fromMs, dice) => {
    const at = fromMs + bucketMs / 2;
    const version = deployed.levelAt(at) > 0 ? backendVersions.next : backendVersions.stable;
    const many = (perSecond: number, share: number, make: () => Partial<Draft>): Draft[] =>
      Array.from({ length: dice.times((perSecond * share * bucketMs) / secondMs) }, () => ({
        ...draftOf(pod, fromMs, dice),
        version,
        ...make(),
      }));
    const disturbed = (outcome: Outcome, status: number, least: number, most: number) => () => ({
      ...endpointDraft(drawEndpoint(backendEndpoints, 'disturbed', dice)),
      outcome,
      status,
      durationMs: dice.between(least, most),
    });
    const waits = stalled.levelAt(at) - errors.levelAt(at) - timeouts.levelAt(at);
    return [
      ...many(requestsPerSecond.backend, healthyShare, () => healthy(backendEndpoints, dice)),
      ...many(errors.levelAt(at), disturbedShare, disturbed('pool-timeout', 500, 5_004, 5_040)),
      ...many(timeouts.levelAt(at), disturbedShare, disturbed('circuit-open', 503, 2_004, 2_600)),
      ...many(waits, disturbedShare, disturbed('pool-wait', 200, 2_400, 4_900)),
      ...many(sluggish.levelAt(at), disturbedShare, disturbed('cache-miss', 200, 420, 980)),
    ];
  };
}

function frontendSource(pod: Pod, conditions: Conditions): Source {
  const stalled = conditions.signal('frontend.stalled', pod.name);
  return (fromMs, dice) => {
    const perBucket = bucketMs / secondMs;
    const slow = dice.times(stalled.levelAt(fromMs + bucketMs / 2) * disturbedShare * perBucket);
    const usual = dice.times((requestsPerSecond.frontend * healthyShare * perBucket) / 4);
    const page = (): Draft => ({ ...draftOf(pod, fromMs, dice), frontendPod: pod.name });
    return [
      ...Array.from({ length: usual }, () => ({ ...page(), ...healthy(frontendEndpoints, dice) })),
      ...Array.from({ length: slow }, (): Draft => ({
        ...page(),
        ...endpointDraft(drawEndpoint(frontendEndpoints, 'disturbed', dice)),
        outcome: 'slow-page',
        durationMs: dice.between(2_700, 6_400),
      })),
    ];
  };
}

function loginSource(pod: Pod, schedule: Schedule, conditions: Conditions): Source {
  const failed = conditions.signal('security.failedLogins', '');
  return (fromMs, dice) => {
    const at = fromMs + bucketMs / 2;
    const attack = schedule.faultsOf('brute-force', at, at)[0];
    const login = { method: 'POST', path: '/api/v1/auth/login' };
    const refused = dice.times(((0.009 + failed.levelAt(at)) * bucketMs) / secondMs);
    const accepted = dice.times(0.6);
    return [
      ...Array.from({ length: refused }, (): Draft => ({
        ...draftOf(pod, fromMs, dice),
        ...login,
        outcome: 'login-refused',
        status: 401,
        durationMs: dice.between(90, 240),
        address: attack?.target ?? `198.51.100.${dice.whole(30, 90)}`,
      })),
      ...Array.from({ length: accepted }, (): Draft => ({
        ...draftOf(pod, fromMs, dice),
        ...login,
        durationMs: dice.between(80, 190),
        address: `198.51.100.${dice.whole(30, 90)}`,
      })),
    ];
  };
}

function runSource(pod: Pod, conditions: Conditions): Source {
  const failures = conditions.signal('pipeline.failures', '');
  return (fromMs, dice) => {
    const failed = dice.times(((0.0025 + failures.levelAt(fromMs + bucketMs / 2)) * bucketMs) / secondMs);
    const run = (outcome: Outcome): Draft => ({
      ...draftOf(pod, fromMs, dice),
      method: 'RUN',
      path: dice.chance(0.8) ? 'build' : 'deploy',
      outcome,
      status: outcome === 'run-failed' ? 1 : 0,
      durationMs: dice.between(1_800, 8_400),
    });
    return [
      ...Array.from({ length: dice.times(0.9) }, () => run('run-succeeded')),
      ...Array.from({ length: failed }, () => run('run-failed')),
    ];
  };
}

function draftOf(pod: Pod, fromMs: number, dice: Dice): Draft {
  return {
    startsAtMs: fromMs + Math.floor(dice.unit() * bucketMs),
    startsAtMicro: dice.whole(0, 999),
    durationMs: 0,
    outcome: 'ok',
    method: 'GET',
    path: '/',
    status: 200,
    pod: pod.name,
    service: pod.service,
    frontendPod: dice.pick(frontendPods),
    version: backendVersions.stable,
    address: '',
    user: `user_${dice.whole(1_001, 2_999)}`,
    requestId: `req_${dice.hex(6)}`,
  };
}

const frontendPods: readonly [string, string] = ['frontend-5c8b-t4nvs', 'frontend-5c8b-zk6hd'];

function healthy(endpoints: readonly Endpoint[], dice: Dice): Partial<Draft> {
  const endpoint = drawEndpoint(endpoints, 'share', dice);
  const durationMs = endpoint.medianSeconds * 1_000 * Math.exp(0.6 * (dice.unit() + dice.unit() - 1) * 1.7);
  const chance = dice.unit();
  const created = endpoint.method === 'POST' && endpoint.path.endsWith('incidents') ? 201 : 200;
  if (chance < 0.0008) return { ...endpointDraft(endpoint), durationMs, outcome: 'failed', status: 500 };
  if (chance < 0.0128) return { ...endpointDraft(endpoint), durationMs, outcome: 'not-found', status: 404 };
  return { ...endpointDraft(endpoint), durationMs, status: created };
}

function endpointDraft({ method, path }: Endpoint): Pick<Draft, 'method' | 'path'> {
  return { method, path };
}

function drawEndpoint(endpoints: readonly Endpoint[], by: 'share' | 'disturbed', dice: Dice): Endpoint {
  let left = dice.unit();
  for (const endpoint of endpoints) {
    left -= endpoint[by];
    if (left < 0) return endpoint;
  }
  // Shares add up to one; what rounding leaves belongs to the first.
  return endpoints[0] ?? { method: 'GET', path: '/', share: 1, disturbed: 1, medianSeconds: 0.1 };
}

/** The id of the span of a request that goes by that name: logs and traces both ask here. 16 hex digits. */
export function spanIdOf(traceId: string, name: string): string {
  return digits(hashOf(traceId, name), 8) + digits(hashOf(traceId, name, 'low'), 8);
}
