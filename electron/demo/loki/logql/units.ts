/** Durations and sizes as Go writes them: `1h5m`, `4.4ms`; `5MiB`, `1kB`. */
const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 3.6e6,
  d: 8.64e7,
  w: 6.048e8,
  y: 3.1536e10,
};

/** @returns milliseconds; undefined where the text is no duration. */
export function durationMsOf(text: string): number | undefined {
  if (!/^-?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w|y))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w|y)/g)) {
    ms += Number(count) * (unitMs[unit ?? ''] ?? 0);
  }
  return text.startsWith('-') ? -ms : ms;
}

const powers = ['', 'K', 'M', 'G', 'T', 'P'];

export function bytesOf(text: string): number | undefined {
  const [, count, power, binary] = /^(\d+(?:\.\d+)?)\s*([kKMGTP]?)(i?)B$/.exec(text) ?? [];
  if (count === undefined) return undefined;
  return Number(count) * (binary === 'i' ? 1_024 : 1_000) ** powers.indexOf((power ?? '').toUpperCase());
}

/** A span as Go's `Duration.String` has it, for the one message that names it: `800h1m40s`. */
export function goDuration(ms: number): string {
  const seconds = ms / 1_000;
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const rest = `${Number((seconds % 60).toFixed(9))}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
