/**
 * PromQL's literals: strings as Go quotes them, numbers as Go reads them, durations. Each function gives
 * undefined for text that is not such a literal.
 */

const escapes = new Map([
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
]);
const escapePattern =
  /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([^xuU0-7]))|\\/g;

/** @param literal with its quotes: `"…"`, `'…'` or `` `…` `` (raw). */
export function unquote(literal: string): string | undefined {
  const quote = literal.slice(0, 1);
  if (literal.length < 2 || !literal.endsWith(quote)) return undefined;
  const body = literal.slice(1, -1);
  if (quote === '`') return body;
  let valid = !body.includes('\n');
  const text = body.replaceAll(
    escapePattern,
    (_all, byte?: string, short?: string, long?: string, octal?: string, letter?: string) => {
      const hex = short ?? long ?? byte;
      const code = hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16);
      // A byte above 0x7f is no character by itself; Go keeps it, a JavaScript string cannot.
      const character = hex === undefined || hex === byte ? code < 0x80 : code <= 0x10ffff;
      if (letter === undefined && character) return String.fromCodePoint(code);
      const escaped = letter === undefined ? undefined : escapes.get(letter);
      if (escaped === undefined || (letter !== quote && (letter === '"' || letter === "'"))) valid = false;
      return escaped ?? '';
    },
  );
  return valid ? text : undefined;
}

const unitMs = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const durationPattern = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** @returns milliseconds; `5m`, `1h30m`, `0`. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = durationPattern.exec(text);
  if (text === '' || match === null) return undefined;
  return Object.values(unitMs).reduce(
    (total, unit, index) => total + unit * Number(match[index + 1] ?? 0),
    0,
  );
}

/** @returns the number; a duration counts as its seconds, as in Prometheus 3. */
export function parseNumber(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text
    .replace(/^[+-]\s*/, '')
    .replaceAll('_', '')
    .toLowerCase();
  if (body === 'inf') return sign * Number.POSITIVE_INFINITY;
  if (body === 'nan') return Number.NaN;
  if (/^0[0-7]+$/.test(body)) return sign * Number.parseInt(body, 8);
  if (/^0x[0-9a-f]+$/.test(body)) return sign * Number.parseInt(body.slice(2), 16);
  if (/^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(body)) return sign * Number(body);
  const durationMs = parseDuration(body);
  return durationMs === undefined ? undefined : (sign * durationMs) / 1_000;
}
