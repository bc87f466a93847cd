/** `812`, `15.7k`, `196k`. */
export function briefCount(value: number): string {
  return brief(value, 1_000, ['', 'k', 'M', 'G', 'T']);
}

/** `812 B`, `15.7 kB`, `2.1 TB`, in powers of a thousand. */
export function briefBytes(value: number): string {
  return brief(value, 1_000, [' B', ' kB', ' MB', ' GB', ' TB', ' PB']);
}

function brief(value: number, base: number, units: readonly string[]): string {
  let at = 0;
  let scaled = value;
  // What would be rounded to a thousand is one of the next unit.
  while (at < units.length - 1 && scaled >= (at === 0 ? base : base - 0.5)) {
    scaled /= base;
    at++;
  }
  const digits =
    at === 0 ? String(Math.round(scaled)) : scaled < 100 ? scaled.toFixed(1) : String(Math.round(scaled));
  return `${digits}${units[at] ?? ''}`;
}
