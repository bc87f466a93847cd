import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluateAlerts } from './alert-state.ts';
import { readRuleFolder } from './rule-folder.ts';

/** The rule files of the OpsSight repositories, formatted as everything here is. */
const folder = join(import.meta.dirname, 'fixtures');

test('all of them load', async () => {
  const { groups, problems } = await readRuleFolder(folder);
  expect(problems).toEqual([]);
  const rules = groups.flatMap((group) => group.rules);
  expect([...new Set(groups.map(({ file }) => file))]).toEqual([
    'alert_rules.yml',
    'alerts.yml',
    'business_alerts.yml',
    'recording_rules.yml',
  ]);
  expect(rules.filter(({ kind }) => kind === 'alerting').length).toBeGreaterThan(20);
  expect(rules.filter(({ kind }) => kind === 'recording').length).toBeGreaterThan(5);
});

/** As promtool prints the value with each of the two templates that the files use. */
const written = [
  [0.0512345, '0.0512345', '5.123%'],
  [1234567.5, '1.2345675e+06', '1.235e+08%'],
  [1, '1', '100%'],
  [0.00001, '1e-05', '0.001%'],
] as const;

test.for(written)(
  'annotations with %s read as Prometheus writes them',
  async ([value, plain, percentage]) => {
    const { groups } = await readRuleFolder(folder);
    let compared = 0;
    for (const rule of groups.flatMap((group) => group.rules).filter(({ kind }) => kind === 'alerting')) {
      const samples = [{ labels: { __name__: 'm', instance: 'h:1' }, value }];
      const [alert] = evaluateAlerts(rule, new Map(), samples, 0, 0).alerts.values();
      for (const [name, text] of Object.entries(rule.annotations)) {
        const expected = text
          .replaceAll('{{ $value | humanizePercentage }}', percentage)
          .replaceAll('{{ $value }}', plain);
        expect(alert?.annotations[name]).toBe(expected);
        compared += Number(expected !== text);
      }
    }
    expect(compared).toBe(19);
  },
);
