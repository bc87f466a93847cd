/**
 * Times and spans as the screen writes them. Everywhere in the console a point in time is Unix
 * milliseconds in a name that ends in `AtMs`, and a span is milliseconds in a name that ends in `Ms`.
 */

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/**
 * A span in at most two units: `8s`, `4m 12s`, `2h 05m`, `3d 04h`.
 * @param ms a span in milliseconds; a negative one (clocks that differ) reads as `0s`.
 */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / secondMs));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${pad(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h ${pad(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d ${pad(hours % 24)}h`;
}

/**
 * A span in one unit, for places where only the magnitude counts: `8s`, `4m`, `2h`, `3d`.
 * @param ms a span in milliseconds.
 */
export function formatAge(ms: number): string {
  if (ms < minuteMs) return `${Math.max(0, Math.floor(ms / secondMs))}s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)}m`;
  if (ms < dayMs) return `${Math.floor(ms / hourMs)}h`;
  return `${Math.floor(ms / dayMs)}d`;
}

/** The time of day in the local zone, `03:12:08`. */
export function formatClock(atMs: number): string {
  const date = new Date(atMs);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** Date and time of day in the local zone, `2026-11-21 03:12:08`. */
export function formatDateTime(atMs: number): string {
  const date = new Date(atMs);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${formatClock(atMs)}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
