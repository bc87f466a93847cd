import { withLabelFilter, withLineFilter } from '#shared/logql/edit-query.ts';
import { readLogQuery } from '#shared/logql/read-query.ts';
import type { LogFields } from '#shared/model/log.ts';

/** Queries narrowed to what a source found in the lines: a pattern, a field. */

const wildcard = '<_>';

/**
 * With only the lines of a pattern (`=`), or none of them. A regular expression, not Loki's own filter `|>`:
 * that one is of the whole line, while the patterns of JSON lines are of their message; Loki 2 does not
 * know it; and kept lines could not be asked for it.
 * @returns null where the query cannot be read, or the pattern says nothing.
 */
export function queryWithPattern(query: string, pattern: string, operator: '=' | '!='): string | null {
  const parts = pattern.split(wildcard).filter((part) => part.trim() !== '');
  if (parts.length === 0) return null;
  const value = parts.map(escaped).join('.+');
  return withLineFilter(query, { operator: operator === '=' ? '|~' : '!~', values: [value] });
}

/** A quote of a message has a backslash before it where the line is JSON. */
function escaped(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`).replaceAll('"', String.raw`\\?"`);
}

/** With only the lines that have a field, or those without it. @returns null where the query cannot be read. */
export function queryWithDetected(
  query: string,
  field: LogFields['fields'][number],
  operator: '=' | '!=',
): string | null {
  const read = readLogQuery(query);
  if (!read.ok) return null;
  // Only parsers that are known here are written into a query, whatever a server names.
  const parser = field.parsers.find((name) => name === 'json' || name === 'logfmt');
  const isParsed = read.value.ignored.some((stage) => parser !== undefined && stage.startsWith(parser));
  const parsed = parser === undefined || isParsed ? query : `${query} | ${parser}`;
  return withLabelFilter(parsed, { name: field.name, operator: operator === '=' ? '!=' : '=', value: '' });
}
