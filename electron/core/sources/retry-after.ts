import { minuteMs, secondMs } from '#shared/time.ts';

/** A server may ask for a pause, not blind the console for a day by a slip in its configuration. */
const longestWaitMs = 15 * minuteMs;

/**
 * Reads a `Retry-After` header: seconds or an HTTP date (RFC 9110 section 10.2.3).
 * @returns milliseconds to wait from `nowMs`, at most 15 minutes; null where there is none to read.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * secondMs, longestWaitMs);
  // Date.parse would read a bare number or a word with digits as some year.
  if (!/^[A-Z][a-z]{2}/.test(text)) return null;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.min(Math.max(0, atMs - nowMs), longestWaitMs);
}
