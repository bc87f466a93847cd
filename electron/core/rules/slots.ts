import { fingerprintOf } from '#shared/model/labels.ts';

/**
 * When a group is evaluated: at slots a fixed interval apart, moved by a hash of the group so that not all
 * groups ask at once. The slot, not the clock, is the time of an evaluation. Source: prometheus
 * rules/group.go, EvalTimestamp.
 */
export interface SlotPlan {
  readonly intervalMs: number;
  readonly offsetMs: number;
}

export function slotPlan(file: string, name: string, intervalMs: number): SlotPlan {
  const hash = BigInt(`0x${fingerprintOf({ file, name })}`);
  return { intervalMs, offsetMs: Number(hash % BigInt(intervalMs)) };
}

/** The last slot at or before a moment. */
export function slotAt({ intervalMs, offsetMs }: SlotPlan, atMs: number): number {
  return Math.floor((atMs - offsetMs) / intervalMs) * intervalMs + offsetMs;
}

/** Slots longer ago, and more of them, are not asked for: the source has much else to answer. */
export const lateSlotsReachMs = 3_600_000;
const mostLateSlots = 120;

export interface DueSlots {
  /** To be evaluated now, in this order. */
  readonly slots: readonly number[];
  /** Those that passed and are evaluated by nobody. */
  readonly missed: number;
}

/** What is due after the slot evaluated last; null where there was none, and nothing is owed. */
export function dueSlots(plan: SlotPlan, lastSlotMs: number | null, nowMs: number): DueSlots {
  const latest = slotAt(plan, nowMs);
  if (lastSlotMs === null) return { slots: [latest], missed: 0 };
  // The interval may have changed since: slots are those of the plan in force.
  const first = slotAt(plan, lastSlotMs) + plan.intervalMs;
  if (first > latest) return { slots: [], missed: 0 };
  const count = Math.round((latest - first) / plan.intervalMs) + 1;
  const inReach = Math.floor(lateSlotsReachMs / plan.intervalMs) + 1;
  const taken = Math.min(count, mostLateSlots, inReach);
  const slots = Array.from({ length: taken }, (_, index) => latest - (taken - 1 - index) * plan.intervalMs);
  return { slots, missed: count - taken };
}
