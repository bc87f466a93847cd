import { parsePrometheusDuration } from '#shared/gotemplate/durations.ts';

/**
 * Numbers of the series notation: floats, `Inf`, `NaN` and durations, which count seconds. No hexadecimal
 * ones: their `x` would be a repetition. A leading 0 makes a whole number octal, as in Go.
 */
const octal = /^0[0-7]+$/;
const float = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** @returns null where the text is no number. */
export function readNumber(text: string): number | null {
  const negative = text.startsWith('-');
  const unsigned = negative || text.startsWith('+') ? text.slice(1) : text;
  const value = readUnsigned(unsigned);
  return value === null ? null : negative ? -value : value;
}

function readUnsigned(text: string): number | null {
  if (octal.test(text)) return Number.parseInt(text, 8);
  if (float.test(text)) return Number(text);
  const word = text.toLowerCase();
  if (word === 'inf') return Number.POSITIVE_INFINITY;
  if (word === 'nan') return Number.NaN;
  const ms = parsePrometheusDuration(text);
  return ms === null ? null : ms / 1_000;
}
