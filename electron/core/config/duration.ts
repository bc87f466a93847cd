/**
 * Durations as Prometheus writes them, for the configuration file and its editor. Called by the key
 * table and the editor; knows nothing of either.
 */

const unitsMs = {
  y: 31_536_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};
const durationPattern =
  /^(?:(\d{1,9})y)?(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;
const secondsPattern = /^\d{1,9}(?:\.\d{1,3})?$/;

/**
 * Reads `1h30m`, `15s`, `500ms`, or a plain number of seconds.
 * Source of the form: prometheus/common model/time.go, ParseDuration.
 * @returns milliseconds, or null where the text is no duration.
 */
export function parseDuration(text: string): number | null {
  if (secondsPattern.test(text)) return Math.round(Number(text) * 1_000);
  const match = text === '' ? null : durationPattern.exec(text);
  if (match === null) return null;
  return Object.values(unitsMs).reduce(
    (sum, unitMs, index) => sum + Number(match[index + 1] ?? 0) * unitMs,
    0,
  );
}

/** Writes milliseconds in the form that `parseDuration` reads: 90 000 is `1m30s`, 0 is `0s`. */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms);
  let text = '';
  for (const [unit, unitMs] of Object.entries(unitsMs)) {
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs;
  }
  return text === '' ? '0s' : text;
}
