/** Durations of spans as the screen writes them. */

const units = [
  [60e9, 'min'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
] as const;

/**
 * Three digits and a unit: `5.02 s`, `640 ms`, `12.5 µs`; minutes with their seconds: `2m 05s`.
 * @param ns nanoseconds.
 */
export function formatDuration(ns: number): string {
  const size = Math.abs(ns);
  if (size >= 60e9) {
    const seconds = Math.round(size / 1e9);
    return `${ns < 0 ? '-' : ''}${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
  }
  const [unitNs, name] = units.find(([one]) => size >= one) ?? [1, 'ns'];
  const value = ns / unitNs;
  return `${Math.abs(value) >= 100 || name === 'ns' ? Math.round(value) : Number(value.toPrecision(3))} ${name}`;
}

/** Since the start of a trace: `+33 ms`, `0`. */
export function formatOffset(ns: number): string {
  return ns === 0 ? '0' : `${ns > 0 ? '+' : ''}${formatDuration(ns)}`;
}

/**
 * Reads `1.5s`, `200ms`, `3us`, `2m`.
 * @returns nanoseconds; null for an empty text; undefined where it is no duration.
 */
export function readDuration(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const [, amount, unit] = /^(\d{1,12}(?:\.\d{1,9})?) ?(ns|us|µs|μs|ms|s|m|min|h)$/u.exec(trimmed) ?? [];
  const unitNs = unit === undefined ? undefined : readUnits.get(unit);
  return unitNs === undefined ? undefined : Math.round(Number(amount) * unitNs);
}

const readUnits = new Map<string, number>([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['min', 60e9],
  ['h', 3_600e9],
]);
