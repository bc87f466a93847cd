import { fieldNames, filterFields, matchOperators } from '#shared/filter/model.ts';
import { printName } from '#shared/filter/print.ts';
import { quotedText, readQuoted } from '#shared/filter/quoting.ts';
import type { AlertFacts, IncidentAlerts } from '#shared/model/alert-facts.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { labelOf } from '#shared/model/labels.ts';
import { severityOf } from '#shared/model/severity.ts';
import { counted } from '#shared/text.ts';
import type { Completion } from '../../parts/completion-list.tsx';

/** What a filter could go on with at the caret, by what stands before it and by what is there to be found. */

export type FilterPlace =
  | { readonly kind: 'name'; readonly from: number; readonly typed: string }
  | {
      readonly kind: 'operator';
      readonly of: string;
      readonly from: number;
      readonly typed: string;
    }
  | {
      readonly kind: 'value';
      /** A label's name, or a field's behind its `@`. */
      readonly of: string;
      readonly isPattern: boolean;
      readonly from: number;
      readonly typed: string;
    }
  | { readonly kind: 'none' };

const none: FilterPlace = { kind: 'none' };
const maxShown = 8;
const maxKnown = 2_000;
const ages = ['5m', '15m', '1h', '6h', '1d'];
const ageOperators = [
  ['<', 'is younger than'],
  ['>', 'is older than'],
] as const;
const operatorWords = { '=': 'is', '!=': 'is not', '=~': 'matches', '!~': 'does not match' } as const;

/** @param caret UTF-16 units from the start of the filter. */
export function placeAt(text: string, caret: number): FilterPlace {
  const from = termStart(text, caret);
  const before = text.slice(from, caret);
  const [head = ''] = /^(?:@[\w-]*|"(?:[^"\\]|\\.)*"|[\p{L}_][\p{L}\p{N}_.-]*)/u.exec(before) ?? [];
  const rest = before.slice(head.length);
  const [operator = ''] = /^(?:=~|!~|!=|[=<>!])/.exec(rest) ?? [];
  if (operator === '')
    return rest === '' && !head.startsWith('"') ? { kind: 'name', from, typed: head } : none;
  const of = nameOf(head);
  if (of === '') return none;
  const value = rest.slice(operator.length);
  if (operator === '!')
    return value === '' ? { kind: 'operator', of, from: from + head.length, typed: '!' } : none;
  const valueFrom = from + head.length + operator.length;
  const isPattern = operator.endsWith('~');
  if (!value.startsWith('"')) return { kind: 'value', of, isPattern, from: valueFrom, typed: value };
  if (readQuoted(value, 0) !== undefined) return none;
  return { kind: 'value', of, isPattern, from: valueFrom, typed: value.slice(1) };
}

function nameOf(head: string): string {
  return head.startsWith('"') ? (readQuoted(head, 0)?.text ?? '') : head;
}

function termStart(text: string, caret: number): number {
  let from = 0;
  for (let at = 0; at < caret;) {
    const quoted = text[at] === '"' ? readQuoted(text, at) : undefined;
    if (text[at] === '"' && (quoted === undefined || quoted.to > caret)) return from;
    at = quoted?.to ?? at + 1;
    if (/\s/.test(text[at - 1] ?? '')) from = at;
  }
  return from;
}

/** What there is to be found: incidents and their alerts. */
export interface Known {
  readonly incidents: readonly IncidentRow[];
  readonly alerts: readonly IncidentAlerts[];
}

export type KnownCounts = readonly (readonly [string, number])[];
/** Alerts that are counted before somebody else may have the thread. */
const perSlice = 500;

/** Names of labels, or values of a label or field, the most frequent first, each with how many alerts have it. */
export function knownAt(place: FilterPlace, known: Known): KnownCounts {
  const job = knownInSlices(place, known);
  for (;;) {
    const step = job.next();
    if (step.done === true) return step.value;
  }
}

/** The same in slices, for a hand that types while fifty thousand alerts are counted. */
export function* knownInSlices(
  place: Pick<FilterPlace, 'kind'> & { readonly of?: string },
  known: Known,
): Generator<undefined, KnownCounts> {
  const counts = new Map<string, number>();
  const count = (name: string): void => {
    if (name !== '' && (counts.has(name) || counts.size < maxKnown)) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  };
  const read = readerOf(place);
  if (read === 'owners') for (const { acknowledged } of known.incidents) count(acknowledged?.by ?? '');
  else if (read !== undefined) {
    let left = perSlice;
    for (const { alerts } of known.alerts) {
      for (const facts of alerts) for (const value of read(facts) ?? []) count(value);
      left -= alerts.length;
      if (left > 0) continue;
      left = perSlice;
      yield;
    }
  }
  return [...counts].sort(([left, more], [right, fewer]) => fewer - more || (left < right ? -1 : 1));
}

/** What is counted of each alert; of incidents where it is their owners, of nothing where nothing is to be found. */
function readerOf({
  kind,
  of = '',
}: {
  readonly kind: FilterPlace['kind'];
  readonly of?: string;
}): ((facts: AlertFacts) => readonly string[] | null) | 'owners' | undefined {
  if (kind === 'name') return ({ labels }) => Object.keys(labels);
  if (kind !== 'value') return undefined;
  if (of === '@acked-by') return 'owners';
  return of.startsWith('@') ? valuesOf[of] : ({ labels }) => [labelOf(labels, of)];
}

const valuesOf: Readonly<Record<string, (facts: AlertFacts) => readonly string[] | null>> = {
  '@state': ({ state }) => [state],
  '@severity': ({ labels }) => [severityOf(labelOf(labels, 'severity')).level],
  '@receiver': ({ receivers }) => receivers,
  '@silenced-by': ({ silencedBy }) => silencedBy,
  '@inhibited-by': ({ inhibitedBy }) => inhibitedBy,
  '@muted': ({ mutedBy }) => mutedBy,
  '@source': ({ sources }) => sources,
};

/** @param known what `knownAt` gave for the place. */
export function completionsAt(
  place: FilterPlace,
  known: readonly (readonly [string, number])[],
): readonly Completion[] {
  switch (place.kind) {
    case 'name':
      return namesAt(place.typed, known);
    case 'operator':
      return operatorsOf(place.of, '').filter(({ label }) => label.startsWith(place.typed));
    case 'value': {
      const values = place.of === '@age' ? ages.map((age) => [age, 0] as const) : known;
      return matching(values, place.typed).map(([value, count]) => ({
        label: value,
        text: place.of === '@age' ? value : quotedText(place.isPattern ? escaped(value) : value),
        detail: count === 0 ? '' : alertsInWords(count),
      }));
    }
    case 'none':
      return [];
  }
}

function namesAt(typed: string, known: readonly (readonly [string, number])[]): readonly Completion[] {
  const isField = typed === '@age' || fieldNames.some((field) => typed === `@${field}`);
  // A name that is written whole needs its operator next.
  if (isField || known.some(([name]) => name === typed)) return operatorsOf(typed, typed);
  const fields = [['age', 'since it started'] as const, ...Object.entries(filterFields)]
    .map(([field, meaning]) => ({ label: `@${field}`, text: `@${field}`, detail: meaning }))
    .filter(({ label }) =>
      typed === '' ? false : label.startsWith(typed) || label.slice(1).startsWith(typed),
    );
  const labels = typed.startsWith('@') ? [] : matching(known, typed);
  const shown = labels.map(([name, count]) => ({
    label: name,
    text: printName(name),
    detail: `label of ${alertsInWords(count)}`,
  }));
  return [...fields, ...shown].slice(0, typed.startsWith('@') ? fields.length : maxShown);
}

function operatorsOf(name: string, before: string): readonly Completion[] {
  const operators =
    name === '@age'
      ? ageOperators
      : matchOperators.map((operator) => [operator, operatorWords[operator]] as const);
  return operators.map(([operator, detail]) => ({ label: operator, text: before + operator, detail }));
}

function alertsInWords(count: number): string {
  return counted(count, 'alert');
}

/** What a pattern needs to mean the value as it is. */
function escaped(value: string): string {
  return value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** Those that begin with what is typed, then those that contain it. */
function matching(
  known: readonly (readonly [string, number])[],
  typed: string,
): readonly (readonly [string, number])[] {
  const wanted = typed.toLowerCase();
  const found = known.filter(([name]) => name.toLowerCase().includes(wanted));
  const starts = ([name]: readonly [string, number]): number =>
    name.toLowerCase().startsWith(wanted) ? 0 : 1;
  return found.sort((left, right) => starts(left) - starts(right)).slice(0, maxShown);
}

/** The filter with a completion taken, and where the caret is then. */
export function withCompletion(
  text: string,
  caret: number,
  place: FilterPlace,
  completion: Completion,
): { readonly text: string; readonly caret: number } {
  if (place.kind === 'none') return { text, caret };
  let after = text.slice(caret);
  // A quote that closes the value already is not written twice.
  if (place.kind === 'value' && text[place.from] === '"' && after.startsWith('"')) after = after.slice(1);
  const head = text.slice(0, place.from) + completion.text;
  return { text: head + after, caret: head.length };
}
