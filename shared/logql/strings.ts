import { unescapedGo } from '#shared/go-strings.ts';
import { failed, success, type Result } from '#shared/result.ts';

/** LogQL's text literals, which are those of Go: `"…"` with escapes, and text in backticks as it stands. */

/** @param literal as written, quotes included. @returns its text, or what is wrong with it. */
export function unquoted(literal: string): Result<string, string> {
  const quote = literal[0];
  const inner = literal.slice(1, -1);
  if (literal.length < 2 || literal.at(-1) !== quote) return failed('the text has no end');
  // Go drops carriage returns of text in backticks.
  if (quote === '`') return success(inner.replaceAll('\r', ''));
  if (quote !== '"') return failed('text is written "…" or in backticks');
  if (inner.includes('\n')) return failed('a line break in "…" is written \\n');
  const text = unescapedGo(inner, { apostrophe: false, utf8: true });
  return text.ok ? text : failed('the text has an escape that LogQL does not know');
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
