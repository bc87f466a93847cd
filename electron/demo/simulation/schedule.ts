import { dayMs, minuteMs } from '#shared/time.ts';
import { faultKinds, faultPlans, type FaultKind } from './faults.ts';
import { between, choose, unitOf } from './random.ts';

/**
 * When which fault happens: a function of seed, epoch and time alone. Time is cut into cycles of one slot
 * for each kind of fault, and a fault begins early in each slot, so that one begins every few minutes.
 * Simulation and, later, logs and traces ask here; nothing here knows a metric.
 */
export interface Fault {
  /** Stable for one seed and epoch: `pool-exhaustion-54012`. */
  readonly id: string;
  readonly kind: FaultKind;
  /** The node or address it happens to; empty where the kind has none. */
  readonly target: string;
  /** Scales every amount; near one. */
  readonly strength: number;
  readonly startsAtMs: number;
  readonly plateauAtMs: number;
  readonly recoversAtMs: number;
  readonly endsAtMs: number;
}

export interface Schedule {
  /** The longest time between the beginnings of two faults in a row. */
  readonly longestQuietMs: number;
  /** Faults of one kind that are under way at some time in [fromMs, toMs], in order; they never overlap. */
  faultsOf(kind: FaultKind, fromMs: number, toMs: number): readonly Fault[];
  /** All faults under way at that time. */
  activeAt(atMs: number): readonly Fault[];
}

export interface ScheduleOptions {
  readonly seed: number;
  /** Unix milliseconds at which the first cycle begins; it also reaches back before that. */
  readonly epochAtMs: number;
  /** How many times faster than usual faults come and go. */
  readonly speed: number;
}

const slotMs = 4 * minuteMs;
const latestStartInSlot = 0.25;
/** Every second slot has a kind that pages, and a kind keeps at least six slots from its next turn. */
const pairs: readonly (readonly [first: number, second: number, kinds: readonly [FaultKind, FaultKind]])[] = [
  [0, 2, ['pool-exhaustion', 'brute-force']],
  [1, 3, ['redis-memory', 'disk-fill']],
  [4, 6, ['node-down', 'node-memory']],
  [5, 7, ['pipeline-backlog', 'slow-frontend']],
];

export function createSchedule(options: ScheduleOptions): Schedule {
  const slot = slotMs / options.speed;
  const cycleMs = slot * faultKinds.length;
  const cycleOf = (atMs: number): number => Math.floor((atMs - options.epochAtMs) / cycleMs);

  function faultOf(kind: FaultKind, cycle: number): Fault {
    const { seed, epochAtMs, speed } = options;
    const plan = faultPlans[kind];
    const draw = (what: string, [least, most]: readonly [number, number]): number =>
      between(least, most, seed, cycle, kind, what) / speed;
    const inSlot = unitOf(seed, cycle, kind, 'start') * latestStartInSlot;
    const startsAtMs = Math.round(epochAtMs + cycle * cycleMs + (slotOf(kind, cycle, seed) + inSlot) * slot);
    const plateauAtMs = Math.round(startsAtMs + draw('onset', plan.onsetMs));
    const recoversAtMs = Math.round(plateauAtMs + draw('plateau', plan.plateauMs));
    const [first, ...rest] = plan.targets;
    return {
      id: `${kind}-${cycle}`,
      kind,
      target: first === undefined ? '' : choose([first, ...rest], seed, cycle, kind, 'target'),
      strength: between(0.94, 1.04, seed, cycle, kind, 'strength'),
      startsAtMs,
      plateauAtMs,
      recoversAtMs,
      endsAtMs: Math.round(recoversAtMs + draw('recovery', plan.recoveryMs)),
    };
  }

  function faultsOf(kind: FaultKind, fromMs: number, toMs: number): readonly Fault[] {
    const faults: Fault[] = [];
    // A fault of the last slot may reach into the cycle after its own.
    for (let cycle = cycleOf(fromMs) - 1; cycle <= cycleOf(toMs); cycle++) {
      const fault = faultOf(kind, cycle);
      if (fault.startsAtMs <= toMs && fault.endsAtMs >= fromMs) faults.push(fault);
    }
    return faults;
  }

  return {
    longestQuietMs: slot * (1 + latestStartInSlot),
    faultsOf,
    activeAt: (atMs) => faultKinds.flatMap((kind) => faultsOf(kind, atMs, atMs)),
  };
}

/** How far a fault is in effect at a time: 0 before and after, 1 on the plateau, smooth ramps between. */
export function intensityAt(fault: Fault, atMs: number): number {
  if (atMs <= fault.startsAtMs || atMs >= fault.endsAtMs) return 0;
  if (atMs < fault.plateauAtMs)
    return smooth((atMs - fault.startsAtMs) / (fault.plateauAtMs - fault.startsAtMs));
  if (atMs <= fault.recoversAtMs) return 1;
  return smooth((fault.endsAtMs - atMs) / (fault.endsAtMs - fault.recoversAtMs));
}

/** The integral of `intensityAt` from the fault's start to a time, in seconds. */
export function intensityAreaTo(fault: Fault, atMs: number): number {
  if (atMs <= fault.startsAtMs) return 0;
  const onsetMs = fault.plateauAtMs - fault.startsAtMs;
  const recoveryMs = fault.endsAtMs - fault.recoversAtMs;
  if (atMs < fault.plateauAtMs) return (onsetMs * smoothArea((atMs - fault.startsAtMs) / onsetMs)) / 1_000;
  const ramp = onsetMs * smoothArea(1);
  if (atMs <= fault.recoversAtMs) return (ramp + atMs - fault.plateauAtMs) / 1_000;
  const left = Math.max(0, (fault.endsAtMs - atMs) / recoveryMs);
  const down = recoveryMs * (smoothArea(1) - smoothArea(left));
  return (ramp + fault.recoversAtMs - fault.plateauAtMs + down) / 1_000;
}

/** The UTC midnight before a time: processes that no fault restarts count from there. */
export function midnightBefore(atMs: number): number {
  return Math.floor(atMs / dayMs) * dayMs;
}

function slotOf(kind: FaultKind, cycle: number, seed: number): number {
  for (const [first, second, kinds] of pairs) {
    const place = kinds.indexOf(kind);
    if (place === -1) continue;
    const swapped = unitOf(seed, cycle, first, 'order') < 0.5;
    return (place === 0) === swapped ? second : first;
  }
  throw new Error(`no slot for faults of kind ${kind}`);
}

/** Smoothstep and its integral over [0, share]. */
function smooth(share: number): number {
  return share * share * (3 - 2 * share);
}

function smoothArea(share: number): number {
  return share ** 3 - share ** 4 / 2;
}
