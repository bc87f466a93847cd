import { expect, test } from 'vitest';
import { readRuleFile } from './rule-file.ts';

const good = `groups:
  - name: g
    interval: 30s
    labels: {team: a, severity: low}
    rules:
      - alert: Down
        expr: up == 0
        for: 5m
        labels: {severity: high}
        annotations:
          summary: "{{ $labels.instance }}"
      - record: job:up:sum
        expr: sum by (job) (up)
`;

test('reads groups, merges labels and keeps recording rules', () => {
  const { groups, problems } = readRuleFile(good, 'a.yml');
  expect(problems).toEqual([]);
  expect(groups[0]).toMatchObject({ key: 'a.yml;g', intervalMs: 30_000 });
  expect(groups[0]?.rules).toMatchObject([
    { kind: 'alerting', name: 'Down', forMs: 300_000, labels: { team: 'a', severity: 'high' }, line: 6 },
    { kind: 'recording', name: 'job:up:sum', line: 12 },
  ]);
});

test.for([
  ['name: g', 'name: ""', 2, 'the group has no name'],
  ['interval: 30s', 'interval: 30', 3, 'not a valid duration: "30"'],
  ['for: 5m', 'fro: 5m', 8, 'unknown key "fro"'],
  ['for: 5m', 'record: x', 8, 'only one of "record" and "alert" can be set'],
  ['up == 0', 'up == ', 7, 'unexpected end of input'],
  ['up == 0', 'up ==== 0', 7, 'unexpected <op:==>'],
  ['{{ $labels.instance }}', 'x {{ query `up` }}', 11, 'function "query" is not supported'],
  ['{{ $labels.instance }}', 'x {{ $nothing }}', 11, 'undefined variable "$nothing"'],
  ['labels: {severity: high}', 'labels: {__name__: high}', 9, 'invalid label name: __name__'],
  ['expr: sum by (job) (up)', 'expr: sum by (job) (up)\n        for: 5m', 14, '"for" in a recording rule'],
  ['job:up:sum', 'job{a}', 12, 'invalid recording rule name'],
] as const)('%s as %s is said with its line', ([from, to, line, message]) => {
  const { groups, problems } = readRuleFile(good.replace(from, to), 'a.yml');
  expect(groups).toEqual([]);
  expect(problems.map((problem) => [problem.line, problem.message])).toContainEqual([
    line,
    expect.stringContaining(message.trim()),
  ]);
  expect(
    problems.every(({ file, column, severity }) => file === 'a.yml' && column > 0 && severity === 'error'),
  ).toBe(true);
});

test('points at the place inside a template', () => {
  const { problems } = readRuleFile(
    good.replace('{{ $labels.instance }}', 'x {{ query "up" }}').replace('"up"', 'nil'),
    'a.yml',
  );
  expect(problems[0]).toMatchObject({ line: 11, column: 26 });
});

test('reads merge keys and only the first document', () => {
  const text = `groups:\n- name: g\n  rules:\n  - &a {alert: A, expr: m, for: 1m}\n  - {<<: *a, alert: B}\n---\nx: y\n`;
  const { groups, problems } = readRuleFile(text, 'a.yml');
  expect(groups[0]?.rules.map(({ name, forMs }) => [name, forMs])).toEqual([
    ['A', 60_000],
    ['B', 60_000],
  ]);
  expect(problems).toMatchObject([{ severity: 'warning', line: 6 }]);
});
