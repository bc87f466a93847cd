/**
 * A length of time in seconds with the rounding of Go's `Duration.Seconds`: whole seconds, then what is left
 * as nanoseconds. A plain division differs in the last digit for some lengths.
 */
export function secondsOf(durationMs: number): number {
  const whole = Math.trunc(durationMs / 1000);
  return whole + ((durationMs - whole * 1000) * 1e6) / 1e9;
}
