import { describe, expect, test } from 'vitest';
import { AlertState } from './alert-state.ts';
import { readRuleFile, type AlertingRule } from './rule-file.ts';
import { parseTemplate } from './template.ts';

describe('templates', () => {
  test.each([
    ['{{ $value }} of 100', 96, '96 of 100'],
    ['{{ printf "%.2f" $value }}/s on {{ $labels.pod }}', 7.789, '7.79/s on p-1'],
    ['{{ $value | printf "%.1f" }}', 0.25, '0.3'],
    ['{{ $value | humanizePercentage }}', 0.9146, '91.46%'],
    ['{{ $value | humanizeDuration }}', 4.1234, '4.123s'],
    ['{{ $value | humanizeDuration }}', 3_725, '1h 2m 5s'],
    ['{{ $value | humanizeDuration }}', 0.25, '250ms'],
    ['{{ $value | humanize }}', 1_234_567, '1.235M'],
    ['{{ $value }}', 21_000_000, '2.1e+07'],
    ['{{ $labels.missing }}.', 1, '.'],
  ])('%s', (text, value, expected) => {
    expect(parseTemplate(text)({ pod: 'p-1' }, value)).toBe(expected);
  });

  test.each(['{{ query "up" }}', '{{ if $value }}', '{{ $value | nope }}'])(
    '%s is a mistake of ours',
    (text) => {
      expect(() => parseTemplate(text)).toThrow();
    },
  );
});

const [group] = readRuleFile(
  'test.yml',
  `
groups:
  - name: g
    labels: { namespace: shop }
    rules:
      - alert: Slow
        expr: latency > 1
        for: 30s
        labels: { severity: warning }
        annotations: { summary: '{{ $value }} s' }
`,
);
const rule = group?.rules[0] as AlertingRule;

describe('alert state', () => {
  const sample = { labels: { __name__: 'latency', pod: 'a' }, value: 2 };

  test('waits, fires, resolves, as Prometheus does', () => {
    const state = new AlertState(rule);
    state.evaluate(0, [sample]);
    expect(state.active()).toMatchObject([
      {
        labels: { alertname: 'Slow', namespace: 'shop', severity: 'warning', pod: 'a' },
        annotations: { summary: '2 s' },
        state: 'pending',
      },
    ]);
    expect(state.takeForSending(0)).toEqual([]);
    state.evaluate(15_000, [sample]);
    state.evaluate(30_000, [{ ...sample, value: 3 }]);
    expect(state.active()).toMatchObject([{ state: 'firing', activeAtMs: 0, firedAtMs: 30_000, value: 3 }]);
    expect(state.takeForSending(120_000)).toHaveLength(1);
    expect(state.takeForSending(135_000)).toEqual([]);
    state.evaluate(150_000, []);
    expect(state.active()).toEqual([]);
    expect(state.takeForSending(150_000)).toMatchObject([{ state: 'inactive', resolvedAtMs: 150_000 }]);
  });

  test('a break begins the waiting anew', () => {
    const state = new AlertState(rule);
    state.evaluate(0, [sample]);
    state.evaluate(15_000, []);
    state.evaluate(30_000, [sample]);
    expect(state.active()).toMatchObject([{ state: 'pending', activeAtMs: 30_000 }]);
  });

  test('a resolved alert that comes back is a new one', () => {
    const state = new AlertState(rule);
    for (const at of [0, 15_000, 30_000]) state.evaluate(at, [sample]);
    state.evaluate(45_000, []);
    state.evaluate(60_000, [sample]);
    expect(state.active()).toMatchObject([{ state: 'pending', activeAtMs: 60_000, firedAtMs: 0 }]);
  });
});

test('a rule file with an unknown key or a wrong query throws', () => {
  const file = (rule: string): string => `groups: [{ name: g, rules: [${rule}] }]`;
  expect(() => readRuleFile('x', file('{ alert: A, expr: up, fro: 1m }'))).toThrow();
  expect(() => readRuleFile('x', file('{ alert: A, expr: "up{" }'))).toThrow('unexpected end of input');
  expect(() => readRuleFile('x', file('{ alert: A, expr: up, for: soon }'))).toThrow();
});
