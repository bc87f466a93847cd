import { minuteMs, secondMs } from '../time.ts';

/**
 * What of logs and traces belongs to an incident: what surrounds its start. Once that time has passed, and
 * what came late has come, a whole answer stays what it is.
 */
export const logsBeforeMs = 5 * minuteMs;
export const logsAfterMs = 5 * minuteMs;
export const tracesBeforeMs = 5 * minuteMs;
export const tracesAfterMs = 10 * minuteMs;

/** For lines and traces to arrive at their servers after their time. */
const lateMs = 30 * secondMs;

/** From then on what was logged, or traced, until `afterMs` after the start changes no more. */
export function passesAfterMs(afterMs: number): number {
  return afterMs + lateMs;
}
