import type { AlertFacts } from '#shared/model/alert-facts.ts';
import { incidentName, type IncidentRow } from '#shared/model/incident.ts';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import { severityOf } from '#shared/model/severity.ts';
import { failed, success, type Result } from '#shared/result.ts';
import {
  maxPatternLength,
  type FilterFault,
  type FilterField,
  type FilterTerm,
  type PlacedTerm,
} from './model.ts';

/**
 * Whether an incident matches: whether any of its alerts does. What nobody told is unknown, and so is
 * then, unless something else decides it, the answer: three values, joined as by Kleene.
 */

/** Ordered: "and" is the least of them, "any" the greatest, "not" is what is missing to two. */
const no = 0;
const unknown = 1;
const yes = 2;
type Truth = typeof no | typeof unknown | typeof yes;

export type FilterAnswer = 'matches' | 'unknown' | 'fails';
const answerOf = ['fails', 'unknown', 'matches'] as const;

/** Compiles an RE2 pattern to a test of a whole value; null where the pattern is wrong. */
export type PatternCompiler = (pattern: string) => ((value: string) => boolean) | null;

export interface CompiledFilter {
  /** Whether the answer changes with the time alone. */
  readonly usesAge: boolean;
  /** @param alerts all of its alerts; undefined where they are not known. */
  answer(row: IncidentRow, alerts: readonly AlertFacts[] | undefined, nowMs: number): FilterAnswer;
  /** What the filter asks that was not told of this incident: `receiver`, `muted`, or `alerts` for all of them. */
  untold(row: IncidentRow, alerts: readonly AlertFacts[] | undefined): readonly ('alerts' | FilterField)[];
}

/** Of one alert; null stands for one of which only what it shares with its incident is known. */
type AlertTest = (row: IncidentRow, facts: AlertFacts | null, nowMs: number) => Truth;
type ValueTest = (values: readonly string[]) => boolean;

export function needsPatterns(terms: readonly PlacedTerm[]): boolean {
  return terms.some(({ term }) => 'operator' in term && term.operator.endsWith('~'));
}

export function compileFilter(
  terms: readonly PlacedTerm[],
  compile: PatternCompiler,
): Result<CompiledFilter, FilterFault> {
  const tests: AlertTest[] = [];
  for (const placed of terms) {
    const test = alertTest(placed.term, compile);
    if (test === null) return failed(wrongPattern(placed));
    tests.push(test);
  }
  const usesAge = terms.some(({ term }) => term.kind === 'age');
  const known = new WeakMap<IncidentRow, { alerts: unknown; answer: FilterAnswer }>();
  const fields = terms.flatMap(({ term }) => (term.kind === 'field' ? term.field : []));
  return success({
    usesAge,
    answer(row, alerts, nowMs) {
      const before = usesAge ? undefined : known.get(row);
      if (before !== undefined && before.alerts === alerts) return before.answer;
      const answer = answerOf[anyAlert(tests, row, alerts, nowMs)];
      if (!usesAge) known.set(row, { alerts, answer });
      return answer;
    },
    untold: (row, alerts) => {
      const asked = askedOf(row, alerts);
      if (asked.includes(null)) return ['alerts'];
      return fields.filter((field) =>
        asked.some((facts) => facts !== null && valuesOf(field, row, facts) === null),
      );
    },
  });
}

function wrongPattern({ term, from, to }: PlacedTerm): FilterFault {
  const pattern = 'value' in term ? term.value : '';
  const said =
    pattern.length > maxPatternLength
      ? `longer than ${maxPatternLength} characters`
      : 'not a pattern that RE2 accepts';
  return {
    from,
    to,
    termFrom: from,
    message: `${pattern.slice(0, 60)} is ${said}.`,
    accepted: 'a pattern of RE2, which has to match the whole value',
  };
}

const standIn = [null] as const;

/** Those that are not over, or all once the incident is. */
function askedOf(
  row: IncidentRow,
  alerts: readonly AlertFacts[] | undefined,
): readonly (AlertFacts | null)[] {
  const asked = row.resolvedAtMs === null ? alerts?.filter(({ ended }) => !ended) : alerts;
  return asked === undefined || asked.length === 0 ? standIn : asked;
}

function anyAlert(
  tests: readonly AlertTest[],
  row: IncidentRow,
  alerts: readonly AlertFacts[] | undefined,
  nowMs: number,
): Truth {
  let any: Truth = no;
  for (const facts of askedOf(row, alerts)) {
    let all: Truth = yes;
    for (const test of tests) {
      const truth = test(row, facts, nowMs);
      if (truth < all) all = truth;
      if (all === no) break;
    }
    if (all === yes) return yes;
    if (all > any) any = all;
  }
  return any;
}

/** @returns null for a pattern that is wrong. */
function alertTest(term: FilterTerm, compile: PatternCompiler): AlertTest | null {
  switch (term.kind) {
    case 'word':
      return wordTest(term.word.toLowerCase());
    case 'age':
      return (_row, facts, nowMs) => {
        if (facts === null) return unknown;
        const ageMs = nowMs - facts.startsAtMs;
        return truthOf(term.operator === '<' ? ageMs < term.ageMs : ageMs > term.ageMs);
      };
    case 'label': {
      const test = valueTest(term.operator, term.value, compile);
      if (test === null) return null;
      const { name } = term;
      return (row, facts) => {
        if (facts !== null) return truthOf(test([labelOf(facts.labels, name)]));
        return Object.hasOwn(row.labels, name) ? truthOf(test([labelOf(row.labels, name)])) : unknown;
      };
    }
    case 'field': {
      const { field } = term;
      const value = field === 'severity' ? term.value.toLowerCase() : term.value;
      const test = valueTest(term.operator, value, compile);
      if (test === null) return null;
      return (row, facts) => {
        const values = valuesOf(field, row, facts);
        return values === null ? unknown : truthOf(test(values));
      };
    }
  }
}

function truthOf(holds: boolean): Truth {
  return holds ? yes : no;
}

/** @returns the values; null where they are not known. */
function valuesOf(field: FilterField, row: IncidentRow, facts: AlertFacts | null): readonly string[] | null {
  if (field === 'acked-by') return row.acknowledged === null ? [] : [row.acknowledged.by];
  if (facts === null) return null;
  switch (field) {
    case 'state':
      return [facts.state];
    case 'severity': {
      const { level, word } = severityOf(labelOf(facts.labels, 'severity'));
      return [level, word.toLowerCase()];
    }
    case 'receiver':
      return facts.receivers;
    case 'silenced-by':
      return facts.silencedBy;
    case 'inhibited-by':
      return facts.inhibitedBy;
    case 'muted':
      return facts.mutedBy;
    case 'source':
      return facts.sources;
  }
}

const maxRemembered = 10_000;
const noValue = [''];

/**
 * Holds where any of the values does, and none counts as an empty one, as a missing label does; a negative
 * operator holds where its positive one does not.
 */
function valueTest(
  operator: '=' | '!=' | '=~' | '!~',
  value: string,
  compile: PatternCompiler,
): ValueTest | null {
  const one = operator.endsWith('~') ? patternTest(value, compile) : (given: string) => given === value;
  if (one === null) return null;
  const any: ValueTest = (values) => (values.length === 0 ? noValue : values).some(one);
  return operator.startsWith('!') ? (values) => !any(values) : any;
}

/** Remembers what it found: ten thousand alerts have few values of a label. */
function patternTest(pattern: string, compile: PatternCompiler): ((value: string) => boolean) | null {
  const matches = pattern.length > maxPatternLength ? null : compile(pattern);
  if (matches === null) return null;
  const found = new Map<string, boolean>();
  return (value) => {
    let holds = found.get(value);
    if (holds === undefined) {
      if (found.size >= maxRemembered) found.clear();
      found.set(value, (holds = matches(value)));
    }
    return holds;
  };
}

/** One text each, lower case: of ten thousand alerts a word is looked for while a key is held down. */
const rowTexts = new WeakMap<IncidentRow, string>();
const labelTexts = new WeakMap<Labels, string>();
const between = '\u0000';

/** In severity, name, service, summary or number of the incident, or in the value of any label. */
function wordTest(word: string): AlertTest {
  const isIn = word.includes(between) ? () => false : (text: string): boolean => text.includes(word);
  return (row, facts) => {
    if (isIn(textOfRow(row))) return yes;
    if (isIn(textOfLabels(facts === null ? row.labels : facts.labels))) return yes;
    return facts === null ? unknown : no;
  };
}

function textOfRow(row: IncidentRow): string {
  let text = rowTexts.get(row);
  if (text === undefined) {
    const { level, word } = row.severity;
    const said = [word, level, row.title, row.service, row.summary, incidentName(row.id)];
    rowTexts.set(row, (text = said.join(between).toLowerCase()));
  }
  return text;
}

function textOfLabels(labels: Labels): string {
  let text = labelTexts.get(labels);
  if (text === undefined) {
    labelTexts.set(labels, (text = Object.values(labels).join(between).toLowerCase()));
  }
  return text;
}
