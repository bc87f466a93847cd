import { expect, test } from 'vitest';
import { minuteMs, secondMs } from '#shared/time.ts';
import { RaisingRules } from './raising-rules.ts';

type Rule = NonNullable<Parameters<RaisingRules['learn']>[0]>[number];

function rule(name: string, query: string, labels: Record<string, string> = {}): Rule {
  return { kind: 'alerting', name, query, labels, health: 'ok', lastEvaluationAtMs: 1 };
}

function knowing(...told: readonly Rule[]): RaisingRules {
  const rules = new RaisingRules();
  rules.learn(told, 0);
  return rules;
}

test('the rule of an alert is the one of its name whose labels it has', () => {
  const known = knowing(
    rule('Slow', 'p99 > 1', { severity: 'warning', team: '{{ $labels.owner }}' }),
    rule('Slow', 'p99 > 5', { severity: 'critical' }),
    { ...rule('Fast', 'recorded'), kind: 'recording' },
  );
  expect(known.expressionOf({ alertname: 'Slow', severity: 'warning', team: 'db' })).toBe('p99 > 1');
  expect(known.expressionOf({ alertname: 'Slow', severity: 'critical', job: 'a' })).toBe('p99 > 5');
  expect(known.expressionOf({ alertname: 'Slow' })).toBe('');
  expect(known.expressionOf({ alertname: 'Fast' })).toBe('');
});

test('where two may have raised it, neither is named', () => {
  const known = knowing(rule('Slow', 'a > 1'), rule('Slow', 'b > 1'), rule('Same', 'c'), rule('Same', 'c'));
  expect(known.expressionOf({ alertname: 'Slow' })).toBe('');
  expect(known.expressionOf({ alertname: 'Same' })).toBe('c');
});

test('a rule has spoken once it was evaluated with success, and all that may have raised the alert have to', () => {
  const unsure = { health: 'unknown', lastEvaluationAtMs: Date.parse('0001-01-01T00:00:00Z') } as const;
  const known = knowing(
    rule('A', 'a'),
    { ...rule('B', 'b'), health: 'err' },
    { ...rule('C', 'c'), ...unsure },
    rule('D', 'd'),
    { ...rule('D', 'e'), ...unsure },
  );
  const names = ['A', 'B', 'C', 'D', 'E'];
  expect(names.filter((alertname) => known.areEvaluated({ alertname }))).toEqual(['A']);
});

test('rules are asked for where one is not known, at most once a minute, and again after ten', () => {
  const rules = new RaisingRules();
  expect(rules.isDue([], 0)).toBe(false);
  expect(rules.isDue(['A'], 0)).toBe(true);
  rules.learn(null, 0);
  expect(rules.isDue(['A'], 59 * secondMs)).toBe(false);
  expect(rules.isDue(['A'], minuteMs)).toBe(true);
  rules.learn([rule('A', 'a')], minuteMs);
  expect(rules.isDue(['A'], 5 * minuteMs)).toBe(false);
  expect(rules.isDue(['A', 'B'], 5 * minuteMs)).toBe(true);
  expect(rules.isDue(['A'], 11 * minuteMs)).toBe(true);
});
