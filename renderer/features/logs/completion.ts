import { quoted } from '#shared/logql/strings.ts';
import type { Completion } from '../../parts/completion-list.tsx';

/** What could be written at a place in a query, by what stands before it. */

export type CompletionPlace =
  | { readonly kind: 'label'; readonly from: number; readonly typed: string }
  | { readonly kind: 'operator'; readonly from: number; readonly typed: string }
  | { readonly kind: 'value'; readonly label: string; readonly from: number; readonly typed: string }
  | { readonly kind: 'stage'; readonly from: number; readonly typed: string }
  | { readonly kind: 'none' };

const none: CompletionPlace = { kind: 'none' };
const maxShown = 8;

const operators: readonly Completion[] = [
  { label: '=', text: '="', detail: 'is' },
  { label: '!=', text: '!="', detail: 'is not' },
  { label: '=~', text: '=~"', detail: 'matches' },
  { label: '!~', text: '!~"', detail: 'does not match' },
];

const stages: readonly Completion[] = [
  { label: '|=', text: '|= "', detail: 'the line contains' },
  { label: '!=', text: '!= "', detail: 'the line does not contain' },
  { label: '|~', text: '|~ "', detail: 'the line matches' },
  { label: '!~', text: '!~ "', detail: 'the line does not match' },
  { label: '| json', text: '| json', detail: 'fields of JSON lines' },
  { label: '| logfmt', text: '| logfmt', detail: 'fields of key=value lines' },
  { label: '| detected_level', text: '| detected_level="error"', detail: 'lines of a level' },
];

/** @param caret UTF-16 units from the start of the query. */
export function placeAt(query: string, caret: number): CompletionPlace {
  const before = query.slice(0, caret);
  const scan = scanned(before);
  if (scan.isInSelector) return inSelector(before, scan);
  if (scan.textFrom >= 0 || !before.includes('}')) return none;
  const typed = /[|!=~][|!=~ a-z_]*$/.exec(before)?.[0] ?? '';
  if (typed === '' && !/[}\s]$/.test(before)) return none;
  return { kind: 'stage', from: caret - typed.length, typed };
}

interface Scan {
  readonly isInSelector: boolean;
  /** Where the text literal that is open begins, its quote included; -1 for none. */
  readonly textFrom: number;
  /** Where the matcher that is being written begins. */
  readonly matcherFrom: number;
}

function scanned(before: string): Scan {
  let isInSelector = false;
  let textFrom = -1;
  let matcherFrom = 0;
  for (let at = 0; at < before.length; at++) {
    const character = before[at];
    if (textFrom >= 0) {
      if (character === '\\' && before[textFrom] === '"') at++;
      else if (character === before[textFrom]) textFrom = -1;
    } else if (character === '"' || character === '`') {
      textFrom = at;
    } else if (character === '{') {
      isInSelector = true;
      matcherFrom = at + 1;
    } else if (character === '}') {
      isInSelector = false;
    } else if (character === ',') {
      matcherFrom = at + 1;
    }
  }
  return { isInSelector, textFrom, matcherFrom };
}

function inSelector(before: string, { textFrom, matcherFrom }: Scan): CompletionPlace {
  const matcher = before.slice(matcherFrom);
  const [, space = '', label = '', gap = '', operator = ''] =
    /^(\s*)([a-zA-Z_]\w*)?(\s*)([=!~]*)/.exec(matcher) ?? [];
  if (textFrom >= 0) {
    return label === '' ? none : { kind: 'value', label, from: textFrom, typed: before.slice(textFrom + 1) };
  }
  const rest = matcher.slice(space.length + label.length + gap.length + operator.length);
  if (rest !== '') return none;
  if (label !== '' && (operator !== '' || gap !== '')) {
    return { kind: 'operator', from: before.length - operator.length, typed: operator };
  }
  return { kind: 'label', from: matcherFrom + space.length, typed: label };
}

/** @param names labels, or values of the place's label, as the source has them. */
export function completionsAt(place: CompletionPlace, names: readonly string[]): readonly Completion[] {
  switch (place.kind) {
    case 'label': {
      const found = matching(names, place.typed).map((name) => ({
        label: name,
        text: name,
        detail: 'label',
      }));
      // A name that is written whole needs its operator next.
      return names.includes(place.typed)
        ? operators.map((one) => ({ ...one, text: place.typed + one.text }))
        : found.slice(0, maxShown);
    }
    case 'operator':
      return operators.filter(({ label }) => label.startsWith(place.typed));
    case 'value':
      return matching(names, place.typed)
        .slice(0, maxShown)
        .map((value) => ({ label: value, text: quoted(value), detail: place.label }));
    case 'stage':
      return stages.filter(({ label }) => label.startsWith(place.typed.trimEnd()));
    case 'none':
      return [];
  }
}

/** Those that begin with what is typed, then those that contain it. */
function matching(names: readonly string[], typed: string): readonly string[] {
  const wanted = typed.toLowerCase();
  const starts = names.filter((name) => name.toLowerCase().startsWith(wanted));
  const contains = names.filter((name) => {
    const lower = name.toLowerCase();
    return lower.includes(wanted) && !lower.startsWith(wanted);
  });
  return [...starts, ...contains];
}

/** The query with a completion taken, and where the caret is then. */
export function withCompletion(
  query: string,
  caret: number,
  place: CompletionPlace,
  completion: Completion,
): { readonly query: string; readonly caret: number } {
  if (place.kind === 'none') return { query, caret };
  let after = query.slice(caret);
  // A quote that closes the text already is not written twice.
  if (place.kind === 'value' && after.startsWith(query[place.from] ?? '')) after = after.slice(1);
  const head = query.slice(0, place.from) + completion.text;
  return { query: head + after, caret: head.length };
}
