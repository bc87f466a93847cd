/** Ids of traces and spans in the ways servers and files write them: hex of any case, shortened, base64. */

const hex = /^[0-9a-f]{1,32}$/;

/** @returns 32 hex digits, or 16 where it has no more; null where it is no id. */
export function traceIdOf(value: unknown): string | null {
  const digits = digitsOf(value, 32, 16);
  if (digits === null) return null;
  return digits.length <= 16 ? digits.padStart(16, '0') : digits.padStart(32, '0');
}

/** @returns 16 hex digits; null where it is no id. */
export function spanIdOf(value: unknown): string | null {
  return digitsOf(value, 16, 8)?.padStart(16, '0') ?? null;
}

/** As `spanIdOf`, where having none is written as nothing or as zeros. */
export function parentIdOf(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return '';
  const id = spanIdOf(value);
  return id === '0000000000000000' ? '' : id;
}

function digitsOf(value: unknown, mostDigits: number, bytes: number): string | null {
  if (typeof value !== 'string' || value.length > 64) return null;
  const lower = value.toLowerCase();
  if (hex.test(lower)) return lower.length <= mostDigits ? lower : null;
  const decoded = fromBase64(value);
  return decoded?.length === bytes * 2 ? decoded : null;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes as hex. By hand: this layer has neither Node's buffers nor the browser's functions. */
function fromBase64(text: string): string | null {
  const digits = text.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  let out = '';
  let bits = 0;
  let held = 0;
  for (const digit of digits) {
    const value = alphabet.indexOf(digit);
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += ((held >> bits) & 0xff).toString(16).padStart(2, '0');
  }
  return out;
}
