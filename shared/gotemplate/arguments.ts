import { goQuote } from './quoting.ts';
import { typeNameOf, type Value } from './value.ts';

/** What a function of a template was given, as what it wants; anything else is an Error in Go's words. */

export function textOf(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  const given = value === undefined || value === null ? 'nil' : typeNameOf(value);
  throw new Error(`wrong type for value; expected string; got ${given}`);
}

/** A number, or a text that is one. Source: prometheus template.go, convertToFloat. */
export function floatOf(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return parsedFloat(value);
  throw new Error(`can't convert ${value === undefined ? '<nil>' : typeNameOf(value)} to float`);
}

function parsedFloat(text: string): number {
  const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (special !== null) {
    if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text))
    throw new Error(`strconv.ParseFloat: parsing ${goQuote(text)}: invalid syntax`);
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new Error(`strconv.ParseFloat: parsing ${goQuote(text)}: value out of range`);
}
