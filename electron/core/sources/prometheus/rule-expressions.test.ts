import { expect, test } from 'vitest';
import { minuteMs, secondMs } from '#shared/time.ts';
import { RuleExpressions } from './rule-expressions.ts';

type Rule = NonNullable<Parameters<RuleExpressions['learn']>[0]>[number];

function rule(name: string, query: string, labels: Record<string, string> = {}): Rule {
  return { kind: 'alerting', name, query, labels };
}

function knowing(...rules: readonly Rule[]): RuleExpressions {
  const expressions = new RuleExpressions();
  expressions.learn(rules, 0);
  return expressions;
}

test('the rule of an alert is the one of its name whose labels it has', () => {
  const known = knowing(
    rule('Slow', 'p99 > 1', { severity: 'warning', team: '{{ $labels.owner }}' }),
    rule('Slow', 'p99 > 5', { severity: 'critical' }),
    { ...rule('Fast', 'recorded'), kind: 'recording' },
  );
  expect(known.of({ alertname: 'Slow', severity: 'warning', team: 'db' })).toBe('p99 > 1');
  expect(known.of({ alertname: 'Slow', severity: 'critical', job: 'a' })).toBe('p99 > 5');
  expect(known.of({ alertname: 'Slow' })).toBe('');
  expect(known.of({ alertname: 'Fast' })).toBe('');
});

test('where two may have raised it, neither is named', () => {
  const known = knowing(rule('Slow', 'a > 1'), rule('Slow', 'b > 1'), rule('Same', 'c'), rule('Same', 'c'));
  expect(known.of({ alertname: 'Slow' })).toBe('');
  expect(known.of({ alertname: 'Same' })).toBe('c');
});

test('rules are asked for where one is not known, at most once a minute, and again after ten', () => {
  const expressions = new RuleExpressions();
  expect(expressions.isDue([], 0)).toBe(false);
  expect(expressions.isDue(['A'], 0)).toBe(true);
  expressions.learn(null, 0);
  expect(expressions.isDue(['A'], 59 * secondMs)).toBe(false);
  expect(expressions.isDue(['A'], minuteMs)).toBe(true);
  expressions.learn([rule('A', 'a')], minuteMs);
  expect(expressions.isDue(['A'], 5 * minuteMs)).toBe(false);
  expect(expressions.isDue(['A', 'B'], 5 * minuteMs)).toBe(true);
  expect(expressions.isDue(['A'], 11 * minuteMs)).toBe(true);
});
