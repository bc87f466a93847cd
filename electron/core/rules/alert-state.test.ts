import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateAlerts, type ActiveAlerts } from './alert-state.ts';
import { readRuleFile } from './rule-file.ts';
import type { Rule } from './rule.ts';

function ruleOf(more: object = {}): Rule {
  const text = JSON.stringify({ groups: [{ name: 'g', rules: [{ alert: 'A', expr: 'm', ...more }] }] });
  const file = readRuleFile(text, 'a.yml');
  expect(file.problems).toEqual([]);
  const rule = file.groups[0]?.rules[0];
  if (rule === undefined) throw new Error('no rule was read');
  return rule;
}

function evaluated(rule: Rule, before: ActiveAlerts, present: boolean, atMs: number) {
  const samples = present ? [{ labels: { __name__: 'm', a: 'b' }, value: atMs }] : [];
  return evaluateAlerts(rule, before, samples, atMs, 0);
}

const millisOf = (seconds: number): string => `${seconds}s`;

test('fires exactly when it was present for `for`, ends exactly when keep_firing_for is over', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
      fc.nat(5),
      fc.nat(5),
      (present, forSeconds, keepSeconds) => {
        const rule = ruleOf({ for: millisOf(forSeconds), keep_firing_for: millisOf(keepSeconds) });
        let alerts: ActiveAlerts = new Map();
        // The same told without the code: a run of presence, and a run of absence after it fired.
        let since: number | null = null;
        let fired = false;
        let gone: number | null = null;
        for (const [second, is] of present.entries()) {
          if (is) {
            since ??= second;
            gone = null;
            fired ||= second - since >= forSeconds;
          } else if (fired && keepSeconds > 0) {
            gone ??= second;
            if (second - gone >= keepSeconds) [since, fired, gone] = [null, false, null];
          } else [since, fired, gone] = [null, false, null];
          const result = evaluated(rule, alerts, is, second * 1_000);
          expect(result.error).toBe('');
          ({ alerts } = result);
          const [alert] = alerts.values();
          expect(alert?.state ?? 'none').toBe(fired ? 'firing' : since === null ? 'none' : 'pending');
          if (alert !== undefined) expect(alert.activeAtMs).toBe(since! * 1_000);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("labels: the sample's without its name, the rule's over them, alertname over all, empty ones gone", () => {
  const rule = ruleOf({
    labels: { a: 'over {{ $labels.a }} {{ $labels.__name__ }} {{ $labels.severity }}', severity: 'x', c: '' },
    annotations: { t: '{{ $value }} {{ $labels.severity }}', bad: '{{ humanize "x" }}' },
  });
  const sample = { labels: { __name__: 'm', a: 'b', c: 'd', alertname: 'no' }, value: 1e6 };
  const [alert] = evaluateAlerts(rule, new Map(), [sample], 5, 0).alerts.values();
  expect(alert?.labels).toEqual({ alertname: 'A', a: 'over b m ', severity: 'x' });
  expect(alert?.annotations['t']).toBe('1e+06 ');
  expect(alert?.annotations['bad']).toMatch(/^<error expanding template: error calling humanize/);
});

test('two results with the same labels change nothing and are an error', () => {
  const rule = ruleOf({ labels: { a: '' } });
  const before = evaluated(rule, new Map(), true, 1_000).alerts;
  const samples = [
    { labels: { a: '1' }, value: 1 },
    { labels: { a: '2' }, value: 1 },
  ];
  const result = evaluateAlerts(rule, before, samples, 2_000, 0);
  expect(result.alerts).toBe(before);
  expect(result.error).toMatch('vector contains metrics with the same labelset after applying alert labels');
});

test('over the limit, pending ones counted, all state goes', () => {
  const samples = ['1', '2', '3'].map((a) => ({ labels: { a }, value: 1 }));
  const result = evaluateAlerts(ruleOf({ for: '5m' }), new Map(), samples, 1, 2);
  expect(result).toEqual({ alerts: new Map(), error: 'exceeded limit of 2 with 3 alerts' });
});

test('a raised `for` sends a firing alert back to pending', () => {
  const firing = evaluated(ruleOf(), new Map(), true, 0).alerts;
  const [alert] = evaluated(ruleOf({ for: '1m' }), firing, true, 1_000).alerts.values();
  expect(alert).toMatchObject({ state: 'pending', activeAtMs: 0, firedAtMs: null });
});
