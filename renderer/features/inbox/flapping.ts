import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { hourMs } from '#shared/time.ts';

/**
 * An incident flaps if its group began or ended at least so often within the last hour: on and off three
 * times. Less is what a restart or one retried job looks like.
 */
const flapsFrom = 6;

type Fired = Pick<IncidentRow, 'startsAtMs' | 'resolvedAtMs'>;

/** How often its group began or ended within the last hour. */
export function flipsWithinHour(row: Fired, signs: IncidentSigns | undefined, nowMs: number): number {
  const sinceMs = nowMs - hourMs;
  let flips = 0;
  const count = (atMs: number | null): void => {
    if (atMs !== null && atMs > sinceMs && atMs <= nowMs) flips += 1;
  };
  for (const [fromMs, toMs] of signs?.earlier ?? []) {
    count(fromMs);
    count(toMs);
  }
  count(row.startsAtMs);
  count(row.resolvedAtMs);
  return flips;
}

export function isFlapping(row: Fired, signs: IncidentSigns | undefined, nowMs: number): boolean {
  return couldFlap(signs) && flipsWithinHour(row, signs, nowMs) >= flapsFrom;
}

/** Whether time alone could make it flap or stop flapping. */
export function couldFlap(signs: IncidentSigns | undefined): boolean {
  return signs !== undefined && signs.earlier.length * 2 + 1 >= flapsFrom;
}
