import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it, test } from 'vitest';
import type { AlertFacts } from '#shared/model/alert-facts.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { labelOf } from '#shared/model/labels.ts';
import { severityOf } from '#shared/model/severity.ts';
import { alertFacts, incidentRow } from '#support/models.ts';
import { compileFilter, needsPatterns, type CompiledFilter, type FilterAnswer } from './compile.ts';
import type { FilterTerm } from './model.ts';
import { parseFilter } from './parse.ts';
import { printFilter } from './print.ts';

const nowMs = 1_000_000_000;
let compiledPatterns = 0;

function compile(pattern: string): ((value: string) => boolean) | null {
  compiledPatterns++;
  try {
    const compiled = RE2JS.compile(pattern);
    return (value) => compiled.matches(value);
  } catch {
    return null;
  }
}

function filterOf(text: string): CompiledFilter {
  const parsed = parseFilter(text);
  const compiled = parsed.ok ? compileFilter(parsed.value, compile) : parsed;
  if (!compiled.ok) throw new Error(compiled.failure.message);
  return compiled.value;
}

const row = incidentRow({
  id: 412,
  title: 'HighErrorRate',
  summary: '5xx 7.79/s on q2x8m',
  labels: { alertname: 'HighErrorRate', team: 'payments' },
  acknowledged: { by: 'ada', atMs: 1 },
});
const alerts: readonly AlertFacts[] = [
  alertFacts(row, {
    labels: { alertname: 'HighErrorRate', team: 'payments', severity: 'page', pod: 'api "one"' },
    startsAtMs: nowMs - 120_000,
    receivers: ['pager', 'chat'],
    silencedBy: ['s1'],
    state: 'suppressed',
  }),
  alertFacts(row, {
    fingerprint: 'b',
    labels: { alertname: 'HighErrorRate', team: 'payments', severity: 'warning', pod: 'two' },
    startsAtMs: nowMs - 3_600_000,
    receivers: [],
    mutedBy: ['weekend'],
    sources: ['am-b'],
  }),
];

describe('an incident with two alerts', () => {
  it.each<[string, FilterAnswer]>([
    ['', 'matches'],
    ['error', 'matches'],
    ['inc-412', 'matches'],
    ['critical', 'matches'],
    ['two', 'matches'],
    ['two page', 'fails'],
    ['nowhere', 'fails'],
    ['pod="two" severity=warning', 'matches'],
    ['pod="two" severity=page', 'fails'],
    ['pod=~tw', 'fails'],
    ['pod=~"tw."', 'matches'],
    ['pod!~"t.*"', 'matches'],
    ['team!=payments', 'fails'],
    ['zone=""', 'matches'],
    ['zone!=eu', 'matches'],
    ['constructor=""', 'matches'],
    ['@severity=critical', 'matches'],
    ['@severity=Critical @state=suppressed', 'matches'],
    ['@severity=info', 'fails'],
    ['@state=firing @severity=critical', 'fails'],
    ['@age<5m', 'matches'],
    ['@age<5m pod=two', 'fails'],
    ['@age>30m', 'matches'],
    ['@receiver=chat', 'matches'],
    ['@receiver=""', 'matches'],
    ['@receiver=mail', 'fails'],
    ['@receiver!=chat @severity=critical', 'fails'],
    ['@silenced-by', 'matches'],
    ['@silenced-by=""', 'matches'],
    ['@silenced-by=s2', 'fails'],
    ['@inhibited-by', 'fails'],
    ['@muted=weekend', 'matches'],
    ['@source=am-b', 'matches'],
    ['@acked-by=ada', 'matches'],
    ['@acked-by=""', 'fails'],
  ])('%s: %s', (text, expected) => {
    expect(filterOf(text).answer(row, alerts, nowMs)).toBe(expected);
  });

  it('is unknown where the one alert that could decide was not told of', () => {
    const weekend = filterOf('@muted=weekend @severity=critical');
    expect(weekend.answer(row, alerts, nowMs)).toBe('unknown');
    expect(weekend.untold(row, alerts)).toEqual(['muted']);
    expect(filterOf('@muted!=weekend @severity=critical').answer(row, alerts, nowMs)).toBe('unknown');
    expect(filterOf('@muted=weekend team=billing').answer(row, alerts, nowMs)).toBe('fails');
  });

  it('is unknown where a Prometheus told the alert, which knows of no silences', () => {
    const own = [alertFacts(row, { silencedBy: null, inhibitedBy: null })];
    const silenced = filterOf('@silenced-by=""');
    expect(silenced.answer(row, own, nowMs)).toBe('unknown');
    expect(silenced.untold(row, own)).toEqual(['silenced-by']);
    expect(filterOf('@inhibited-by!=x').answer(row, own, nowMs)).toBe('unknown');
  });

  it('is asked only of alerts that are not over, unless all are', () => {
    const over = alerts.map((facts) => ({ ...facts, ended: true, state: 'resolved' as const }));
    const [first, second] = alerts;
    const half = [over[0] ?? first, second].flatMap((facts) => facts ?? []);
    expect(filterOf('pod=~"api.*"').answer(row, half, nowMs)).toBe('fails');
    expect(filterOf('pod=two').answer(row, half, nowMs)).toBe('matches');
    const resolved = { ...row, resolvedAtMs: nowMs };
    expect(filterOf('@state=resolved pod=two').answer(resolved, over, nowMs)).toBe('matches');
  });

  it('without its alerts is known by what they share', () => {
    const without = (text: string): FilterAnswer => filterOf(text).answer(row, undefined, nowMs);
    expect(without('team=payments error @acked-by=ada')).toBe('matches');
    expect(without('team=billing')).toBe('fails');
    expect([without('pod=two'), without('two'), without('@age<5m')]).toEqual(Array(3).fill('unknown'));
    expect(filterOf('pod=two').untold(row, [])).toEqual(['alerts']);
  });
});

it('says which pattern is wrong, and where it is written', () => {
  const parsed = parseFilter('x team=~"(?=x)"');
  const compiled = parsed.ok ? compileFilter(parsed.value, compile) : parsed;
  expect(compiled).toMatchObject({
    failure: { from: 2, to: 15, message: '(?=x) is not a pattern that RE2 accepts.' },
  });
  const long = parseFilter(`team=~${'a'.repeat(1_001)}`);
  expect(long.ok && compileFilter(long.value, compile)).toMatchObject({
    failure: { message: expect.stringMatching(/longer than 1000/) },
  });
});

it('asks for the pattern engine only where there is a pattern', () => {
  const needs = (text: string): boolean => {
    const parsed = parseFilter(text);
    return parsed.ok && needsPatterns(parsed.value);
  };
  expect(['a b=c "d=~e" @age<5m', 'a b=~c', '@source!~x'].map(needs)).toEqual([false, true, true]);
});

it('is quick on a pattern that would hang a backtracking engine', () => {
  const hostile = filterOf('pod=~"(a+)+$"');
  const facts = alertFacts(row, { labels: { pod: `${'a'.repeat(5_000)}b` } });
  expect(hostile.answer(row, [facts], nowMs)).toBe('fails');
});

const names = ['a', 'b'];
const values = ['', 'x', 'xy'];
const some = fc.subarray(values.slice(1));
const factsOf: fc.Arbitrary<AlertFacts> = fc
  .record({
    labels: fc.dictionary(fc.constantFrom(...names, 'severity'), fc.constantFrom(...values), {
      noNullPrototype: true,
    }),
    state: fc.constantFrom('firing', 'suppressed', 'unseen'),
    startsAtMs: fc.integer({ min: 0, max: 10 }).map((minutes) => nowMs - minutes * 60_000),
    ended: fc.boolean(),
    silencedBy: some,
    receivers: fc.option(some),
    mutedBy: fc.option(some),
    sources: some,
  })
  .map((part) => alertFacts(incidentRow(), part));
const operators = fc.constantFrom('=', '!=', '=~', '!~');
const patterns = fc.constantFrom(...values, 'x.*', '.+', 'y');
const anyTerm = fc.oneof(
  fc.record({ kind: fc.constant('word'), word: fc.constantFrom('x', 'XY', 'critical', 'q') }),
  fc.record({
    kind: fc.constant('label'),
    name: fc.constantFrom(...names),
    operator: operators,
    value: patterns,
  }),
  fc.record({
    kind: fc.constant('field'),
    field: fc.constantFrom('severity', 'receiver', 'silenced-by', 'muted', 'source', 'acked-by'),
    operator: operators,
    value: patterns,
  }),
  fc.record({
    kind: fc.constant('age'),
    operator: fc.constantFrom('<', '>'),
    ageMs: fc.constantFrom(0, 240_000),
  }),
) as fc.Arbitrary<FilterTerm>;

/** The definition, of alerts of which all is told. */
function naively(terms: readonly FilterTerm[], incident: IncidentRow, facts: AlertFacts): boolean {
  const compared = (operator: string, value: string, given: readonly string[]): boolean => {
    const test = (one: string): boolean =>
      operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(one) : one === value;
    return (given.length === 0 ? [''] : given).some(test) !== operator.startsWith('!');
  };
  return terms.every((term) => {
    if (term.kind === 'age') {
      const ageMs = nowMs - facts.startsAtMs;
      return term.operator === '<' ? ageMs < term.ageMs : ageMs > term.ageMs;
    }
    if (term.kind === 'word') {
      const said = [incident.severity.word, incident.title, incident.service, incident.summary, 'INC-1'];
      const all = [...said, ...Object.values(facts.labels)].join('\n');
      return all.toLowerCase().includes(term.word.toLowerCase());
    }
    if (term.kind === 'label') return compared(term.operator, term.value, [labelOf(facts.labels, term.name)]);
    const { level, word } = severityOf(labelOf(facts.labels, 'severity'));
    const told: Record<string, readonly string[]> = {
      severity: [level, word.toLowerCase()],
      receiver: facts.receivers ?? [],
      'silenced-by': facts.silencedBy ?? [],
      muted: facts.mutedBy ?? [],
      source: facts.sources,
      'acked-by': incident.acknowledged === null ? [] : [incident.acknowledged.by],
    };
    return compared(term.operator, term.value, told[term.field] ?? []);
  });
}

test('the answer is that of the definition, or unknown where what was not told could change it', () => {
  const acknowledged = fc.constantFrom(null, { by: 'x', atMs: 1 });
  fc.assert(
    fc.property(
      fc.array(anyTerm, { maxLength: 3 }),
      fc.array(factsOf, { minLength: 1, maxLength: 3 }),
      acknowledged,
      (terms, told, acked) => {
        const incident = incidentRow({ acknowledged: acked });
        const asked = told.some(({ ended }) => !ended) ? told.filter(({ ended }) => !ended) : undefined;
        fc.pre(asked !== undefined);
        const answer = filterOf(printFilter(terms)).answer(incident, told, nowMs);
        const worlds = [[], ['x'], ['xy'], ['x', 'xy']].flatMap((receivers) =>
          [[], ['x'], ['xy']].map((mutedBy) =>
            (asked ?? []).some((facts) =>
              naively(terms, incident, {
                ...facts,
                receivers: facts.receivers ?? receivers,
                mutedBy: facts.mutedBy ?? mutedBy,
              }),
            ),
          ),
        );
        const isTold = (asked ?? []).every(
          ({ receivers, mutedBy }) => receivers !== null && mutedBy !== null,
        );
        if (isTold) expect(answer).toBe(worlds[0] ? 'matches' : 'fails');
        if (answer !== 'unknown') expect(worlds).toEqual(worlds.map(() => answer === 'matches'));
      },
    ),
    { numRuns: 1_000 },
  );
});

test('ten thousand incidents are answered once; after that only what has changed', () => {
  const rows = Array.from({ length: 10_000 }, (_one, id) => incidentRow({ id: id + 1 }));
  const facts = rows.map((incident, index) => [
    alertFacts(incident, { labels: { alertname: 'A', pod: `pod-${index % 50}`, zone: `zone-${index}` } }),
  ]);
  const before = compiledPatterns;
  const filter = filterOf('pod=~"pod-1.*" backend zone!="zone-1"');
  const matching = (): number =>
    rows.filter((incident, index) => filter.answer(incident, facts[index], nowMs) === 'matches').length;
  expect(matching()).toBe(2_199);
  const started = performance.now();
  expect(matching()).toBe(2_199);
  expect(performance.now() - started).toBeLessThan(50);
  expect(compiledPatterns - before).toBe(1);
});
