/**
 * JSON as traces need it: integers of 64 bits keep all of their digits, and looking into a value of
 * unknown shape never throws. Pure.
 */

/** A bare integer that a number may not hold: past 2^53, or written with more digits than that has. */
const longInteger = /[:[,]\s*-?(?:9\d{15}|\d{17,})\s*[,}\]]/;

/** As `JSON.parse` gives the source text of a value to a reviver; not in the library's types yet. */
interface ReviverContext {
  readonly source?: string;
}

/**
 * @returns the value; integers that a number does not hold are their text.
 * @throws SyntaxError where it is not JSON, RangeError where it is nested past all reason.
 */
export function parseLossless(text: string): unknown {
  // Reviving takes several times as long as parsing, and hardly any answer needs it.
  if (!longInteger.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key: string, value: unknown, context?: ReviverContext): unknown => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const source = context?.source ?? '';
    return /^-?\d+$/.test(source) ? source : value;
  });
}

export type JsonObject = Readonly<Record<string, unknown>>;

const noObject: JsonObject = {};

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : noObject;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text as it is; numbers and truth values as they are written; empty for anything else. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

const deepest = 16;

/** JSON of any value, cut below a depth at which nobody reads it any more. */
export function jsonTextOf(value: unknown): string {
  return JSON.stringify(bounded(value, 0)) ?? '';
}

function bounded(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return '…';
  if (Array.isArray(value)) return value.map((item: unknown) => bounded(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bounded(item, depth + 1)]));
}

const wholeNumber = /^\d{1,20}$/;
/** What 64 bits with a sign hold: as nanoseconds, the year 2262. */
const most = 2n ** 63n - 1n;

/**
 * A count, from text or number.
 * @returns null for anything else and for what is past 2^63; 0 for what is missing.
 */
export function countOf(value: unknown): bigint | null {
  if (value === undefined || value === null || value === '') return 0n;
  const text = typeof value === 'number' ? String(Math.round(value)) : value;
  if (typeof text !== 'string' || !wholeNumber.test(text)) return null;
  const count = BigInt(text);
  return count > most ? null : count;
}
