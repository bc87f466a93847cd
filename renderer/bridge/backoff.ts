/** Exponential back-off with full jitter: windows that lost one host do not come back all at once. */
const baseMs = 250;
const capMs = 10_000;

/**
 * @param attempt how many tries have failed in a row, from 1.
 * @param random from 0 up to 1.
 * @returns how long to wait, in milliseconds; never less than half the base.
 */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  const ceilingMs = Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 16));
  return Math.max(baseMs / 2, Math.round(ceilingMs * random));
}
