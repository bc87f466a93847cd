import { goEscapeLetters, unescapedGo } from '#shared/go-strings.ts';
import { failed, success, type Result } from '#shared/result.ts';

/**
 * PromQL's strings, which are Go's: read, and written as `%q` writes them. They are bytes; a byte that is no
 * UTF-8 (`"\xff"`) is kept as the lone surrogate U+DC00 + byte, so that `isWellFormed` tells such a text and
 * writing gives the byte back.
 */

const loneByte = 0xdc00;

/** @param quoted with its quotes, which the lexer has found to match. @returns its text, or what is wrong. */
export function unquoted(quoted: string): Result<string, string> {
  const body = quoted.slice(1, -1);
  if (quoted.startsWith('`') || !body.includes('\\')) return success(body);
  const text = unescapedGo(body, { apostrophe: quoted.startsWith("'"), utf8: 'surrogates' });
  if (!text.ok) return failed(`error unquoting string ${goQuoted(quoted)}: invalid syntax`);
  return text;
}

const plain = /^[ !#-[\]-~]*$/;
/** Letters, marks, numbers, punctuation and symbols: what Go takes for printable beside the space. */
const printable = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u;

/** Source: Go's strconv.Quote. */
export function goQuoted(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  return `"${Array.from(text, (character) => escaped(character)).join('')}"`;
}

function escaped(character: string): string {
  const letter = goEscapeLetters.get(character);
  if (letter !== undefined) return `\\${letter}`;
  const code = character.codePointAt(0) ?? 0;
  if (code >= loneByte + 0x80 && code <= loneByte + 0xff) return `\\x${(code - loneByte).toString(16)}`;
  if (code === 0x20 || printable.test(character)) return character;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}

/** A character as Go's `%q` writes it. @param character one code point, or undefined past the end. */
export function goQuotedCharacter(character: string | undefined): string {
  if (character === undefined) return `'\uFFFD'`;
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  return `'${escaped(character)}'`;
}

/** A character as Go's `%#U` writes it. */
export function goNamedCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return code === 0x20 || printable.test(character) ? `${name} '${character}'` : name;
}
