import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { success } from '#shared/result.ts';
import { evaluateAlerts } from './alert-state.ts';
import { noSurroundings } from './query-service.ts';
import { RuleEngine } from './rule-engine.ts';
import { readRuleFile } from './rule-file.ts';
import { readRuleFolder } from './rule-folder.ts';

/** Rule files that are wrong, huge or mean: refused in a bounded time, each with its place. */

const rule = '{alert: A, expr: m}';

function merged(depth: number): string {
  const levels = Array.from(
    { length: depth },
    (_, level) => `
  - alert: A
    expr: m
    labels: &l${level + 1}
      <<: [${Array(9).fill(`*l${level}`).join(', ')}]`,
  );
  return `groups:\n- name: g\n  rules:\n  - {alert: A, expr: m, labels: &l0 {a: b}}${levels.join('')}\n`;
}

const groupsOfOneList = Array.from({ length: 2_000 }, (_, index) => `- {name: g${index}, rules: *r}\n`);

test.for<readonly [what: string, text: string, line: number, column: number, message: string]>([
  ['more than 1 MiB', `# ${'x'.repeat(1_048_576)}\ngroups: []\n`, 1, 1, 'the file is larger than 1 MiB'],
  ['deep nesting', `groups: ${'['.repeat(5_000)}`, 1, 0, 'nested too deeply to read'],
  ['maps merged without end', merged(9), 0, 0, 'the file means too much'],
  [
    'a rule that merges itself',
    `groups:\n- {name: g, rules: [&r {<<: *r}]}\n`,
    2,
    24,
    'maps merged too deeply',
  ],
  ['a list that is its own item', 'groups: &g\n- *g\n', 2, 1, 'this is not a map'],
  [
    'one list of rules for many groups',
    `groups:\n- {name: g, rules: &r [${Array(1_500).fill(rule).join(',')}]}\n${groupsOfOneList.join('')}`,
    2,
    0,
    'too many rules in one file',
  ],
  [
    '10,000 rules',
    `groups:\n- name: g\n  rules:\n  - &r ${rule}\n${'  - *r\n'.repeat(9_999)}`,
    0,
    0,
    'too many',
  ],
  [
    'a long group label',
    `groups:\n- name: g\n  labels: {l: ${'x'.repeat(60_000)}}\n  rules:\n${`  - ${rule}\n`.repeat(400)}`,
    0,
    0,
    'the file means too much',
  ],
  ['an alias without its anchor', `groups:\n- *nobody\n`, 2, 3, 'an alias without its anchor'],
  ['a key twice', 'groups:\n- name: g\n  name: h\n', 3, 3, '"name" stands here twice'],
  ['a group twice', 'groups:\n- name: g\n- name: g\n', 3, 9, 'there is another group "g"'],
  [
    'an annotation of 1 MB',
    `groups:\n- name: g\n  rules:\n  - alert: A\n    expr: m\n    annotations:\n      s: ${'x'.repeat(1_000_000)}\n`,
    7,
    10,
    'longer than 65536 characters',
  ],
])('%s is refused with its place', ([, text, line, column, message]) => {
  const { groups, problems } = readRuleFile(text, 'a.yml');
  expect(groups).toEqual([]);
  const [first] = problems;
  expect(first).toMatchObject({
    file: 'a.yml',
    severity: 'error',
    message: expect.stringContaining(message),
  });
  if (line > 0) expect(first?.line).toBe(line);
  if (column > 0) expect(first?.column).toBe(column);
  for (const problem of problems) {
    expect(problem.line).toBeGreaterThan(0);
    expect(problem.column).toBeGreaterThan(0);
  }
});

function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const cleanup = new Cleanup();
  onTestFinished(() => cleanup.run());
  const folder = temporaryFolder(cleanup);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

test('what is no file, no text or a loop is said, and the others are read', async () => {
  const folder = folderOf({
    'good.yml': `groups: [{name: g, rules: [${rule}]}]`,
    'latin.yml': Uint8Array.from('groups:\n# caf\u00e9\n', (character) => character.charCodeAt(0)),
  });
  symlinkSync('loop.yml', join(folder, 'loop.yml'));
  mkdirSync(join(folder, 'folder.yml'));
  const { groups, problems, refusedFiles } = await readRuleFolder(folder);
  expect(groups.map(({ file }) => file)).toEqual(['good.yml']);
  expect(problems).toMatchObject([
    { file: 'folder.yml', line: 1, column: 1, message: 'it is a directory' },
    { file: 'latin.yml', line: 2, column: 6, message: 'this is not UTF-8' },
    { file: 'loop.yml', line: 1, column: 1, message: 'a loop of symbolic links' },
  ]);
  expect([...(refusedFiles ?? [])]).toEqual(['folder.yml', 'latin.yml', 'loop.yml']);
});

test('more rules than a console evaluates are refused by the file', async () => {
  const text = `groups: [{name: g, rules: [&r {record: a, expr: m}${', *r'.repeat(1_999)}]}]`;
  const folder = folderOf(Object.fromEntries([1, 2, 3, 4, 5, 6].map((index) => [`${index}.yml`, text])));
  const { groups, problems } = await readRuleFolder(folder);
  expect(groups.length).toBe(5);
  expect(problems).toMatchObject([{ file: '6.yml', line: 1, message: 'too many rules in the folder' }]);
});

test('more or longer alerts than can be kept change nothing and are an error', () => {
  const [read] = readRuleFile(`groups: [{name: g, rules: [${rule}]}]`, 'a.yml').groups;
  const alerting = read?.rules[0];
  if (alerting === undefined) throw new Error('no rule was read');
  const found = (count: number, text: string) =>
    Array.from({ length: count }, (_, index) => ({ labels: { a: `${index}${text}` }, value: 1 }));
  const before = evaluateAlerts(alerting, new Map(), found(3, ''), 0, 0).alerts;
  const many = evaluateAlerts(alerting, before, found(10_001, ''), 1, 0);
  expect(many).toEqual({ alerts: before, error: expect.stringContaining('at most 10000') });
  const long = evaluateAlerts(alerting, before, found(20, 'x'.repeat(1_000_000)), 1, 0);
  expect(long).toEqual({ alerts: before, error: expect.stringContaining('longer than 16 MiB') });
});

test('templates that take for ever change nothing and are an error', () => {
  const work = `{{ $x := printf "%1000d" 1 }}${'{{ if match "(a|b)+c" $x }}{{ end }}'.repeat(500)}`;
  const written = JSON.stringify({ alert: 'A', expr: 'm', labels: { l: work } });
  const [read] = readRuleFile(`groups: [{name: g, rules: [${written}]}]`, 'a.yml').groups;
  const alerting = read?.rules[0];
  if (alerting === undefined) throw new Error('no rule was read');
  const found = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ labels: { a: `${index}` }, value: 1 }));
  const before = evaluateAlerts(alerting, new Map(), found(2), 0, 0);
  expect(before).toMatchObject({ error: '' });
  expect(before.alerts.size).toBe(2);
  const many = evaluateAlerts(alerting, before.alerts, found(10_000), 1, 0);
  expect(many).toEqual({ alerts: before.alerts, error: 'the templates of its alerts take too much work' });
});

test('a window is sent a rule shortened, and told how many alerts there are', async () => {
  const labels = Array.from({ length: 70 }, (_, index) => `l${index}: ${'x'.repeat(5_000)}`).join(', ');
  const folder = folderOf({
    'a.yml': `groups: [{name: g, interval: 1h, rules: [{alert: A, expr: m, labels: {${labels}}}]}]`,
  });
  const { engine } = engineOf(folder);
  await engine.reload();
  const shown = engine.view().groups[0]?.rules[0]?.labels ?? {};
  expect(Object.keys(shown).length).toBe(64);
  expect(shown['l0']?.length).toBe(4_001);
});

function engineOf(folder: string) {
  const engine = new RuleEngine({
    queries: { surroundings: () => noSurroundings, instant: async () => success([]) },
    restore: [],
    commit: async () => success(undefined),
    onAlerts: () => undefined,
    onDoubt: () => undefined,
    onChanged: () => undefined,
  });
  onTestFinished(() => engine.stop());
  engine.configure({ folder, prometheusUrl: '', sourceName: 'p' });
  engine.start();
  return { engine };
}

test('a folder that goes takes no rule out of force, says so, and is read when it is back', async () => {
  const folder = folderOf({ 'a.yml': `groups: [{name: g, rules: [${rule}]}]` });
  const { engine } = engineOf(folder);
  await engine.reload();
  const away = `${folder}-away`;
  renameSync(folder, away);
  onTestFinished(() => rmSync(away, { recursive: true, force: true }));
  await eventually('its loss is noticed', () => (engine.view().problems.length > 0 ? true : undefined));
  expect(engine.view().groups.length).toBe(1);
  expect(engine.view().problems).toMatchObject([{ file: folder, line: 1, column: 1 }]);
  renameSync(away, folder);
  await engine.reload();
  expect(engine.view()).toMatchObject({ groups: [{ name: 'g' }], problems: [] });
});
