import { failed, success, type Result } from '#shared/result.ts';
import { isDigit, isLetterOrDigit } from './characters.ts';
import { goQuoted } from './strings.ts';

/** Durations as Prometheus writes them: `1h30m`. Source: common/model, ParseDuration and Duration.String. */

interface Unit {
  readonly name: string;
  readonly ms: number;
  /** A year and a week are written only for a whole number of them. */
  readonly isExact: boolean;
}

const units: readonly Unit[] = [
  { name: 'y', ms: 365 * 86_400_000, isExact: true },
  { name: 'w', ms: 7 * 86_400_000, isExact: true },
  { name: 'd', ms: 86_400_000, isExact: false },
  { name: 'h', ms: 3_600_000, isExact: false },
  { name: 'm', ms: 60_000, isExact: false },
  { name: 's', ms: 1_000, isExact: false },
  { name: 'ms', ms: 1, isExact: false },
];
const unitIndexes: ReadonlyMap<string, number> = new Map(units.map((unit, index) => [unit.name, index]));

/** What a Go duration can hold: 64 bits of nanoseconds. */
const largestMs = 2 ** 63 / 1_000_000;

const part = /([0-9]+)([^0-9]+)/y;

/** @returns milliseconds, or what is wrong in Prometheus' words. */
export function readDuration(text: string): Result<number, string> {
  if (text === '0') return success(0);
  if (text === '') return failed('empty duration string');
  let ms = 0;
  let lastUnit = -1;
  for (let at = 0; at < text.length;) {
    part.lastIndex = at;
    const [whole = '', amount = '', name = ''] = part.exec(text) ?? [];
    if (whole === '') return failed(`not a valid duration string: ${goQuoted(text)}`);
    const index = unitIndexes.get(name);
    const unit = index === undefined ? undefined : units[index];
    if (index === undefined || unit === undefined)
      return failed(`unknown unit ${goQuoted(name)} in duration ${goQuoted(text)}`);
    // Each unit once, the larger before the smaller.
    if (index <= lastUnit) return failed(`not a valid duration string: ${goQuoted(text)}`);
    lastUnit = index;
    ms += Number(amount) * unit.ms;
    if (ms > largestMs) return failed('duration out of range');
    at += whole.length;
  }
  return success(ms);
}

/** @param ms not negative; what is less than a millisecond is not written. */
export function writtenDuration(ms: number): string {
  let rest = Math.trunc(ms);
  if (rest === 0) return '0s';
  let text = '';
  for (const unit of units) {
    if (unit.isExact && rest % unit.ms !== 0) continue;
    const count = Math.floor(rest / unit.ms);
    if (count === 0) continue;
    text += `${count}${unit.name}`;
    rest -= count * unit.ms;
  }
  return text;
}

/** What follows the digits of a duration. @returns where it ends, or where the lexer gave up on it. */
export function scanDuration(
  text: string,
  start: number,
): { readonly end: number; readonly isDuration: boolean } {
  let at = start;
  if (!/[smhdwy]/.test(text[at] ?? '')) return { end: at, isDuration: false };
  at++;
  if (text[at] === 's') at++;
  while (isDigit(text.charCodeAt(at))) {
    while (isDigit(text.charCodeAt(at))) at++;
    // A year can only come first.
    if (!/[smhdw]/.test(text[at] ?? '')) return { end: at, isDuration: false };
    at++;
    if (text[at] === 's') at++;
  }
  const isDuration = !isLetterOrDigit(text.charCodeAt(at));
  // Prometheus has read the next character by then, and names it.
  return { end: isDuration ? at : at + 1, isDuration };
}
