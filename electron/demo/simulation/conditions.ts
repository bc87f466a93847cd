import { dayMs } from '#shared/time.ts';
import { faultKinds, faultPlans, type Effect, type Restart, type Signal } from './faults.ts';
import { remembered, sum, type Flow } from './flow.ts';
import { intensityAreaTo, intensityAt, midnightBefore, type Fault, type Schedule } from './schedule.ts';

/**
 * What the schedule's faults do to one signal of one subject, and when they restart a process. Made for
 * each day once and read for every sample; the only reader of fault effects.
 */
export interface Conditions {
  /** The sum of all effects on the signal, as a subject (a pod, a node) feels them. */
  signal(signal: Signal, subject: string): Flow;
  /**
   * @param pod null for the node itself.
   * @returns for any time, when the pod on that node last started: a restart or midnight.
   */
  starts(node: string, pod: string | null): (atMs: number) => number;
}

export function createConditions(schedule: Schedule): Conditions {
  return {
    signal(signal, subject) {
      const felt = faultKinds.flatMap((kind) =>
        faultPlans[kind].effects
          .filter((effect) => effect.signal === signal)
          .map((effect) =>
            feltEffect(effect, (midnightMs) =>
              schedule
                .faultsOf(kind, midnightMs, midnightMs + dayMs)
                .filter((fault) => reaches(effect, fault, subject)),
            ),
          ),
      );
      return remembered(sum(...felt));
    },
    starts(node, pod) {
      const startsOfDay = perDay((midnightMs) => restartsOf(schedule, node, pod, midnightMs));
      return (atMs) => {
        const starts = startsOfDay(midnightBefore(atMs));
        return starts[lastAtOrBefore(starts, atMs)] ?? midnightBefore(atMs);
      };
    },
  };
}

function reaches(effect: Effect, fault: Fault, subject: string): boolean {
  if (effect.reach === 'all') return true;
  return effect.reach === 'target' ? fault.target === subject : effect.reach.includes(subject);
}

interface DayOfFaults {
  readonly faults: readonly Fault[];
  readonly starts: readonly number[];
  /** For each fault, the area of all before it since midnight. */
  readonly areasBefore: readonly number[];
}

/** One effect of one kind of fault. Its faults never overlap, so at most the last begun is under way. */
function feltEffect(effect: Effect, faultsOfDay: (midnightMs: number) => readonly Fault[]): Flow {
  const areaOf = (fault: Fault, atMs: number): number =>
    effect.abrupt
      ? effect.amount * fullAreaTo(fault, atMs)
      : fault.strength * effect.amount * intensityAreaTo(fault, atMs);
  const dayOf = perDay((midnightMs): DayOfFaults => {
    const faults = faultsOfDay(midnightMs);
    let area = 0;
    const areasBefore = faults.map((fault) => {
      const before = area;
      area += areaOf(fault, midnightMs + dayMs) - areaOf(fault, midnightMs);
      return before;
    });
    return { faults, starts: faults.map((fault) => fault.startsAtMs), areasBefore };
  });
  return {
    levelAt(atMs) {
      const day = dayOf(midnightBefore(atMs));
      const fault = day.faults[lastAtOrBefore(day.starts, atMs)];
      if (fault === undefined) return 0;
      if (effect.abrupt) return atMs < fault.recoversAtMs ? effect.amount : 0;
      return fault.strength * effect.amount * intensityAt(fault, atMs);
    },
    areaTo(atMs) {
      const midnightMs = midnightBefore(atMs);
      const day = dayOf(midnightMs);
      const last = lastAtOrBefore(day.starts, atMs);
      const fault = day.faults[last];
      if (fault === undefined) return 0;
      return (day.areasBefore[last] ?? 0) + areaOf(fault, atMs) - areaOf(fault, midnightMs);
    },
  };
}

function fullAreaTo(fault: Fault, atMs: number): number {
  return Math.max(0, Math.min(atMs, fault.recoversAtMs) - fault.startsAtMs) / 1_000;
}

function restartsOf(
  schedule: Schedule,
  node: string,
  pod: string | null,
  midnightMs: number,
): readonly number[] {
  const hit = ({ of }: Restart, fault: Fault): boolean => {
    if (of === 'target-node') return fault.target === node;
    if (pod === null) return false;
    return of === 'pods-on-target' ? fault.target === node : of.includes(pod);
  };
  return faultKinds
    .flatMap((kind) =>
      schedule
        .faultsOf(kind, midnightMs, midnightMs + dayMs)
        .flatMap((fault) =>
          faultPlans[kind].restarts
            .filter((restart) => hit(restart, fault))
            .map((restart) => (restart.when === 'start' ? fault.startsAtMs : fault.recoversAtMs)),
        ),
    )
    .filter((atMs) => atMs >= midnightMs)
    .sort((left, right) => left - right);
}

/** Keeps what was made for the two days last asked for: history reaches back over one midnight. */
function perDay<Day>(make: (midnightMs: number) => Day): (midnightMs: number) => Day {
  let latest: { readonly midnightMs: number; readonly day: Day } | undefined;
  let other: { readonly midnightMs: number; readonly day: Day } | undefined;
  return (midnightMs) => {
    if (latest?.midnightMs === midnightMs) return latest.day;
    [latest, other] =
      other?.midnightMs === midnightMs ? [other, latest] : [{ midnightMs, day: make(midnightMs) }, latest];
    return latest.day;
  };
}

/** The index of the last of the sorted times that is not after `atMs`; -1 where all are. */
function lastAtOrBefore(times: readonly number[], atMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
