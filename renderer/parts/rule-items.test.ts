import { expect, test } from 'vitest';
import type { Alert } from '#shared/model/alert.ts';
import { localRulesSource, type RuleView } from '#shared/model/rule.ts';
import { failingRules, placeOf, ruleBehind } from './rule-items.ts';

function rule(
  line: number,
  name: string,
  labels: RuleView['labels'],
  alerts: RuleView['alerts'] = [],
): RuleView {
  return {
    name,
    kind: 'alerting',
    expression: 'm',
    forMs: 0,
    keepFiringForMs: 0,
    labels,
    annotations: {},
    line,
    health: 'ok',
    lastError: '',
    lastSuccessAtMs: null,
    state: 'inactive',
    alerts,
    alertCount: alerts.length,
  };
}

function alert(labels: Alert['labels'], sources: string[]): Alert {
  return {
    fingerprint: JSON.stringify(labels),
    labels,
    annotations: {},
    startsAtMs: 0,
    state: 'firing',
    generatorUrl: '',
    silencedBy: [],
    inhibitedBy: [],
    sources,
    firstSeenAtMs: 0,
    lastSeenAtMs: 0,
    endedAtMs: null,
  };
}

const active = { annotations: {}, state: 'firing', activeAtMs: 0, firedAtMs: 0, value: '1' } as const;
const group = {
  file: 'backend.yml',
  name: 'g',
  intervalMs: 1,
  lastEvaluatedAtMs: null,
  lastSlotAtMs: null,
  missedSlots: 0,
};
const rules = {
  folder: '/r',
  source: 'p',
  problems: [],
  groups: [
    {
      ...group,
      rules: [
        rule(3, 'Slow', { severity: 'warning' }),
        rule(9, 'Slow', { severity: 'critical', team: '{{ $labels.team }}' }),
        rule(15, 'Slow', {}, [{ ...active, labels: { alertname: 'Slow', severity: 'page', pod: 'a' } }]),
        { ...rule(20, 'Down', {}), kind: 'recording' as const },
      ],
    },
  ],
};

test.for([
  [{ alertname: 'Slow', severity: 'warning', pod: 'a' }, 'backend.yml:3'],
  [{ alertname: 'Slow', severity: 'critical', team: 'x' }, 'backend.yml:9'],
  [{ alertname: 'Slow', severity: 'page', pod: 'a' }, 'backend.yml:15'],
  [{ alertname: 'Down' }, undefined],
] as const)('the rule behind %j is at %s', ([labels, place]) => {
  const found = ruleBehind(rules, [
    alert({ alertname: 'Down' }, ['alertmanager']),
    alert(labels, [localRulesSource]),
  ]);
  expect(found === undefined ? undefined : placeOf(found)).toBe(place);
});

test('counts what cannot be evaluated', () => {
  const [first] = rules.groups;
  const failing = { ...rule(1, 'Down', {}), health: 'error' as const };
  expect(
    failingRules({ ...rules, groups: first === undefined ? [] : [{ ...first, rules: [failing] }] }),
  ).toBe(1);
  expect([failingRules(rules), failingRules(null)]).toEqual([0, 0]);
});

test('without rules or alerts there is none', () => {
  expect(ruleBehind(null, [alert({ alertname: 'Slow' }, [localRulesSource])])).toBeUndefined();
  expect(ruleBehind(rules, [])).toBeUndefined();
});
