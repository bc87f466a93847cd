import { goEscapeLetters, unescapedGo } from '#shared/go-strings.ts';
import { TemplateFailure } from './syntax.ts';

/** Go's quoted strings, read and written. Source: Go's strconv.Unquote and strconv.Quote. */

/** @param quoted with its quotes, double or back quotes. */
export function unquote(quoted: string, offset: number): string {
  if (quoted.startsWith('`')) return quoted.slice(1, -1).replaceAll('\r', '');
  // Single bytes above 127 would make text that is not UTF-8; nobody means that in an annotation.
  const text = unescapedGo(quoted.slice(1, -1), { apostrophe: true, utf8: false });
  if (!text.ok) throw new TemplateFailure(`the escape ${text.failure} cannot be read`, offset);
  return text.value;
}

/** As `%q` prints a text. */
export function goQuote(text: string): string {
  const body = Array.from(text, (character) => {
    const letter = goEscapeLetters.get(character);
    if (letter !== undefined) return `\\${letter}`;
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x20 || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character)) return character;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    if (code >= 0xd800 && code <= 0xdfff) return '\uFFFD';
    if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
    return `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${body.join('')}"`;
}
