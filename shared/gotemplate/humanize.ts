import { formatFloat } from './float-format.ts';

/**
 * Numbers for people, digit for digit as Prometheus writes them.
 * Source: prometheus template/template.go; the exact rules were measured with promtool.
 */

const larger = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const largerBinary = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];
const smaller = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];

export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return brief(value);
  return Math.abs(value) >= 1 ? scaledDown(value, 1_000, larger) : scaledUp(value);
}

export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return brief(value);
  return scaledDown(value, 1_024, largerBinary);
}

/** @param seconds a span; from a minute on it is cut to whole seconds. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return brief(seconds);
  if (seconds === 0) return `${brief(seconds)}s`;
  if (Math.abs(seconds) < 1) return `${scaledUp(seconds)}s`;
  const sign = seconds < 0 ? '-' : '';
  if (Math.abs(seconds) < 60) return `${sign}${brief(Math.abs(seconds))}s`;
  const whole = wholeSeconds(Math.abs(seconds));
  const parts = [
    [whole / 86_400n, 'd'],
    [(whole / 3_600n) % 24n, 'h'],
    [(whole / 60n) % 60n, 'm'],
    [whole % 60n, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count !== 0n);
  const written = parts.slice(first).map(([count, unit]) => `${count}${unit}`);
  return sign + written.join(' ');
}

/** Go's conversion to int64: what is too large becomes the least of them. */
function wholeSeconds(seconds: number): bigint {
  return seconds >= 2 ** 63 ? -(2n ** 63n) : BigInt(Math.trunc(seconds));
}

export function humanizePercentage(value: number): string {
  return `${brief(value * 100)}%`;
}

/** @param seconds Unix time; kept to the millisecond. */
export function humanizeTimestamp(seconds: number): string {
  if (!Number.isFinite(seconds)) return brief(seconds);
  if (Math.abs(seconds * 1e9) > 2 ** 63)
    throw new Error(
      `${formatFloat(seconds, 'g', null)} cannot be represented as a nanoseconds timestamp since it overflows int64`,
    );
  const date = new Date(Math.trunc(Math.trunc(seconds * 1e9) / 1e6));
  const [day = '', clock = ''] = date.toISOString().replace('Z', '').split('T');
  // `13:19:44.120` ends in `.12`, `13:19:44.000` without a fraction.
  return `${day} ${clock.replace(/0{1,3}$/, '').replace(/\.$/, '')} +0000 UTC`;
}

function scaledDown(value: number, step: number, prefixes: readonly string[]): string {
  let scaled = value;
  let used = '';
  for (const prefix of prefixes) {
    if (Math.abs(scaled) < step) break;
    used = prefix;
    scaled /= step;
  }
  return brief(scaled) + used;
}

function scaledUp(value: number): string {
  let scaled = value;
  let used = '';
  for (const prefix of smaller) {
    if (Math.abs(scaled) >= 1) break;
    used = prefix;
    scaled *= 1_000;
  }
  return brief(scaled) + used;
}

/** Go's `%.4g`. */
function brief(value: number): string {
  return formatFloat(value, 'g', 4);
}
