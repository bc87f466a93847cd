import { excerpt } from './excerpt.ts';
import { failed, success, type Result } from '#shared/result.ts';

/**
 * A series as a text format writes it: `name{label="value"}`, or with the name in quotes within the braces
 * where it is more than letters, digits, `_` and `:`. Escapes are `\\`, `\"` and `\n`, no others.
 */
const metricName = /[a-zA-Z_:][\w:]*/y;
const labelName = /[a-zA-Z_]\w*/y;
const quoted = /"((?:[^"\\]|\\[^])*)"/y;
const blanks = /[ \t]*/y;
const nameLabel = '__name__';

/** @returns labels with the metric's name as `__name__`. */
export function readSeriesText(text: string): Result<ReadonlyMap<string, string>, string> {
  const labels = new Map<string, string>();
  const name = matchAt(metricName, text, 0)?.[0] ?? '';
  if (name !== '') labels.set(nameLabel, name);
  let at = afterBlanks(text, name.length);
  if (at === text.length && name !== '') return success(labels);
  if (text[at] !== '{') return failed(`"${excerpt(text)}" is no metric`);
  at = afterBlanks(text, at + 1);
  while (text[at] !== '}') {
    const item = readItem(text, at);
    if (item === null) return failed(`the labels of ${excerpt(text)} cannot be read`);
    if (labels.has(item.name)) return failed(`the label ${excerpt(item.name)} is given twice`);
    labels.set(item.name, item.value);
    at = afterBlanks(text, item.end);
    if (text[at] === ',') at = afterBlanks(text, at + 1);
    else if (text[at] !== '}') return failed(`the labels of ${excerpt(text)} cannot be read`);
  }
  if (!labels.has(nameLabel)) return failed(`"${excerpt(text)}" has no name`);
  return at === text.length - 1 ? success(labels) : failed(`"${excerpt(text)}" is no series`);
}

function readItem(text: string, start: number): { name: string; value: string; end: number } | null {
  const bare = matchAt(labelName, text, start)?.[0];
  const inQuotes = bare === undefined ? matchAt(quoted, text, start) : null;
  if (bare === undefined && inQuotes === null) return null;
  const name = bare ?? unescaped(inQuotes?.[1] ?? '');
  const end = start + (bare ?? inQuotes?.[0] ?? '').length;
  const equals = afterBlanks(text, end);
  if (text[equals] !== '=') return bare === undefined ? { name: nameLabel, value: name, end } : null;
  const valueStart = afterBlanks(text, equals + 1);
  const value = matchAt(quoted, text, valueStart);
  return value === null
    ? null
    : { name, value: unescaped(value[1] ?? ''), end: valueStart + value[0].length };
}

function unescaped(body: string): string {
  if (!body.includes('\\')) return body;
  return body.replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

function afterBlanks(text: string, start: number): number {
  return start + (matchAt(blanks, text, start)?.[0].length ?? 0);
}

function matchAt(pattern: RegExp, text: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start;
  return pattern.exec(text);
}
