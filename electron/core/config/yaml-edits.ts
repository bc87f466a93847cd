import { Document, isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml';

/**
 * Edits of a YAML text that leave every other byte of it as it was: comments, order, indentation, quotes
 * and line ends. Each function gives the replacements that make its change; nothing here knows what the
 * keys mean. Written by hand because printing a parsed document moves comments and reformats the rest.
 */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Keys with texts, or with maps of texts: all that a source consists of. */
export type FileValues = ReadonlyMap<string, string | ReadonlyMap<string, string>>;

/** The text with edits applied that do not overlap; insertions at one place stand in the order given. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toReversed()
    .toSorted((left, right) => right.start - left.start)
    .reduce((edited, edit) => edited.slice(0, edit.start) + edit.text + edited.slice(edit.end), text);
}

/** Sets and adds what differs between `current` and `wanted`, in a map that says `current`. */
export function setValues(text: string, map: YAMLMap, current: FileValues, wanted: FileValues): TextEdit[] {
  const edits: TextEdit[] = [];
  const added = new Map<string, string | ReadonlyMap<string, string>>();
  for (const [key, value] of wanted) {
    const pair = pairOf(map, key);
    const before = current.get(key);
    if (pair === undefined) added.set(key, value);
    else if (sameValue(before, value)) continue;
    else if (typeof value !== 'string' && isMap(pair.value) && pair.value.items.length > 0) {
      edits.push(...setValues(text, pair.value, typeof before === 'object' ? before : new Map(), value));
    } else edits.push(replaceValue(text, pair, value));
  }
  return added.size === 0 ? edits : [...edits, addPairs(text, map, added)];
}

/** Removes the keys that `current` has and `wanted` has not. */
export function removeValues(
  text: string,
  map: YAMLMap,
  current: FileValues,
  wanted: FileValues,
): TextEdit[] {
  return [...current].flatMap(([key, before]) => {
    const pair = pairOf(map, key);
    const after = wanted.get(key);
    if (pair === undefined) return [];
    if (after === undefined) return [removeItem(text, map, map.items.indexOf(pair))];
    const nested = typeof before === 'object' && typeof after === 'object' && isMap(pair.value);
    return nested && isMap(pair.value) ? removeValues(text, pair.value, before, after) : [];
  });
}

/** Adds an item to a list of maps, written like the list is. */
export function addItem(text: string, list: YAMLSeq, values: FileValues): TextEdit {
  const last = list.items.at(-1);
  if (list.flow === true || last === undefined) return addToFlow(list, renderFlow(values));
  const column = columnOf(text, startOf(list));
  return insertion(text, skipComments(text, contentEnd(last as Node), column), blockItem(values, column));
}

/** The end of an item's last line: comments below it that are indented deeper than `column` are its own. */
function skipComments(text: string, offset: number, column: number): number {
  let end = lineEnd(text, offset);
  const comment = /\r?\n( *)#[^\r\n]*/y;
  for (;;) {
    comment.lastIndex = end;
    const match = comment.exec(text);
    if (match === null || (match[1]?.length ?? 0) <= column) return end;
    end = comment.lastIndex;
  }
}

/** Removes an item of a list, or a pair of a map. Lines that are only comments stay where they are. */
export function removeItem(text: string, collection: YAMLSeq | YAMLMap, index: number): TextEdit {
  const items = collection.items as (Node | Pair<Node, Node | null>)[];
  const item = items[index];
  if (item === undefined) return { start: 0, end: 0, text: '' };
  if (collection.flow === true) return removeFromFlow(collection, items, index);
  // An item of a list begins with its dash, which belongs to no node.
  const start = isSeq(collection) ? text.lastIndexOf('-', startOf(item)) : startOf(item);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const end = Math.min(text.length, lineEnd(text, contentEnd(item)) + 1);
  const next = items[index + 1];
  if (text.slice(lineStart, start).trim() !== '' && next !== undefined) {
    // The first key of an item stands behind the dash: the next one takes its place.
    return { start, end: startOf(next), text: '' };
  }
  const comments = isSeq(collection)
    ? []
    : text
        .slice(lineStart, end)
        .split(/(?<=\n)/)
        .filter((line) => /^\s*#/.test(line));
  return { start: lineStart, end, text: comments.join('') };
}

/** `key:` with a list of one item, as a new pair of the outermost map, or as the whole text. */
export function addListToRoot(text: string, root: Node | null, key: string, values: FileValues): TextEdit {
  const list = [`${key}:`, ...blockItem(values, 2)];
  if (isMap(root)) {
    const pair = pairOf(root, key);
    if (root.flow === true) return addToFlow(root, `${key}: [${renderFlow(values)}]`);
    if (pair !== undefined) {
      const start = (pair.key.range?.[1] ?? 0) + 1;
      const end = Math.max(start, pair.value?.range?.[1] ?? 0);
      const eol = lineBreakOf(text);
      const rest = text.slice(end, lineEnd(text, end));
      return { start, end: lineEnd(text, end), text: rest.trimEnd() + eol + blockItem(values, 2).join(eol) };
    }
  }
  const lines = text === '' || text.endsWith('\n') ? list : ['', ...list];
  const eol = lineBreakOf(text);
  return { start: text.length, end: text.length, text: lines.join(eol) + eol };
}

function replaceValue(
  text: string,
  pair: Pair<Node, Node | null>,
  value: string | ReadonlyMap<string, string>,
): TextEdit {
  const [start = 0, end = 0] = pair.value?.range ?? [];
  const rendered = typeof value === 'string' ? renderScalar(value) : renderFlow(value);
  const before = text[start - 1] === ':' ? ' ' : '';
  // A block text ends with its line break, which the value in its place needs too.
  const after = text.slice(start, end).endsWith('\n') ? lineBreakOf(text) : '';
  return { start, end, text: before + rendered + after };
}

function addPairs(text: string, map: YAMLMap, values: FileValues): TextEdit {
  const last = map.items.at(-1) as Pair<Node, Node | null> | undefined;
  if (map.flow === true || last === undefined) return addToFlow(map, renderFlow(values).slice(2, -2));
  const column = columnOf(text, startOf(map));
  return insertion(text, skipComments(text, contentEnd(last), column - 1), blockPairs(values, column));
}

function addToFlow(collection: YAMLSeq | YAMLMap, rendered: string): TextEdit {
  const last = collection.items.at(-1) as Node | Pair<Node, Node | null> | undefined;
  const at = last === undefined ? startOf(collection) + 1 : contentEnd(last);
  const spaced = isMap(collection) ? ` ${rendered} ` : rendered;
  return { start: at, end: at, text: last === undefined ? spaced : `, ${rendered}` };
}

function removeFromFlow(
  collection: YAMLSeq | YAMLMap,
  items: readonly (Node | Pair<Node, Node | null>)[],
  index: number,
): TextEdit {
  const item = items[index] as Node;
  const next = items[index + 1];
  const previous = items[index - 1];
  if (next !== undefined) return { start: startOf(item), end: startOf(next), text: '' };
  const start = previous === undefined ? startOf(collection) + 1 : contentEnd(previous);
  return { start, end: contentEnd(item), text: '' };
}

function insertion(text: string, at: number, lines: readonly string[]): TextEdit {
  const eol = lineBreakOf(text);
  return { start: at, end: at, text: lines.map((line) => eol + line).join('') };
}

function blockItem(values: FileValues, indentation: number): string[] {
  const [first = '', ...rest] = blockPairs(values, indentation + 2);
  return [`${' '.repeat(indentation)}- ${first.trimStart()}`, ...rest];
}

function blockPairs(values: FileValues, indentation: number): string[] {
  const indent = ' '.repeat(indentation);
  return [...values].flatMap(([key, value]) =>
    typeof value === 'string'
      ? [`${indent}${renderScalar(key)}: ${renderScalar(value)}`]
      : [`${indent}${renderScalar(key)}:`, ...blockPairs(value, indentation + 2)],
  );
}

function renderFlow(values: FileValues): string {
  const pairs = [...values].map(
    ([key, value]) =>
      `${renderScalar(key)}: ${typeof value === 'string' ? renderScalar(value) : renderFlow(value)}`,
  );
  return `{ ${pairs.join(', ')} }`;
}

/** A text as YAML that is right in a block and inside brackets, quoted where any reader needs it. */
function renderScalar(value: string): string {
  const document = new Document([value]);
  if (isSeq(document.contents)) document.contents.flow = true;
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trim().slice(1, -1);
}

function pairOf(map: YAMLMap, key: string): Pair<Node, Node | null> | undefined {
  // A parsed map holds nodes only.
  return (map.items as Pair<Node, Node | null>[]).find(
    (pair) => isScalar(pair.key) && pair.key.value === key,
  );
}

function sameValue(
  left: string | ReadonlyMap<string, string> | undefined,
  right: string | ReadonlyMap<string, string>,
): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right;
  return left.size === right.size && [...left].every(([key, value]) => right.get(key) === value);
}

function startOf(item: Node | Pair<Node, Node | null>): number {
  return ('key' in item ? item.key : item).range?.[0] ?? 0;
}

/** Where the last written character of an item ends; comments and empty lines after it do not count. */
function contentEnd(item: Node | Pair<Node, Node | null>): number {
  if ('key' in item) return item.value === null ? (item.key.range?.[1] ?? 0) + 1 : contentEnd(item.value);
  const block = (isMap(item) || isSeq(item)) && item.flow !== true;
  const last = block ? (item.items.at(-1) as Node | Pair<Node, Node | null> | undefined) : undefined;
  return last === undefined ? (item.range?.[1] ?? 0) : contentEnd(last);
}

/** The end of the line that holds the character before an offset. */
function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', Math.max(0, offset - 1));
  if (at === -1) return text.length;
  return text[at - 1] === '\r' ? at - 1 : at;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function lineBreakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
