import { failed, success, type Result } from '#shared/result.ts';
import { isLetterOrDigit } from './characters.ts';
import { goQuoted } from './strings.ts';

const decimal = /^(?:0|[1-9](?:_?[0-9])*)$/;
const octal = /^0(?:_?[0-7])+$/;
const hexadecimal = /^0[xX](?:_?[0-9a-fA-F])+$/;
const special = /^[+-]?(?:inf(?:inity)?|nan)$/i;
const float =
  /^(?:[0-9](?:_?[0-9])*\.?(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?$/;
const largestWhole = 0x7fff_ffff_ffff_ffffn;

/**
 * A number as Go reads it: as a whole number whose prefix tells the base (`010` is 8), else as a float. Source:
 * strconv.ParseInt with base 0, strconv.ParseFloat.
 * @returns the number, or what is wrong in Go's words.
 */
export function readNumber(text: string): Result<number, string> {
  if (decimal.test(text)) return success(Number(text.includes('_') ? text.replaceAll('_', '') : text));
  if (octal.test(text) || hexadecimal.test(text)) {
    const digits = text.replaceAll('_', '');
    const whole = BigInt(hexadecimal.test(text) ? digits : `0o${digits.slice(1)}`);
    if (whole <= largestWhole) return success(Number(whole));
  }
  if (special.test(text)) return success(/nan/i.test(text) ? Number.NaN : Number.POSITIVE_INFINITY);
  if (!float.test(text)) return failed(refusal(text, 'invalid syntax'));
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? success(value) : failed(refusal(text, 'value out of range'));
}

function refusal(text: string, why: string): string {
  return `error parsing number: strconv.ParseFloat: parsing ${goQuoted(text)}: ${why}`;
}

/** As Go's math.Round: halves go away from zero. */
export function roundedAwayFromZero(value: number): number {
  return value < 0 ? -Math.round(-value) : Math.round(value);
}

/** Where the reading of a number stopped, and whether what was read has the shape of one. */
export interface ScannedNumber {
  readonly end: number;
  readonly isNumber: boolean;
}

const decimalDigit = /[0-9]/;
const hexadecimalDigit = /[0-9a-fA-F]/;

/**
 * Scans as far as Prometheus' lexer does, so that its complaint names the same text. It is not strict: a
 * number that Go then refuses is told by `readNumber`. Where it is none, a duration may still go on from `end`.
 */
export function scanNumber(text: string, start: number): ScannedNumber {
  const isHexadecimal = text[start] === '0' && /[xX]/.test(text[start + 1] ?? '');
  const digit = isHexadecimal ? hexadecimalDigit : decimalDigit;
  let at = isHexadecimal ? start + 2 : text[start] === '0' ? start + 1 : start;
  if (isHexadecimal && text[at] === '_') at++;
  if (text[at] === '.') at++;
  if (digit.test(text[at] ?? '')) at++;
  let hasPoint = false;
  let hasExponent = false;
  for (;;) {
    const character = text[at] ?? '';
    if (character === '.') {
      at++;
      if (hasPoint) return { end: at, isNumber: false };
      hasPoint = true;
      if (/[_.]/.test(text[at] ?? '')) return { end: at + 1, isNumber: false };
      if (isHexadecimal) return { end: at, isNumber: false };
    } else if (character === 'e' || character === 'E' || character === '_') {
      at++;
      if (character !== '_') {
        if (hasExponent) return { end: at, isNumber: false };
        hasExponent = true;
        if (/[+-]/.test(text[at] ?? '')) at++;
      }
      if (/[._eE]/.test(text[at] ?? '')) return { end: at + 1, isNumber: false };
      if (at >= text.length) return { end: at, isNumber: false };
    } else if (digit.test(character)) {
      do at++;
      while (digit.test(text[at] ?? ''));
    } else break;
  }
  return { end: at, isNumber: at > start && !isLetterOrDigit(text.charCodeAt(at)) };
}
