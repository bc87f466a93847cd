import { LogqlError } from './syntax.ts';

/** Cuts LogQL into tokens and words its syntax errors as Loki does. */
export interface Token {
  /** `IDENTIFIER`, `STRING`, `NUMBER`, `DURATION`, `BYTES`, `$end`, or the sign or keyword itself. */
  readonly kind: string;
  /** The text; of a string what it stands for. */
  readonly text: string;
  /** Offset in the query. */
  readonly at: number;
}

const spaces = /(?:\s+|#[^\n]*)+/y;
const signs = /\|=|\|~|!~|!=|=~|==|>=|<=|\|>|!>|[{}()[\],=|<>+\-*/%^]/y;
const bytes = /\d+(?:\.\d+)?(?:[kKMGTP]i?)?B\b/y;
const duration = /(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w|y))+/y;
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const word = /[A-Za-z_][\w.:]*/y;
const quoted = /"(?:[^"\\\n]|\\.)*"/y;
const raw = /`[^`]*`/y;
/** These are tokens of their own in Loki's grammar, named by themselves in its errors. */
const keywords = new Set(['by', 'without', 'and', 'or', 'unless', 'bool', 'offset', 'on', 'ignoring']);

export function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(query)?.[0];
  };
  while (at < query.length) {
    const space = take(spaces);
    if (space !== undefined) at += space.length;
    if (at >= query.length) break;
    const token = tokenAt(query, at, take);
    tokens.push(token.token);
    at += token.length;
  }
  return [...tokens, { kind: '$end', text: '', at: query.length }];
}

function tokenAt(
  query: string,
  at: number,
  take: (pattern: RegExp) => string | undefined,
): { readonly token: Token; readonly length: number } {
  const text = take(quoted);
  if (text !== undefined) return { token: { kind: 'STRING', text: unquoted(text), at }, length: text.length };
  const literal = take(raw);
  if (literal !== undefined)
    return { token: { kind: 'STRING', text: literal.slice(1, -1), at }, length: literal.length };
  for (const [kind, pattern] of [
    ['BYTES', bytes],
    ['DURATION', duration],
    ['NUMBER', number],
    ['IDENTIFIER', word],
    ['', signs],
  ] as const) {
    const found = take(pattern);
    if (found === undefined) continue;
    const named = kind === '' || keywords.has(found) ? found : kind;
    return { token: { kind: named, text: found, at }, length: found.length };
  }
  const sign = query[at] ?? '';
  throw syntaxError(
    query,
    at,
    sign === '"' || sign === '`' ? 'literal not terminated' : `unexpected char '${sign}'`,
  );
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    // Go's escapes beyond JSON's (`\.` is none of either): the sign behind the backslash stands for itself.
    return text.slice(1, -1).replaceAll(/\\(.)/g, '$1');
  }
}

/** @param expecting names of tokens, in Loki's order; empty where the grammar has too many. */
export function unexpected(query: string, token: Token, expecting: readonly string[]): LogqlError {
  const wanted = expecting.length === 0 ? '' : `, expecting ${expecting.join(' or ')}`;
  const message = `syntax error: unexpected ${token.kind}${wanted}`;
  if (query.trim() === '') return new LogqlError(`parse error : ${message}`);
  return syntaxError(query, token.at, message);
}

function syntaxError(query: string, at: number, message: string): LogqlError {
  const before = query.slice(0, at).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return new LogqlError(`parse error at line ${before.length}, col ${column}: ${message}`);
}
