import { labelOf } from '#shared/model/labels.ts';
import { incidentName, type IncidentRow } from '#shared/model/incident.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { PatternCompiler } from '../../stores/session.ts';

/**
 * The inbox's filter: words and `label=value` terms, all of which must hold. A word matches severity,
 * name, service, summary, number or any label's value; `=~` and `!~` take RE2 patterns that match the
 * whole value, as Alertmanager's do.
 */

export type FilterTerm =
  | { readonly kind: 'word'; readonly word: string }
  | {
      readonly kind: 'label';
      readonly name: string;
      readonly negated: boolean;
      readonly pattern: boolean;
      readonly value: string;
    };

export type IncidentFilter = (row: IncidentRow) => boolean;

const maxPatternLength = 1_000;
const termPattern =
  /([\p{L}_][\p{L}\p{N}_.-]*)(=~|!~|!=|=)("(?:[^"\\]|\\.)*"|\S*)|"((?:[^"\\]|\\.)*)"|(\S+)/gu;

export function parseFilter(text: string): readonly FilterTerm[] {
  return [...text.matchAll(termPattern)].map((match) => {
    const [, name, operator, value, quoted, word] = match;
    if (name !== undefined && operator !== undefined) {
      return {
        kind: 'label',
        name,
        negated: operator.startsWith('!'),
        pattern: operator.endsWith('~'),
        value: unquote(value ?? ''),
      };
    }
    return { kind: 'word', word: (quoted === undefined ? (word ?? '') : unescape(quoted)).toLowerCase() };
  });
}

function unquote(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"')
    ? unescape(value.slice(1, -1))
    : value;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/gu, '$1');
}

export function needsPatterns(terms: readonly FilterTerm[]): boolean {
  return terms.some((term) => term.kind === 'label' && term.pattern);
}

/** @returns the filter, or what is wrong with it, as a sentence. */
export function compileFilter(
  terms: readonly FilterTerm[],
  compile: PatternCompiler,
): Result<IncidentFilter, string> {
  const tests: IncidentFilter[] = [];
  for (const term of terms) {
    const test = term.kind === 'word' ? success(wordTest(term.word)) : labelTest(term, compile);
    if (!test.ok) return test;
    tests.push(test.value);
  }
  return success((row) => tests.every((test) => test(row)));
}

function wordTest(word: string): IncidentFilter {
  return (row) =>
    [
      row.severity.word,
      row.severity.level,
      row.title,
      row.service,
      row.summary,
      incidentName(row.id),
      ...Object.values(row.labels),
    ].some((text) => text.toLowerCase().includes(word));
}

function labelTest(
  term: Extract<FilterTerm, { kind: 'label' }>,
  compile: PatternCompiler,
): Result<IncidentFilter, string> {
  const { name, negated, value } = term;
  if (!term.pattern) return success((row) => valuesOf(row, name).includes(value) !== negated);
  const matches = value.length > maxPatternLength ? null : compile(value);
  if (matches === null) return failed(`${value.slice(0, 60)} is not a pattern that RE2 accepts.`);
  return success((row) => valuesOf(row, name).some(matches) !== negated);
}

/** What a name stands for: the incident's own fields by their names, else its labels; missing is empty. */
function valuesOf(row: IncidentRow, name: string): readonly string[] {
  switch (name) {
    case 'severity':
      return [row.severity.level, row.severity.word, labelOf(row.labels, name)];
    case 'service':
      return [row.service];
    case 'state':
      return [row.state];
    case 'source':
      return row.sources;
    case 'owner':
      return [row.acknowledged?.by ?? 'nobody'];
    default:
      return [labelOf(row.labels, name)];
  }
}
