import type { SourceState } from '#shared/model/source.ts';
import { secondMs } from '#shared/time.ts';

/** When a source is asked next and how its silence is judged. Pure; used by `SourceWatch`. */

const jitterShare = 0.05;
const shortestDelayMs = 100;
const backOffBaseMs = secondMs;
const longestWakeWindowMs = 5 * secondMs;

/** What a watch knows of a source at one moment. */
export interface Silence {
  readonly pollMs: number;
  /** Time since the last success, or since the watch began where there was none yet. */
  readonly sinceMs: number;
  readonly everSucceeded: boolean;
  readonly consecutiveFailures: number;
}

/**
 * How far a source is behind: late when a poll was missed, stale when two were. A poll is missed when it
 * fails, or when its answer is overdue by half a period: so a server that hangs is found out by time.
 */
export function stateAfter(silence: Silence): SourceState {
  const { sinceMs, everSucceeded, consecutiveFailures } = silence;
  if (consecutiveFailures >= 2 && !everSucceeded) return 'stale';
  if (sinceMs >= staleAfterMs(silence)) return 'stale';
  if (consecutiveFailures > 0 || sinceMs >= lateAfterMs(silence)) return 'late';
  return everSucceeded ? 'fresh' : 'starting';
}

/** Milliseconds until time alone changes the state; null once it cannot. */
export function nextStateChangeMs(silence: Silence): number | null {
  const pending = [lateAfterMs(silence), staleAfterMs(silence)]
    .map((atMs) => atMs - silence.sinceMs)
    .filter((ms) => ms > 0);
  return pending.length === 0 ? null : Math.min(...pending);
}

function lateAfterMs(silence: Silence): number {
  return silence.pollMs + graceMs(silence);
}

function staleAfterMs(silence: Silence): number {
  return 2 * silence.pollMs + (silence.consecutiveFailures > 0 ? 0 : graceMs(silence));
}

function graceMs({ pollMs }: Silence): number {
  return Math.max(secondMs, pollMs / 2);
}

/**
 * The pause after the machine woke: soon, but not in step with all the consoles that the same morning wakes,
 * which are spread over the whole of a window.
 */
export function pauseAfterWakeMs(pollMs: number, random: number): number {
  return random * Math.min(pollMs, longestWakeWindowMs);
}

/** The pause after a good poll: the period, moved a little so that many consoles do not ask in step. */
export function pauseAfterSuccessMs(pollMs: number, tookMs: number, random: number): number {
  const periodMs = pollMs * (1 + jitterShare * (2 * random - 1));
  return Math.max(shortestDelayMs, periodMs - tookMs);
}

/**
 * The pause after a failure: exponential with full jitter, never longer than the poll period, so that a
 * server that is back is seen within one; longer only where the server asked for it.
 */
export function pauseAfterFailureMs(
  pollMs: number,
  consecutiveFailures: number,
  retryAfterMs: number | null,
  random: number,
): number {
  const ceilingMs = Math.min(pollMs, backOffBaseMs * 2 ** Math.min(consecutiveFailures, 16));
  return Math.max(shortestDelayMs, random * ceilingMs, retryAfterMs ?? 0);
}
