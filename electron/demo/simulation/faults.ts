import { minuteMs, secondMs } from '#shared/time.ts';

/**
 * The faults of the demo fleet, as data: what each kind does to which signal, on whom and for how long.
 * The schedule draws from this table; metrics, and later logs and traces, read the signals it moves.
 */

/**
 * What a fault can move. Amounts add to the healthy level: per second where the signal is a rate, a
 * share from 0 to 1 where its name says so.
 */
export type Signal =
  | 'backend.errors'
  | 'backend.timeouts'
  | 'backend.stalled'
  | 'backend.sluggish'
  | 'frontend.errors'
  | 'frontend.stalled'
  | 'postgres.connections'
  | 'postgres.queryTime'
  | 'redis.memoryShare'
  | 'redis.evictions'
  | 'redis.misses'
  | 'node.memoryShare'
  | 'node.diskShare'
  | 'node.load'
  | 'node.down'
  | 'pipeline.queue'
  | 'pipeline.failures'
  | 'pipeline.busyRunners'
  | 'security.failedLogins'
  | 'security.highThreats'
  | 'business.lostUsers'
  | 'backend.newVersion';

export const faultKinds = [
  'pool-exhaustion',
  'redis-memory',
  'brute-force',
  'disk-fill',
  'node-down',
  'pipeline-backlog',
  'node-memory',
  'slow-frontend',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Whom an effect touches: everybody who has the signal, the fault's target, or those named. */
type Reach = 'all' | 'target' | readonly string[];

export interface Effect {
  readonly signal: Signal;
  readonly amount: number;
  readonly reach: Reach;
  /** In full from the start until recovery begins, without ramps: a node is down or it is not. */
  readonly abrupt?: true;
}

/** Processes that start anew because of a fault: a node with all of its pods, its pods alone, or those named. */
export interface Restart {
  readonly of: 'target-node' | 'pods-on-target' | readonly string[];
  readonly when: 'start' | 'recovery';
}

export interface FaultPlan {
  readonly onsetMs: readonly [least: number, most: number];
  readonly plateauMs: readonly [least: number, most: number];
  readonly recoveryMs: readonly [least: number, most: number];
  /** One of these is the target; empty where the fault has none. */
  readonly targets: readonly string[];
  readonly effects: readonly Effect[];
  readonly restarts: readonly Restart[];
}

/** Pods that a rolling deploy of the backend reaches before it is stopped: the last one stays behind. */
export const deployedPods = ['backend-7d9f-q2x8m', 'backend-7d9f-w7zkd', 'backend-7d9f-5hn4t'] as const;
export const heldBackPod = 'backend-7d9f-9pvl2';

export const faultPlans: Readonly<Record<FaultKind, FaultPlan>> = {
  'pool-exhaustion': {
    onsetMs: [70 * secondMs, 110 * secondMs],
    plateauMs: [6 * minuteMs, 8 * minuteMs],
    recoveryMs: [40 * secondMs, 70 * secondMs],
    targets: [],
    effects: [
      { signal: 'backend.newVersion', amount: 1, reach: deployedPods, abrupt: true },
      { signal: 'backend.errors', amount: 1.9, reach: deployedPods },
      { signal: 'backend.timeouts', amount: 0.7, reach: deployedPods },
      { signal: 'backend.stalled', amount: 4.4, reach: deployedPods },
      { signal: 'frontend.errors', amount: 0.04, reach: 'all' },
      { signal: 'postgres.connections', amount: 52, reach: 'all' },
      { signal: 'postgres.queryTime', amount: 1.4, reach: 'all' },
      { signal: 'pipeline.failures', amount: 0.004, reach: 'all' },
    ],
    restarts: [
      { of: deployedPods, when: 'start' },
      { of: deployedPods, when: 'recovery' },
    ],
  },
  'redis-memory': {
    onsetMs: [2 * minuteMs, 3 * minuteMs],
    plateauMs: [4 * minuteMs, 6 * minuteMs],
    recoveryMs: [60 * secondMs, 100 * secondMs],
    targets: [],
    effects: [
      { signal: 'redis.memoryShare', amount: 0.33, reach: 'all' },
      { signal: 'redis.evictions', amount: 140, reach: 'all' },
      { signal: 'redis.misses', amount: 190, reach: 'all' },
      { signal: 'backend.sluggish', amount: 2.5, reach: 'all' },
      { signal: 'postgres.connections', amount: 14, reach: 'all' },
    ],
    restarts: [],
  },
  'brute-force': {
    onsetMs: [20 * secondMs, 40 * secondMs],
    plateauMs: [5 * minuteMs, 8 * minuteMs],
    recoveryMs: [20 * secondMs, 40 * secondMs],
    targets: ['203.0.113.88', '198.51.100.24', '192.0.2.177'],
    effects: [
      { signal: 'security.failedLogins', amount: 1.3, reach: 'all' },
      { signal: 'security.highThreats', amount: 0.035, reach: 'all' },
    ],
    restarts: [],
  },
  'disk-fill': {
    onsetMs: [4 * minuteMs, 5 * minuteMs],
    plateauMs: [3 * minuteMs, 5 * minuteMs],
    recoveryMs: [20 * secondMs, 40 * secondMs],
    targets: ['node-1', 'node-2', 'node-3'],
    effects: [{ signal: 'node.diskShare', amount: 0.36, reach: 'target' }],
    restarts: [],
  },
  'node-down': {
    onsetMs: [secondMs, 2 * secondMs],
    plateauMs: [5 * minuteMs, 7 * minuteMs],
    recoveryMs: [secondMs, 2 * secondMs],
    targets: ['node-2', 'node-3', 'node-4'],
    effects: [
      { signal: 'node.down', amount: 1, reach: 'target', abrupt: true },
      { signal: 'pipeline.queue', amount: 26, reach: 'all' },
    ],
    restarts: [{ of: 'target-node', when: 'recovery' }],
  },
  'pipeline-backlog': {
    onsetMs: [2 * minuteMs, 3 * minuteMs],
    plateauMs: [4 * minuteMs, 6 * minuteMs],
    recoveryMs: [90 * secondMs, 150 * secondMs],
    targets: [],
    effects: [
      { signal: 'pipeline.queue', amount: 310, reach: 'all' },
      { signal: 'pipeline.busyRunners', amount: 5, reach: 'all' },
      { signal: 'pipeline.failures', amount: 0.05, reach: 'all' },
    ],
    restarts: [],
  },
  'node-memory': {
    onsetMs: [90 * secondMs, 150 * secondMs],
    plateauMs: [5 * minuteMs, 7 * minuteMs],
    recoveryMs: [20 * secondMs, 40 * secondMs],
    targets: ['node-1', 'node-2', 'node-3', 'node-4'],
    effects: [
      { signal: 'node.memoryShare', amount: 0.4, reach: 'target' },
      { signal: 'node.load', amount: 5.5, reach: 'target' },
    ],
    restarts: [{ of: 'pods-on-target', when: 'recovery' }],
  },
  'slow-frontend': {
    onsetMs: [60 * secondMs, 100 * secondMs],
    plateauMs: [5 * minuteMs, 7 * minuteMs],
    recoveryMs: [50 * secondMs, 80 * secondMs],
    targets: [],
    effects: [
      { signal: 'frontend.stalled', amount: 4.5, reach: 'all' },
      { signal: 'frontend.errors', amount: 0.03, reach: 'all' },
      { signal: 'business.lostUsers', amount: 520, reach: 'all' },
    ],
    restarts: [],
  },
};
