/**
 * Durations strictly as Prometheus reads them in rule files: `1h30m`, units in falling order, or a bare 0.
 * Source: prometheus/common model/time.go, ParseDuration.
 */
const durationPattern = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const unitsMs = [31_536_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1_000, 1];
/** Go keeps it as nanoseconds in 64 bits. */
const longestMs = 9_223_372_036_854;

/** @returns milliseconds, or null where the text is no duration. */
export function parsePrometheusDuration(text: string): number | null {
  if (text === '0') return 0;
  const match = text === '' ? null : durationPattern.exec(text);
  if (match === null) return null;
  const ms = unitsMs.reduce((sum, unitMs, index) => sum + Number(match[index + 1] ?? 0) * unitMs, 0);
  return ms > longestMs ? null : ms;
}
