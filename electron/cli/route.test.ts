import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { runCommand } from './main.ts';

const nowMs = Date.parse('2026-11-20T12:30:00Z');
let cleanup: Cleanup;
let config: string;
let batch: string;

beforeEach(() => {
  cleanup = new Cleanup();
  const folder = temporaryFolder(cleanup);
  [config, batch] = [join(folder, 'alertmanager.yml'), join(folder, 'labels.jsonl')];
  writeFileSync(
    config,
    `
route:
  receiver: chat
  routes:
    - {matchers: [severity="critical"], receiver: pager, continue: true, group_wait: 10s}
    - {matchers: [severity="critical"], receiver: pager, mute_time_intervals: [lunch]}
    - {matchers: [team=~"d.*"], group_by: ['...']}
time_intervals:
  - {name: lunch, time_intervals: [{times: [{start_time: "12:00", end_time: "13:00"}]}]}
receivers:
  - {name: chat, slack_configs: [{api_url: "http://x"}]}
  - {name: pager, pagerduty_configs: [{service_key: x}]}
`,
  );
});

afterEach(() => cleanup.run());

function run(...argv: string[]): { readonly code: number; readonly output: string; readonly error: string } {
  const printed = { output: '', error: '' };
  const code = runCommand(['route', ...argv], {
    output: (text) => void (printed.output += `${text}\n`),
    error: (text) => void (printed.error += `${text}\n`),
    nowMs,
  });
  return { code, ...printed };
}

describe('labels of the command line', () => {
  test.each([
    ['team=d,', 'd,'],
    ['team=d,env=x', 'd,env=x'],
    ['team="d}"', 'd}'],
    ['"team"=d', 'd'],
  ])('%s is one label, as for amtool', (word, value) => {
    writeFileSync(
      config,
      JSON.stringify({
        route: { receiver: 'a', routes: [{ matchers: [`team="${value}"`], receiver: 'b' }] },
        receivers: [{ name: 'a' }, { name: 'b' }],
      }),
    );
    expect(run('--config', config, word).output).toMatch(/^b\n/);
  });

  test.each(['{team=d}', '{team="d"}', 'team={d}', 'team=d}', '{team=d', 'team', 'team!=d'])(
    '%s is no label, as for amtool',
    (word) => {
      expect(run('--config', config, word)).toMatchObject({ code: 2, output: '' });
    },
  );

  test('a file that is not UTF-8 is refused, as the server refuses it', () => {
    writeFileSync(config, Buffer.from('route: {receiver: "\xff"}\nreceivers: [{name: "\xff"}]\n', 'latin1'));
    expect(run('--config', config, 'team=d')).toMatchObject({
      code: 1,
      error: expect.stringMatching('not UTF-8'),
    });
  });

  test('each route with its path, what it waits, and whether it pages', () => {
    expect(run('--config', config, 'severity=critical', 'alertname="A b"')).toEqual({
      code: 0,
      error: '',
      output: `pager (pagerduty)
  path        root > {severity="critical"}
  grouped by  nothing
  waits       10s, then each 5m 00s for changes; again after 4h 00m
  pages       in 10s
pager (pagerduty)
  path        root > {severity="critical"}
  grouped by  nothing
  waits       30s, then each 5m 00s for changes; again after 4h 00m
  pages       not now: inside of lunch until 2026-11-20T13:00:00.000Z
`,
    });
  });

  test('at another time, and by a route that groups by every label', () => {
    const { output } = run(
      '--config',
      config,
      '--time',
      '2026-11-20T08:00:00Z',
      'team=db',
      'severity=critical',
    );
    expect(output).toContain('in 30s; muted by time from 2026-11-20T12:00:00.000Z');
    expect(run('--config', config, 'team=db').output).toContain('every label');
  });

  test('a refused configuration is said with line and field, and answered', () => {
    writeFileSync(config, 'route:\n  receiver: "a\\e[31m"\n  nope: 1\n');
    const { code, output } = run('--config', config);
    expect(code).toBe(0);
    expect(output).toContain('Would be refused by Alertmanager');
    expect(output).not.toContain('\u001b');
    writeFileSync(config, 'route:\n  receiver: a\n  nope: 1\n');
    expect(run('--config', config).output).toMatch(/3:3 +route\.nope +there is no field "nope" here/);
  });
});

describe('a batch', () => {
  test('one answer a line, a wrong line included', () => {
    writeFileSync(batch, '{"severity":"critical"}\n\n{}\n[1]\n{"a":1}\nnope\n{"team":"db"}\n');
    const { code, output } = run('--config', config, '--batch', batch);
    expect(code).toBe(0);
    expect(
      output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { receivers: ['pager', 'pager'] },
      { receivers: ['chat'] },
      { error: 'the line is no object of label names and text values' },
      { error: 'the line is no object of label names and text values' },
      { error: expect.stringContaining('the line is not JSON') },
      { receivers: ['chat'] },
    ]);
  });

  test('by a refused configuration: the refusal beside the answers', () => {
    writeFileSync(config, 'route: {receiver: a}\n');
    writeFileSync(batch, '{}\n');
    expect(run('--config', config, '--batch', batch)).toMatchObject({
      code: 0,
      output: '{"receivers":["a"]}\n',
      error: expect.stringContaining('1:19  route.receiver  there is no receiver "a"'),
    });
  });

  test('without a tree there is nothing to answer', () => {
    writeFileSync(config, 'route: [');
    writeFileSync(batch, '{}\n');
    expect(run('--config', config, '--batch', batch)).toMatchObject({ code: 1, output: '' });
    expect(run('--config', config)).toMatchObject({ code: 1 });
  });
});

describe('called wrongly', () => {
  test.each([
    [[], '--config FILE is missing'],
    [['--config', 'x', 'severity'], '"severity" is no label'],
    [['--config', 'x', 'a=~b'], '"a=~b" is no label'],
    [['--config', 'x', '{a=b,c=d}'], 'is no label'],
    [['--config', 'x', '--time', 'noon'], '--time needs a time'],
    [['--config', 'x', '--time', '+200000-01-01T00:00Z'], '--time needs a time'],
    [['--config', 'x', '--batch', 'y', 'a=b'], 'Labels are either given here'],
    [['--confg', 'x'], 'Did you mean --config?'],
  ])('%j', (argv, said) => {
    expect(run(...argv)).toMatchObject({ code: 2, output: '', error: expect.stringContaining(said) });
  });

  test('files that are not there', () => {
    expect(run('--config', '/nowhere')).toMatchObject({
      code: 1,
      error: expect.stringContaining('/nowhere cannot be read'),
    });
    expect(run('--config', config, '--batch', '/nowhere')).toMatchObject({ code: 1 });
  });
});
