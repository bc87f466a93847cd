import { readQuoted } from '#shared/filter/quoting.ts';
import type { IncidentAlerts } from '#shared/model/alert-facts.ts';
import { labelOf } from '#shared/model/labels.ts';
import { counted } from '#shared/text.ts';
import type { Completion } from '../../parts/completion-list.tsx';
import { writtenName, writtenValue } from '../../parts/label-line.ts';

/** What the labels could go on with at the caret, of the labels that alerts have. Pure. */

export type LabelPlace =
  | { readonly kind: 'name'; readonly from: number; readonly typed: string }
  | { readonly kind: 'value'; readonly name: string; readonly from: number; readonly typed: string };

const mostShown = 8;
const mostKnown = 2_000;

export function labelPlaceAt(line: string, caret: number): LabelPlace {
  const from = termStart(line, caret);
  const term = line.slice(from, caret);
  const quoted = term.startsWith('"') ? readQuoted(term, 0) : undefined;
  const nameEnd = quoted?.to ?? term.search(/=|$/);
  if (term[nameEnd] !== '=') return { kind: 'name', from, typed: term };
  const name = quoted?.text ?? term.slice(0, nameEnd);
  const typed = term.slice(nameEnd + 1).replace(/^"/, '');
  return { kind: 'value', name, from: from + nameEnd + 1, typed };
}

function termStart(line: string, caret: number): number {
  let from = 0;
  for (let at = 0; at < caret;) {
    const quoted = line[at] === '"' ? readQuoted(line, at) : undefined;
    if (line[at] === '"' && (quoted === undefined || quoted.to > caret)) return from;
    at = quoted?.to ?? at + 1;
    if (/[\s,{}]/.test(line[at - 1] ?? '')) from = at;
  }
  return from;
}

/** Names, or values of a name, of open alerts; the most frequent first, each with how many have it. */
export function knownLabels(
  place: LabelPlace,
  incidents: readonly IncidentAlerts[],
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  const count = (text: string): void => {
    if (text !== '' && (counts.has(text) || counts.size < mostKnown))
      counts.set(text, (counts.get(text) ?? 0) + 1);
  };
  for (const { alerts } of incidents) {
    for (const { labels } of alerts) {
      if (place.kind === 'name') Object.keys(labels).forEach(count);
      else count(labelOf(labels, place.name));
    }
  }
  return [...counts].sort(([left, more], [right, fewer]) => fewer - more || (left < right ? -1 : 1));
}

export function labelCompletions(
  place: LabelPlace,
  known: readonly (readonly [string, number])[],
): readonly Completion[] {
  const wanted = place.typed.toLowerCase();
  const starts = (text: string): number => (text.toLowerCase().startsWith(wanted) ? 0 : 1);
  return known
    .filter(([text]) => text.toLowerCase().includes(wanted))
    .toSorted(([left], [right]) => starts(left) - starts(right))
    .slice(0, mostShown)
    .map(([text, count]) => ({
      label: text,
      text: place.kind === 'name' ? `${writtenName(text)}=` : `${writtenValue(text)} `,
      detail: counted(count, 'alert'),
    }));
}

/** The line with a completion taken, and where the caret is then. */
export function withLabelCompletion(
  line: string,
  caret: number,
  place: LabelPlace,
  completion: Completion,
): { readonly line: string; readonly caret: number } {
  let rest = line.slice(caret);
  // A quote that closes the value already, and a space that parts it from the next, are not written twice.
  if (place.kind === 'value' && line[place.from] === '"' && rest.startsWith('"')) rest = rest.slice(1);
  if (completion.text.endsWith(' ')) rest = rest.trimStart();
  const head = line.slice(0, place.from) + completion.text;
  return { line: head + rest, caret: head.length };
}
