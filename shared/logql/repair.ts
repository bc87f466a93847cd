import type { LogRepair } from '../model/log-repair.ts';
import { withMatcher } from './edit-query.ts';
import { compileLineFilters, compileMatchers, type LabelMatcher } from './matching.ts';
import { mended } from './mend-query.ts';
import { allOf, parseLogQuery, readLogQuery, sliceOf, type QueryNode } from './read-query.ts';
import { quoted, unquoted } from './strings.ts';

/** A question as it was refused. */
export interface RefusedQuestion {
  readonly query: string;
  /** Length of its range, milliseconds. */
  readonly spanMs: number;
  /** A label that the streams have, for a selector that has none. */
  readonly label: string;
}

/** Places are UTF-16 units from the start of the query; `to` is not included. */
export interface QueryPlace {
  readonly from: number;
  readonly to: number;
}

/** What the repair does when the key is pressed. */
export type RepairStep =
  | { readonly kind: 'query'; readonly query: string }
  | { readonly kind: 'limit'; readonly limit: number }
  | { readonly kind: 'range'; readonly spanMs: number }
  | ({ readonly kind: 'place' } & QueryPlace)
  | { readonly kind: 'source' };

const shortestMs = 60_000;

/** @returns null where the repair would change nothing. A query that is offered is always LogQL. */
export function stepOf(repair: LogRepair, question: RefusedQuestion): RepairStep | null {
  const { query, spanMs, label } = question;
  switch (repair.kind) {
    case 'limit':
      return { kind: 'limit', limit: Math.floor(repair.most) };
    case 'range':
      return shorter(repair.mostMs, spanMs);
    case 'share':
      return shorter(spanMs * repair.share, spanMs);
    case 'matcher':
      return asking(withRequiredLabel(query, label), query);
    case 'plain-text':
      return asking(withoutBrokenPatterns(query), query);
    case 'lines':
      return asking(linesOf(query), query);
    case 'place': {
      const place = placeOf(repair, query);
      return asking(mended(query, label), query) ?? { kind: 'place', ...place };
    }
    case 'source':
      return { kind: 'source' };
  }
}

/** What can be said of a query without asking anybody; null for one that has lines. */
export function repairOfQuery(query: string): LogRepair | null {
  const read = readLogQuery(query);
  if (read.ok) return read.value.isMetric ? { kind: 'lines' } : null;
  return { kind: 'place', ...positionOf(query, read.failure.from) };
}

/** Where a query stops being LogQL, at least one character where there is one; null where it does not. */
export function faultIn(query: string, repair: LogRepair | null): QueryPlace | null {
  if (repair?.kind === 'place') return placeOf(repair, query);
  const read = readLogQuery(query);
  return read.ok ? null : { from: read.failure.from, to: read.failure.to };
}

function placeOf(
  { line, column }: { readonly line: number; readonly column: number },
  query: string,
): QueryPlace {
  const lines = query.split('\n');
  const before = lines.slice(0, Math.max(0, line - 1)).reduce((sum, one) => sum + one.length + 1, 0);
  const characters = Array.from(lines[line - 1] ?? '');
  const inLine = characters.slice(0, Math.max(0, column - 1)).join('').length;
  const from = Math.min(query.length, before + inLine);
  const word = /^(?:[\w.]+|\s*\S)/u.exec(query.slice(from))?.[0] ?? '';
  return { from, to: from + word.length };
}

function positionOf(query: string, from: number): { readonly line: number; readonly column: number } {
  const lines = query.slice(0, from).split('\n');
  return { line: lines.length, column: Array.from(lines.at(-1) ?? '').length + 1 };
}

function shorter(wantedMs: number, spanMs: number): RepairStep | null {
  const nextMs = Math.max(shortestMs, Math.floor(wantedMs));
  return nextMs < spanMs ? { kind: 'range', spanMs: nextMs } : null;
}

function asking(next: string | null, query: string): RepairStep | null {
  if (next === null || next === query || !readLogQuery(next).ok) return null;
  return { kind: 'query', query: next };
}

/** `{}` has no tree; in every other selector that no label must be there for, one must from now on. */
function withRequiredLabel(query: string, label: string): string | null {
  const empty = /\{\s*\}/.exec(query);
  const required: LabelMatcher = { name: label, operator: '=~', value: '.+' };
  if (empty !== null) {
    const filled = `{${label}=~${quoted('.+')}}`;
    return query.slice(0, empty.index) + filled + query.slice(empty.index + empty[0].length);
  }
  const parsed = parseLogQuery(query);
  if (!parsed.ok) return null;
  const loose = allOf(parsed.value, 'Matcher').findLast((node) => {
    const matcher = matcherAt(node, query);
    return matcher?.operator === '=~' && matcher.value === '.*';
  });
  const literal = loose?.getChild('String');
  if (!literal) return withMatcher(query, required);
  return query.slice(0, literal.from) + quoted('.+') + query.slice(literal.to);
}

function withoutBrokenPatterns(query: string): string | null {
  const parsed = parseLogQuery(query);
  if (!parsed.ok) return null;
  const broken: { readonly at: QueryNode; readonly text: string }[] = [];
  for (const node of allOf(parsed.value, 'Matcher')) {
    const matcher = matcherAt(node, query);
    const operator = node.firstChild?.nextSibling;
    if (matcher === null || !operator || compileMatchers([matcher]).ok) continue;
    broken.push({ at: operator, text: matcher.operator === '=~' ? '=' : '!=' });
  }
  for (const node of allOf(parsed.value, 'LineFilter')) {
    const operator = node.getChild('Filter');
    const written = sliceOf(operator, query);
    if (operator === null || (written !== '|~' && written !== '!~')) continue;
    const values = allOf(node, 'String').flatMap((one) => {
      const value = unquoted(sliceOf(one, query));
      return value.ok ? [value.value] : [];
    });
    if (compileLineFilters([{ operator: written, values }]).ok) continue;
    broken.push({ at: operator, text: written === '|~' ? '|=' : '!=' });
  }
  return broken
    .toSorted((left, right) => right.at.from - left.at.from)
    .reduce((text, { at, text: next }) => text.slice(0, at.from) + next + text.slice(at.to), query);
}

/** The selector and the filters of the first log query within a metric. */
function linesOf(query: string): string | null {
  const parsed = parseLogQuery(query);
  if (!parsed.ok) return null;
  const [selector] = allOf(parsed.value, 'Selector');
  if (selector === undefined) return null;
  const stages = selector.parent === null ? [] : allOf(selector.parent, 'PipelineStage');
  return [selector, ...stages].map((node) => sliceOf(node, query)).join(' ');
}

function matcherAt(node: QueryNode, query: string): LabelMatcher | null {
  const value = unquoted(sliceOf(node.getChild('String'), query));
  if (!value.ok) return null;
  const operator = sliceOf(node.firstChild?.nextSibling, query) as LabelMatcher['operator'];
  return { name: sliceOf(node.firstChild, query), operator, value: value.value };
}
