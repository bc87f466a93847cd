import { failed, success, type Result } from '#shared/result.ts';

/** LogQL's text literals, which are those of Go: `"…"` with escapes, and text in backticks as it stands. */

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};
/** A run of bytes, which may be the UTF-8 of one character; a code point; one character. Else it is wrong. */
const escapes =
  /((?:\\x[0-9a-fA-F]{2}|\\[0-3][0-7]{2})+)|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\([abfnrtv\\"])|(\\)/gu;
const byte = /\\x([0-9a-fA-F]{2})|\\([0-3][0-7]{2})/gu;
const decoder = new TextDecoder();

/** @param literal as written, quotes included. @returns its text, or what is wrong with it. */
export function unquoted(literal: string): Result<string, string> {
  const quote = literal[0];
  const inner = literal.slice(1, -1);
  if (literal.length < 2 || literal.at(-1) !== quote) return failed('the text has no end');
  // Go drops carriage returns of text in backticks.
  if (quote === '`') return success(inner.replaceAll('\r', ''));
  if (quote !== '"') return failed('text is written "…" or in backticks');
  if (inner.includes('\n')) return failed('a line break in "…" is written \\n');
  let isWrong = false;
  const text = inner.replace(
    escapes,
    (_whole, bytes: string | undefined, short, long, simple, bad: string | undefined) => {
      if (bytes !== undefined) return textOfBytes(bytes);
      if (bad !== undefined) isWrong = true;
      const code = Number.parseInt(String(short ?? long ?? ''), 16);
      if (Number.isNaN(code)) return simpleEscapes[String(simple)] ?? '';
      if (code <= 0x10_ff_ff && (code < 0xd800 || code > 0xdfff)) return String.fromCodePoint(code);
      isWrong = true;
      return '';
    },
  );
  return isWrong ? failed('the text has an escape that LogQL does not know') : success(text);
}

/** @returns the text as a literal that means it, always in `"…"`. */
export function quoted(text: string): string {
  const inner = text.replace(/["\\\p{Cc}\u2028\u2029]/gu, (one) => {
    if (one === '"' || one === '\\') return `\\${one}`;
    if (one === '\n') return '\\n';
    if (one === '\t') return '\\t';
    if (one === '\r') return '\\r';
    return `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
  return `"${inner}"`;
}

function textOfBytes(written: string): string {
  const bytes = [...written.matchAll(byte)].map(([, hex, octal]) =>
    hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16),
  );
  return decoder.decode(Uint8Array.from(bytes));
}
