import { readLogQuery } from './read-query.ts';
import { quoted } from './strings.ts';

/**
 * Mends the slips of a hand that writes LogQL: what is missing is closed, a bare value gets its quotes.
 * Each mending is tried alone, then together with those before it; only what is LogQL then is answered.
 */

type Mending = (query: string, label: string) => string;

const mendings: readonly Mending[] = [
  plainQuotes,
  withoutLooseEnds,
  oneEqualsSign,
  quotedValues,
  quotedFilters,
  closed,
  textAfterSelector,
  textAlone,
];

/**
 * @param label one that the streams have, for a query that names no stream.
 * @returns a query that is LogQL; null where none of the known slips explains it.
 */
export function mended(query: string, label: string): string | null {
  for (const mend of mendings) {
    const next = mend(query, label);
    if (next !== query && readLogQuery(next).ok) return next;
  }
  let together = query;
  for (const mend of mendings) {
    together = mend(together, label);
    if (together !== query && readLogQuery(together).ok) return together;
  }
  return null;
}

/** Quotes of a word processor, or of another language. */
function plainQuotes(query: string): string {
  return query.replaceAll(/[“”„«»]/gu, '"').replaceAll(/'([^'"`]*)'/gu, '"$1"');
}

/** `{a="b",}` and `{a="b"} |` */
function withoutLooseEnds(query: string): string {
  return query
    .replaceAll(/,\s*(?=\})/gu, '')
    .replace(/\{\s*,\s*/u, '{')
    .replace(/[|\s]+$/u, '');
}

function oneEqualsSign(query: string): string {
  return query.replaceAll(/(?<=[{,]\s*\w+\s*)==/gu, '=');
}

/** `{app=web}` */
function quotedValues(query: string): string {
  return query.replaceAll(
    /(?<=[{,]\s*\w+\s*)(=~|!~|!=|=)\s*([^\s"`{},=~!][^"`{},]*?)\s*(?=[,}]|$)/gu,
    (_whole, operator: string, value: string) => `${operator}${quoted(value)}`,
  );
}

/** `{…} |= timeout` */
function quotedFilters(query: string): string {
  return query.replaceAll(
    /(?<=\}[^{]*)(\|=|\|~|!=|!~|\|>|!>)\s*([^\s"`|{}()[\]=~!>][^\s"`|{}()[\]]*)/gu,
    (_whole, operator: string, value: string) => `${operator} ${quoted(value)}`,
  );
}

const closers: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

/** What was opened and not closed, the innermost first. */
function closed(query: string): string {
  const open: string[] = [];
  for (let at = 0; at < query.length; at++) {
    const character = query[at] ?? '';
    const quote = open.at(-1) === '"' || open.at(-1) === '`' ? open.at(-1) : undefined;
    if (quote !== undefined) {
      if (character === '\\' && quote === '"') at++;
      else if (character === quote) open.pop();
    } else if (character === '"' || character === '`' || closers[character] !== undefined) {
      open.push(character);
    } else if (closers[open.at(-1) ?? ''] === character) {
      open.pop();
    }
  }
  return (
    query.trimEnd() +
    open
      .toReversed()
      .map((one) => closers[one] ?? one)
      .join('')
  );
}

/** `{app="web"} timeout` */
function textAfterSelector(query: string): string {
  return query.replace(/\}\s*"?([^\s"`|=!{}()[\]][^"`|=!{}()[\]]*?)"?\s*$/u, (_whole, text: string) => {
    return `} |= ${quoted(text)}`;
  });
}

/** `connection refused` */
function textAlone(query: string, label: string): string {
  const text = query.trim().replace(/^"(.*)"$/u, '$1');
  if (text === '' || /[{}()[\]|"`]/u.test(text)) return query;
  return `{${label}=~${quoted('.+')}} |= ${quoted(text)}`;
}
