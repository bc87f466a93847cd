import { characterAt } from './characters.ts';
import { ParseError } from './parse-problem.ts';
import { goNamedCharacter } from './strings.ts';

/** Where a string ends, and what Prometheus' lexer finds wrong in one. Source: Go's scanner, for escapes. */

/** @param start at the opening quote. @returns behind the closing one. @throws ParseError */
export function scanString(text: string, start: number): number {
  const quote = text[start] ?? '';
  const refuse = (message: string): never => {
    throw new ParseError(message, start, text.length);
  };
  for (let at = start + 1; ;) {
    const code = text.charCodeAt(at);
    if (code === quote.charCodeAt(0)) return at + 1;
    if (quote !== '`') {
      if (Number.isNaN(code) || code === 0x0a) refuse('unterminated quoted string');
      if (code === 0x5c) {
        at = scanEscape(text, at + 1, quote, refuse);
        continue;
      }
    } else if (Number.isNaN(code)) refuse('unterminated raw string');
    if (code < 0xd800) at++;
    else {
      const character = characterAt(text, at) ?? '';
      if (character === '\uFFFD' || !character.isWellFormed()) refuse('invalid UTF-8 rune');
      at += character.length;
    }
  }
}

/** How many digits stand behind the letter, in which base, and the largest code they may mean. */
const numbered: Readonly<Record<string, readonly [digits: number, base: number, largest: number]>> = {
  x: [2, 16, 255],
  u: [4, 16, 0x10_ff_ff],
  U: [8, 16, 0x10_ff_ff],
};

function scanEscape(text: string, start: number, quote: string, refuse: (message: string) => never): number {
  const letter = characterAt(text, start);
  if (letter === undefined) return refuse('escape sequence not terminated');
  if (letter === quote || /[abfnrtv\\]/.test(letter)) return start + 1;
  const [count, base, largest] = numbered[letter] ?? [3, 8, 255];
  const isOctal = /[0-7]/.test(letter);
  if (!isOctal && !Object.hasOwn(numbered, letter))
    return refuse(`unknown escape sequence ${goNamedCharacter(letter)}`);
  const first = isOctal ? start : start + 1;
  let value = 0;
  for (let at = first; at < first + count; at++) {
    const character = characterAt(text, at);
    if (character === undefined) return refuse('escape sequence not terminated');
    const digit = Number.parseInt(character, base);
    if (Number.isNaN(digit))
      return refuse(`illegal character ${goNamedCharacter(character)} in escape sequence`);
    value = value * base + digit;
  }
  if (value > largest || (value >= 0xd800 && value < 0xe000))
    return refuse('escape sequence is an invalid Unicode code point');
  return first + count;
}
