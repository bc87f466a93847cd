import type { Labels } from '#shared/model/labels.ts';
import type { LogLine } from '#shared/model/log.ts';
import { withLabelFilter, withLineFilter, withMatcher } from '#shared/logql/edit-query.ts';
import { jsonTextOf } from '#shared/traces/read-json.ts';

/** What is known of a line, as fields: of its JSON, of the query's parsers, its metadata, its stream. */

export interface LogField {
  readonly name: string;
  readonly value: string;
  readonly from: 'line' | 'parsed' | 'metadata' | 'stream';
}

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

export function fieldsOf(line: LogLine, stream: Labels): LogFields {
  const all: LogField[] = [];
  flatten(jsonOf(line.text), '', 0, all);
  const known = new Set(all.map(({ name, value }) => keyOf(name, value)));
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
  return `${parsedName(name)}\n${value}`;
}

function jsonOf(text: string): unknown {
  if (!text.startsWith('{') || text.length > maxJsonCharacters) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON, or cut: then the line has no fields of its own.
    return null;
  }
}

function flatten(value: unknown, name: string, depth: number, into: LogField[]): void {
  if (value === null && name === '') return;
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < maxDepth) {
    for (const [key, inner] of Object.entries(value)) {
      flatten(inner, name === '' ? key : `${name}.${key}`, depth + 1, into);
    }
    return;
  }
  into.push({ name, value: typeof value === 'string' ? value : jsonTextOf(value), from: 'line' });
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

function changed(query: string, { name, value, from }: LogField, operator: '=' | '!='): string | null {
  switch (from) {
    case 'stream':
      return withMatcher(query, { name, operator, value });
    case 'metadata':
    case 'parsed':
      return withLabelFilter(query, { name, operator, value });
    case 'line': {
      // The parser leaves lists out: of these only the text of the line can be asked for.
      if (value.startsWith('[')) {
        return withLineFilter(query, { operator: operator === '=' ? '|=' : '!=', values: [value] });
      }
      const parsed = /\|\s*json\b/.test(query) ? query : `${query} | json`;
      return withLabelFilter(parsed, { name: parsedName(name), operator, value });
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
