import type { Tree } from '@lezer/common';
import { parseError, type QueryError } from './query-error.ts';

/**
 * Says what is wrong with a query that the grammar refuses, in the words of Prometheus' own parser as far
 * as the place of the fault tells them.
 * @returns the error of the first fault, or undefined where the grammar found none.
 */
export function syntaxError(query: string, tree: Tree): QueryError | undefined {
  if (query.replaceAll(/#.*/g, '').trim() === '') {
    return parseError(query, query.length, 'no expression found in input');
  }
  const offset = firstFault(tree);
  if (offset === undefined) return undefined;
  const start = offset + (/^\s*/.exec(query.slice(offset))?.[0].length ?? 0);
  const rest = query.slice(start);
  if (rest === '') return parseError(query, query.length, unexpectedEnd(query));
  // The grammar reads a call of an unknown function as a selector with something after it.
  const call = /([a-zA-Z_:][\w:]*)\s*$/.exec(query.slice(0, start));
  if (rest.startsWith('(') && call !== null) {
    return parseError(query, call.index, `unknown function with name ${JSON.stringify(call[1])}`);
  }
  const number = brokenNumber(query, start);
  if (number !== undefined) {
    return parseError(query, number.offset, `bad number or duration syntax: ${JSON.stringify(number.text)}`);
  }
  return unexpectedAt(query, start);
}

/** The error of a token that must not stand where it stands. */
export function unexpectedAt(query: string, offset: number): QueryError {
  const rest = query.slice(offset);
  const before = withoutStrings(query.slice(0, offset));
  if (rest.startsWith(')') && depth(before, '(', ')') <= 0) {
    return parseError(query, offset + 1, "unexpected right parenthesis ')'");
  }
  if (rest.startsWith(']') && depth(before, '[', ']') <= 0) {
    return parseError(query, offset, "unexpected right bracket ']'");
  }
  const braced = depth(before, '{', '}') > 0;
  const known = rest.startsWith('}') && !braced ? undefined : tokenAt(rest);
  if (known !== undefined)
    return parseError(query, offset, `unexpected ${known}${braced ? inBraces(before) : ''}`);
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  return parseError(query, offset, `unexpected character${braced ? ' inside braces' : ''}: '${character}'`);
}

/** What should have stood there between braces, by what stands before. */
function inBraces(before: string): string {
  const last = before.trimEnd();
  const expected = /[=~]$/.test(last)
    ? 'string'
    : /[{,]$/.test(last)
      ? 'identifier or "}"'
      : /\w$/.test(last)
        ? 'label matching operator'
        : '"," or "}"';
  return ` in label matching, expected ${expected}`;
}

/** A number with letters run into it, which the grammar cuts in two. */
function brokenNumber(query: string, offset: number): { offset: number; text: string } | undefined {
  const head = /(?<![\w:.])\d[\w.]*$/.exec(query.slice(0, offset));
  const tail = /^[\w.]+/.exec(query.slice(offset));
  return head === null || tail === null ? undefined : { offset: head.index, text: head[0] + tail[0] };
}

function firstFault(tree: Tree): number | undefined {
  let offset: number | undefined;
  tree.iterate({
    enter(node) {
      if (node.type.isError) offset = Math.min(offset ?? node.from, node.from);
    },
  });
  return offset;
}

function unexpectedEnd(query: string): string {
  const bare = withoutStrings(query);
  if (depth(bare, '{', '}') > 0) return 'unexpected end of input inside braces';
  if (/\[\s*$/.test(bare)) return 'unexpected end of input in duration expression';
  if (depth(bare, '[', ']') > 0) return 'unclosed left bracket';
  if (depth(bare, '(', ')') > 0) return 'unclosed left parenthesis';
  if (/\boffset\s*$/i.test(bare)) return 'unexpected end of input in offset, expected number or duration';
  if (/\b(?:by|without)\s*$/i.test(bare)) return 'unexpected end of input in grouping opts, expected "("';
  return 'unexpected end of input';
}

/** Strings become a pair of quotes and comments nothing, so that only the query's own signs are left. */
function withoutStrings(query: string): string {
  return query.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#.*/g, (text) =>
    text.startsWith('#') ? '' : '""',
  );
}

function depth(text: string, open: string, close: string): number {
  return text.split(open).length - text.split(close).length;
}

const tokens: readonly (readonly [pattern: RegExp, say: (text: string) => string])[] = [
  [/^(?:by|without|on|ignoring|group_left|group_right|bool|offset)\b/i, (text) => `<${text.toLowerCase()}>`],
  [/^(?:and|or|unless|atan2)\b/i, (text) => `<op:${text.toLowerCase()}>`],
  [/^[a-zA-Z_:][\w:]*/, (text) => `identifier ${JSON.stringify(text)}`],
  [/^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)/, (text) => `string ${JSON.stringify(text)}`],
  [/^(?:==|!=|>=|<=|=~|!~|[-+*/%^<>])/, (text) => `<op:${text}>`],
  [/^=/, () => '"="'],
  [/^\.?\d[\w.]*/, (text) => `number ${JSON.stringify(text)}`],
  [/^[()[\]{},]/, (text) => JSON.stringify(text)],
];

function tokenAt(text: string): string | undefined {
  for (const [pattern, say] of tokens) {
    const match = pattern.exec(text);
    if (match !== null) return say(match[0]);
  }
  return undefined;
}
