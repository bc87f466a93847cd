import type { LabelMatcher, LineFilter } from './matching.ts';
import { printFilter, printMatcher } from './print.ts';
import { allOf, parseLogQuery, sliceOf, type QueryNode } from './read-query.ts';
import { quoted, unquoted } from './strings.ts';

/**
 * Changes a query where a person points at a value: only this, not this. What they wrote stays as they
 * wrote it; only the part that changes is replaced. Each answers null where the query cannot be read.
 */

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const opposites = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' } as const;

/** With a matcher in every selector; one that says the opposite of the same value gives way to it. */
export function withMatcher(query: string, matcher: LabelMatcher): string | null {
  if (!labelName.test(matcher.name)) return null;
  const added = printMatcher(matcher);
  const opposite = { ...matcher, operator: opposites[matcher.operator] };
  return edited(query, 'Selector', (selector) => {
    const present = allOf(selector, 'Matcher');
    if (present.some((node) => isSame(node, matcher, query))) return null;
    const against = present.find((node) => isSame(node, opposite, query));
    if (against !== undefined) return { from: against.from, to: against.to, text: added };
    const last = present.at(-1);
    const at = last?.to ?? selector.to - 1;
    return { from: at, to: at, text: last === undefined ? added : `, ${added}` };
  });
}

/** Without a matcher. The only one becomes one that every stream with the label satisfies: a selector needs one. */
export function withoutMatcher(query: string, matcher: LabelMatcher): string | null {
  return edited(query, 'Selector', (selector) => {
    const present = allOf(selector, 'Matcher');
    const index = present.findIndex((node) => isSame(node, matcher, query));
    const node = present[index];
    if (node === undefined) return null;
    const [before, after] = [present[index - 1], present[index + 1]];
    if (after !== undefined) return { from: node.from, to: after.from, text: '' };
    if (before !== undefined) return { from: before.to, to: node.to, text: '' };
    return { from: node.from, to: node.to, text: `${matcher.name}=~${quoted('.+')}` };
  });
}

/** With a line filter after those that the query begins with. */
export function withLineFilter(query: string, filter: LineFilter): string | null {
  const added = ` ${printFilter(filter)}`;
  return edited(query, 'Selector', (selector) => {
    const stage = allOf(selector.parent ?? selector, 'PipelineStage').find(
      (node) => node.from >= selector.to,
    );
    const leading = stage?.getChild('LineFilters') ?? null;
    if (leading !== null && sliceOf(leading, query).includes(added.trim())) return null;
    const at = leading?.to ?? selector.to;
    return { from: at, to: at, text: added };
  });
}

/** With a filter of a label that is not of the index, after every other stage: structured metadata, parsed labels. */
export function withLabelFilter(query: string, matcher: LabelMatcher): string | null {
  if (!labelName.test(matcher.name)) return null;
  const added = ` | ${printMatcher(matcher)}`;
  return edited(query, 'Selector', (selector) => {
    const stages = allOf(selector.parent ?? selector, 'PipelineStage');
    if (stages.some((node) => ` ${sliceOf(node, query)}` === added)) return null;
    const at = stages.at(-1)?.to ?? selector.to;
    return { from: at, to: at, text: added };
  });
}

function isSame(node: QueryNode, matcher: LabelMatcher, query: string): boolean {
  const value = unquoted(sliceOf(node.getChild('String'), query));
  return (
    sliceOf(node.firstChild, query) === matcher.name &&
    sliceOf(node.firstChild?.nextSibling, query) === matcher.operator &&
    value.ok &&
    value.value === matcher.value
  );
}

/** Applies an edit for each node of a name, the last first, so that positions hold. */
function edited(query: string, name: string, editOf: (node: QueryNode) => Edit | null): string | null {
  const parsed = parseLogQuery(query);
  if (!parsed.ok) return null;
  const edits = allOf(parsed.value, name)
    .map(editOf)
    .filter((edit) => edit !== null);
  return edits
    .toSorted((left, right) => right.from - left.from)
    .reduce((text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to), query);
}
