import { TemplateFailure } from './syntax.ts';

/** Go's quoted strings, read and written. Source: Go's strconv.Unquote and strconv.Quote. */

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
const escapePattern = /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|[^])/g;

/** @param quoted with its quotes, double or back quotes. */
export function unquote(quoted: string, offset: number): string {
  if (quoted.startsWith('`')) return quoted.slice(1, -1).replaceAll('\r', '');
  const body = quoted.slice(1, -1);
  return body.replaceAll(escapePattern, (escape, what: string) => {
    const simple = Object.hasOwn(simpleEscapes, what) ? simpleEscapes[what] : undefined;
    if (simple !== undefined) return simple;
    const code = /^[xuU]./.test(what) ? Number.parseInt(what.slice(1), 16) : Number.parseInt(what, 8);
    // Single bytes above 127 would make text that is not UTF-8; nobody means that in an annotation.
    const isByte = !/^[uU]/.test(what);
    if (Number.isNaN(code) || code > (isByte ? 127 : 0x10ffff) || (code >= 0xd800 && code <= 0xdfff))
      throw new TemplateFailure(`the escape ${escape} cannot be read`, offset);
    return String.fromCodePoint(code);
  });
}

const named = new Map(
  Object.entries(simpleEscapes)
    .filter(([letter]) => letter !== "'")
    .map(([letter, character]) => [character, `\\${letter}`]),
);

/** As `%q` prints a text. */
export function goQuote(text: string): string {
  const body = Array.from(text, (character) => {
    const escape = named.get(character);
    if (escape !== undefined) return escape;
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x20 || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character)) return character;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    if (code >= 0xd800 && code <= 0xdfff) return '\uFFFD';
    if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
    return `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${body.join('')}"`;
}
