import type { Labels } from '#shared/model/labels.ts';
import type { LogLine } from '#shared/model/log.ts';
import { withLabelFilter, withLineFilter, withMatcher } from '#shared/logql/edit-query.ts';
import { jsonTextOf } from '#shared/traces/read-json.ts';

/** What is known of a line, as fields: of its JSON, of the query's parsers, its metadata, its stream. */

export interface LogField {
  readonly name: string;
  readonly value: string;
  readonly from: 'line' | 'parsed' | 'metadata' | 'stream';
  /** How a query asks for it where that is otherwise than by name and value; null where it cannot. */
  readonly asked?: Asked | null;
}

/** By a label that a parser makes, or by what the line has as its text. */
type Asked = { readonly label: string; readonly value: string } | { readonly text: string };

export interface LogFields {
  readonly fields: readonly LogField[];
  /** Fields that are left out because there are too many. */
  readonly left: number;
}

const maxFields = 200;
/** Deeper than that, a value is shown as its JSON. */
const maxDepth = 6;
/** A longer line is not read as JSON on the thread that draws. */
const maxJsonCharacters = 200_000;
/** A longer list is not looked for in its line, nor one before which there are more that are not it. */
const maxListCharacters = 2_000;
const maxListsBefore = 200;

export function fieldsOf(line: LogLine, stream: Labels): LogFields {
  const isTaken = (name: string): boolean =>
    Object.hasOwn(stream, name) || Object.hasOwn(line.metadata, name);
  const all: LogField[] = [];
  flatten(jsonOf(line.text), '', 0, (name, value) => {
    const text = typeof value === 'string' ? value : jsonTextOf(value);
    // What is left out is not looked for in the line.
    const from = all.length < maxFields ? line.text : '';
    all.push({ name, value: text, from: 'line', asked: askedOf(name, value, from, isTaken) });
  });
  const known = new Set(
    all.flatMap(({ asked }) => (asked && 'label' in asked ? [keyOf(asked.label, asked.value)] : [])),
  );
  const add = (labels: Labels, from: LogField['from']): void => {
    for (const [name, value] of Object.entries(labels)) {
      // A parser says what the line says already.
      if (from === 'parsed' && known.has(keyOf(name, value))) continue;
      all.push({ name, value, from });
    }
  };
  add(line.parsed, 'parsed');
  add(line.metadata, 'metadata');
  add(stream, 'stream');
  return { fields: all.slice(0, maxFields), left: Math.max(0, all.length - maxFields) };
}

function keyOf(name: string, value: string): string {
  return `${name}\n${value}`;
}

/**
 * Loki's parser gives a name that the stream or the metadata has already another one, makes no label of
 * null, and leaves out lists: of these only the text of the line can be asked for, as it is written there.
 */
function askedOf(
  name: string,
  value: unknown,
  line: string,
  isTaken: (name: string) => boolean,
): Asked | null {
  const text = typeof value === 'string' ? value : jsonTextOf(value);
  if (typeof value === 'object' && value !== null) {
    const written = writtenIn(line, text);
    return written === null ? null : { text: written };
  }
  const label = parsedName(name);
  return { label: isTaken(label) ? `${label}_extracted` : label, value: value === null ? '' : text };
}

const jsonParts = /"(?:[^"\\]|\\.)*"|[^\s"[\]{},:]+|[[\]{},:]/g;

/** A list as its line has it, whatever spaces are between its parts. @returns null where it is not found. */
function writtenIn(line: string, list: string): string | null {
  if (list.length > maxListCharacters) return null;
  const parts = list.match(jsonParts) ?? [];
  const first = list[0] ?? '';
  let from = line.indexOf(first);
  for (let tried = 0; from >= 0 && tried <= maxListsBefore; tried++, from = line.indexOf(first, from + 1)) {
    let at = from;
    const isWhole = parts.every((part) => {
      while (/\s/.test(line.charAt(at))) at++;
      if (!line.startsWith(part, at)) return false;
      at += part.length;
      return true;
    });
    if (isWhole) return line.slice(from, at);
  }
  return null;
}

function jsonOf(text: string): unknown {
  if (!text.startsWith('{') || text.length > maxJsonCharacters) return null;
  return parsed(text, asWritten) ?? parsed(text);
}

function parsed(text: string, reviver?: Parameters<typeof JSON.parse>[1]): unknown {
  try {
    return JSON.parse(text, reviver) as unknown;
  } catch {
    // Not JSON, or cut: then the line has no fields of its own. Or too deep for a reviver.
    return null;
  }
}

/** A number as its line has it: Loki's parser keeps its digits, and not all of them fit a number here. */
function asWritten(
  this: unknown,
  _key: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  if (typeof value !== 'number' || Array.isArray(this)) return value;
  const { source = String(value) } = context ?? {};
  return source === String(value) ? value : source;
}

function flatten(
  value: unknown,
  name: string,
  depth: number,
  onField: (name: string, value: unknown) => void,
): void {
  if (value === null && name === '') return;
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < maxDepth) {
    for (const [key, inner] of Object.entries(value)) {
      flatten(inner, name === '' ? key : `${name}.${key}`, depth + 1, onField);
    }
    return;
  }
  onField(name, value);
}

/** The name that Loki's JSON parser gives a nested field: parts joined by `_`, anything else replaced. */
function parsedName(path: string): string {
  const name = path.replaceAll(/[^a-zA-Z0-9_]/g, '_');
  return /^\d/.test(name) ? `_${name}` : name;
}

/**
 * The query with only the lines that have this field (`=`), or only those that do not (`!=`).
 * @returns null where the query cannot be read, or says so already.
 */
export function queryWithField(query: string, field: LogField, operator: '=' | '!='): string | null {
  const next = changed(query, field, operator);
  return next === query ? null : next;
}

function changed(query: string, field: LogField, operator: '=' | '!='): string | null {
  const { name, value, from, asked = { label: parsedName(name), value } } = field;
  switch (from) {
    case 'stream':
      return withMatcher(query, { name, operator, value });
    case 'metadata':
    case 'parsed':
      return withLabelFilter(query, { name, operator, value });
    case 'line': {
      if (asked === null) return null;
      if ('text' in asked)
        return withLineFilter(query, { operator: operator === '=' ? '|=' : '!=', values: [asked.text] });
      const read = /\|\s*json\b/.test(query) ? query : `${query} | json`;
      return withLabelFilter(read, { name: asked.label, operator, value: asked.value });
    }
  }
}

const traceNames = /(?:^|[._-])trace[._-]?id$/i;
const traceIds = /^[0-9a-f]{16}(?:[0-9a-f]{16})?$/i;

export function isTraceId({ name, value }: LogField): boolean {
  return traceNames.test(name) && traceIds.test(value) && !/^0+$/.test(value);
}

/** The trace that a line belongs to; null where it names none. */
export function traceIdOf(line: LogLine): string | null {
  const found = fieldsOf(line, {}).fields.find(isTraceId);
  return found === undefined ? null : found.value.toLowerCase();
}
