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
  return parseError(query, start, `unexpected ${tokenAt(rest)}`);
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
  const bare = query.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#.*/g, '');
  const depth = (open: string, close: string): number => bare.split(open).length - bare.split(close).length;
  if (depth('{', '}') > 0) return 'unexpected end of input inside braces';
  if (depth('(', ')') > 0) return 'unclosed left parenthesis';
  if (depth('[', ']') > 0) return 'unexpected end of input in duration expression';
  return 'unexpected end of input';
}

const tokens: readonly (readonly [pattern: RegExp, say: (text: string) => string])[] = [
  [/^(?:by|without|on|ignoring|group_left|group_right|bool|offset)\b/i, (text) => `<${text.toLowerCase()}>`],
  [/^(?:and|or|unless|atan2)\b/i, (text) => `<op:${text.toLowerCase()}>`],
  [/^[a-zA-Z_:][\w:]*/, (text) => `identifier ${JSON.stringify(text)}`],
  [/^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)/, (text) => `string ${JSON.stringify(text)}`],
  [/^(?:==|!=|>=|<=|=~|!~|[-+*/%^<>])/, (text) => `<op:${text}>`],
  [/^=/, () => '"="'],
  [/^[\d.][\w.]*/, (text) => `number ${JSON.stringify(text)}`],
  [/^[()[\]{},]/, (text) => JSON.stringify(text)],
];

function tokenAt(text: string): string {
  for (const [pattern, say] of tokens) {
    const match = pattern.exec(text);
    if (match !== null) return say(match[0]);
  }
  return `character: ${JSON.stringify(String.fromCodePoint(text.codePointAt(0) ?? 0))}`;
}
