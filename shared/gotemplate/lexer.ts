import { goQuote, unquote } from './quoting.ts';
import { TemplateFailure } from './syntax.ts';

/**
 * Cuts a template into text and the tokens of its actions, trim markers and comments applied.
 * Source of the rules: https://pkg.go.dev/text/template and text/template/parse/lex.go.
 */

export type Token =
  | { readonly kind: 'text'; readonly offset: number; readonly text: string }
  | { readonly kind: 'open' | 'close' | 'end'; readonly offset: number }
  | ActionToken;

export interface ActionToken {
  readonly kind: 'name' | 'field' | 'variable' | 'dot' | 'literal' | 'mark';
  readonly offset: number;
  /** As written; a field without its dot. */
  readonly text: string;
  readonly value: string | number | bigint | boolean | null;
  /** Whether white space stands before it: `$a .b` are two operands, `$a.b` is one. */
  readonly spaced: boolean;
}

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimStart = false;
  for (;;) {
    const open = text.indexOf('{{', at);
    const trimsBefore = open !== -1 && /^\{\{-[ \t\r\n]/.test(text.slice(open, open + 4));
    let literal = text.slice(at, open === -1 ? text.length : open);
    if (trimStart) literal = literal.replace(/^[ \t\r\n]+/, '');
    if (trimsBefore) literal = trimEnd(literal);
    if (literal !== '') tokens.push({ kind: 'text', offset: at, text: literal });
    if (open === -1) break;
    const inside = open + (trimsBefore ? 3 : 2);
    const comment = commentAt(text, inside);
    const action = comment ?? actionAt(text, open, inside, tokens);
    ({ end: at, trims: trimStart } = action);
  }
  tokens.push({ kind: 'end', offset: text.length });
  return tokens;
}

interface ActionEnd {
  readonly end: number;
  /** Whether white space after the action goes. */
  readonly trims: boolean;
}

/** Not a pattern: one with `+$` takes quadratic time on a long run of spaces. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function commentAt(text: string, inside: number): ActionEnd | undefined {
  const start = skipSpace(text, inside);
  const isTrimmed = text[inside - 1] === '-';
  if (!text.startsWith('/*', isTrimmed ? start : inside)) return undefined;
  const end = text.indexOf('*/', start);
  if (end === -1) throw new TemplateFailure('unclosed comment', inside);
  const rest = /^(?:[ \t\r\n]-)?\}\}/.exec(text.slice(end + 2, end + 6))?.[0];
  if (rest === undefined) throw new TemplateFailure('comment ends before closing delimiter', inside);
  return { end: end + 2 + rest.length, trims: rest.length > 2 };
}

function actionAt(text: string, open: number, inside: number, tokens: Token[]): ActionEnd {
  tokens.push({ kind: 'open', offset: open });
  let at = inside;
  for (;;) {
    const start = skipSpace(text, at);
    const spaced = start > at;
    if (spaced && text.startsWith('-}}', start)) return closed(start, 3);
    if (text.startsWith('}}', start)) return closed(start, 2);
    if (start >= text.length) throw new TemplateFailure('unclosed action', open);
    const token = tokenAt(text, start, spaced);
    tokens.push(token.token);
    at = token.end;
  }

  function closed(offset: number, length: number): ActionEnd {
    tokens.push({ kind: 'close', offset });
    return { end: offset + length, trims: length === 3 };
  }
}

const namePattern = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const variablePattern = /\$(?:[\p{L}_\p{Nd}]*)/uy;
const fieldPattern = /\.[\p{L}_][\p{L}\p{Nd}_]*/uy;
const numberPattern =
  /[+-]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
const quotedPattern = /"(?:[^"\\\n]|\\[^\n])*"/y;
const rawPattern = /`[^`]*`/y;
const characterPattern = /'(?:[^'\\\n]|\\[^\n])+'/y;
const markPattern = /:=|[|(),=]/y;
const words = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['nil', null],
]);

interface Found {
  readonly token: ActionToken;
  readonly end: number;
}

function tokenAt(text: string, offset: number, spaced: boolean): Found {
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset;
    return pattern.exec(text)?.[0];
  };
  const found = (kind: ActionToken['kind'], written: string, value: ActionToken['value'] = null): Found => ({
    token: { kind, offset, spaced, text: kind === 'field' ? written.slice(1) : written, value },
    end: offset + written.length,
  });

  const name = take(namePattern);
  if (name !== undefined) return found(words.has(name) ? 'literal' : 'name', name, words.get(name) ?? null);
  const variable = take(variablePattern);
  if (variable !== undefined) return found('variable', variable);
  const field = take(fieldPattern);
  if (field !== undefined) return found('field', field);
  const quoted = take(quotedPattern) ?? take(rawPattern);
  if (quoted !== undefined) return found('literal', quoted, unquote(quoted, offset));
  const number = take(numberPattern);
  if (number !== undefined) return found('literal', number, numberOf(text, number, offset));
  const character = take(characterPattern);
  if (character !== undefined) return found('literal', character, characterOf(character, offset));
  const mark = take(markPattern);
  if (mark !== undefined) return found('mark', mark);
  if (text[offset] === '.') return found('dot', '.');
  if (`"\`'`.includes(text.charAt(offset))) throw new TemplateFailure('unterminated quoted string', offset);
  const stranger = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  throw new TemplateFailure(`unexpected ${goQuote(stranger)} in command`, offset);
}

/** An integer unless it is written as a fraction or with an exponent, as Go's untyped constants are. */
function numberOf(text: string, written: string, offset: number): number | bigint {
  const after = text.charAt(offset + written.length);
  const bad = (): TemplateFailure =>
    new TemplateFailure(`bad number syntax: ${goQuote(written + after.trim())}`, offset);
  if (/[\p{L}\p{Nd}_]/u.test(after)) throw bad();
  const plain = written.replaceAll('_', '');
  const isHexadecimal = /^[+-]?0[xX]/.test(plain);
  if (!isHexadecimal && /[.eE]/.test(plain)) return Number(plain);
  const sign = plain.startsWith('-') ? -1n : 1n;
  const digits = plain.replace(/^[+-]/, '').replace(/^0(?=[0-7]+$)/, '0o');
  try {
    return sign * BigInt(digits);
  } catch {
    throw bad();
  }
}

function characterOf(written: string, offset: number): bigint {
  const characters = Array.from(unquote(`"${written.slice(1, -1).replaceAll('"', '\\"')}"`, offset));
  if (characters.length !== 1) throw new TemplateFailure(`malformed character constant: ${written}`, offset);
  return BigInt(characters[0]?.codePointAt(0) ?? 0);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++;
  return at;
}
