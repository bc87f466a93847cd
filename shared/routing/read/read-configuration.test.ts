import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RoutingConfiguration } from '../model.ts';
import { receiversOf } from '../routes-of.ts';
import { readRoutingConfiguration } from './read-configuration.ts';

const noUrl = 'the URL does not begin with http:// or https://';
const receivers = 'receivers: [{name: a}, {name: b}]\n';

function said(configuration: RoutingConfiguration): readonly string[] {
  return configuration.problems.map(({ line, field, message }) => `${line} ${field}: ${message}`);
}

describe('what a configuration says', () => {
  const text = `
route:
  receiver: a
  group_by: [alertname]
  group_wait: 10s
  routes:
    - matchers: [severity="critical", 'team=~"x|y"']
      receiver: b
      continue: yes
      mute_time_intervals: [night]
      repeat_interval: 1d
      routes:
        - match: {env: prod}
          match_re: {zone: "eu-.*"}
          group_by: ['...']
    - group_by: []
inhibit_rules:
  - name: louder
    source_matchers: [severity="critical"]
    target_match: {severity: warning}
    equal: [cluster]
time_intervals:
  - name: night
    time_intervals:
      - times: [{start_time: "22:00", end_time: "24:00"}]
        weekdays: [monday:friday]
        days_of_month: [-1]
        location: Europe/Berlin
receivers:
  - {name: a}
  - {name: b, slack_configs: [{api_url: "http://x"}, {api_url: <secret>}], webhook_configs: [{url: "http://y"}]}
`;

  test('routes inherit all but their time intervals', () => {
    const { root, problems } = readRoutingConfiguration(text);
    expect(problems).toEqual([]);
    const [first, second] = root?.routes ?? [];
    expect(root).toMatchObject({ id: 0, line: 3, groupWaitMs: 10_000, repeatIntervalMs: 14_400_000 });
    expect(first).toMatchObject({
      id: 1,
      receiver: 'b',
      groupBy: ['alertname'],
      groupWaitMs: 10_000,
      groupIntervalMs: 300_000,
      repeatIntervalMs: 86_400_000,
      goesOn: true,
      muteTimeIntervals: ['night'],
      matchers: [
        { name: 'severity', operator: '=', value: 'critical' },
        { name: 'team', operator: '=~', value: 'x|y' },
      ],
    });
    expect(first?.routes[0]).toMatchObject({
      id: 2,
      receiver: 'b',
      groupBy: 'all',
      repeatIntervalMs: 86_400_000,
      muteTimeIntervals: [],
      goesOn: false,
      matchers: [
        { name: 'env', operator: '=', value: 'prod' },
        { name: 'zone', operator: '=~', value: 'eu-.*' },
      ],
    });
    expect(second).toMatchObject({ id: 3, receiver: 'a', groupBy: ['alertname'] });
  });

  test('the rest of it', () => {
    const { inhibitRules, timeIntervals, receivers } = readRoutingConfiguration(text);
    expect(inhibitRules).toMatchObject([{ name: 'louder', equal: ['cluster'], unreadable: false }]);
    expect(timeIntervals).toMatchObject([
      {
        name: 'night',
        intervals: [
          {
            times: [{ from: 1320, to: 1440 }],
            weekdays: [{ from: 1, to: 5 }],
            daysOfMonth: [{ from: -1, to: -1 }],
            months: null,
            zone: 'Europe/Berlin',
          },
        ],
      },
    ]);
    expect(receivers).toMatchObject([
      { name: 'a', integrations: [] },
      { name: 'b', integrations: ['slack', 'slack', 'webhook'] },
    ]);
  });

  test('anchors and merges stand for what they name', () => {
    const merged = `route:\n  receiver: a\n  routes:\n    - &x {match: {k: v}, receiver: b, continue: true}\n    - {<<: *x, match: {j: w}}\n${receivers}`;
    const { root, problems } = readRoutingConfiguration(merged);
    expect(problems).toEqual([]);
    expect(receiversOf(root, { k: 'v', j: 'w' })).toEqual(['b', 'b']);
  });

  test.each([
    ['10000000000ms', 10_000_000_000],
    ['000000000000005s', 5_000],
    ['9223372036854ms', 9_223_372_036_854],
  ])('a duration has as many digits as it needs: %s', (text, ms) => {
    const { root, problems } = readRoutingConfiguration(
      `route: {receiver: a, repeat_interval: ${text}}\n${receivers}`,
    );
    expect([problems, root?.repeatIntervalMs]).toEqual([[], ms]);
  });

  test('of several documents the first alone is read, as on the server', () => {
    expect(readRoutingConfiguration(`route: {receiver: a}\n${receivers}---\n[[[`).problems).toEqual([]);
  });
});

describe('a configuration that would be refused is told with line and field, and answered all the same', () => {
  test.each([
    [
      'orchestrator.yml',
      { severity: 'critical' },
      ['pagerduty'],
      [
        '18 route.routes[1].receiver: there is no receiver "slack"',
        `23 receivers[0].slack_configs[0].api_url: ${noUrl}`,
      ],
    ],
    [
      'severity-routes.yml',
      { severity: 'warning' },
      ['warning-alerts'],
      [
        `18 receivers[0].slack_configs[0].api_url: ${noUrl}`,
        `23 receivers[1].slack_configs[0].api_url: ${noUrl}`,
        '26 receivers[1].email_configs[0]: smarthost is missing',
        '26 receivers[1].email_configs[0]: from is missing',
        '27 receivers[1].email_configs[0].subject: there is no field "subject" here',
        `31 receivers[2].slack_configs[0].api_url: ${noUrl}`,
      ],
    ],
    [
      'platform.yml',
      { severity: 'critical' },
      ['web.hook'],
      [
        '28 receivers[2].email_configs[0].subject: there is no field "subject" here',
        '29 receivers[2].email_configs[0].body: there is no field "body" here',
      ],
    ],
  ])('%s', (path, labels, expected, problems) => {
    const text = readFileSync(new URL(`./fixtures/${path}`, import.meta.url), 'utf8');
    const configuration = readRoutingConfiguration(text);
    expect(receiversOf(configuration.root, labels)).toEqual(expected);
    expect(said(configuration)).toEqual(problems);
  });

  test.each([
    ['route: {receiver: nobody}\n', '1 route.receiver: there is no receiver "nobody"'],
    ['route: {receiver: a, continue: true}\n', '1 route: the root route cannot continue: it has no siblings'],
    ['route: {receiver: a, matchers: [x=y]}\n', '1 route: the root route has matchers'],
    ['route: {receiver: a, group_by: [x, x]}\n', '1 route.group_by[1]: "x" stands here twice'],
    [
      'route:\n  receiver: a\n  routes:\n  - matchers: [x]\n',
      '4 route.routes[0].matchers[0]: this is no matcher',
    ],
    ['route:\n  receiver: a\n  zz: 1\n', '3 route.zz: there is no field "zz" here'],
    ['route:\n  receiver: a\n  receiver: b\n', '3 route.receiver: "receiver" stands here twice'],
    ['route: {receiver: a, group_interval: 0s}\n', '1 route.group_interval: this cannot be zero'],
    ['route: {receiver: a, group_wait: 5}\n', '1 route.group_wait: this is no duration'],
    [
      'route: {receiver: a, routes: [{continue: "yes"}]}\n',
      '1 route.routes[0].continue: this is not true or false',
    ],
    [
      'route: {receiver: a, routes: [{mute_time_intervals: [x]}]}\n',
      '1 route.routes[0].mute_time_intervals[0]: there is no time interval "x"',
    ],
  ])('%j', (text, expected) => {
    const configuration = readRoutingConfiguration(text + receivers);
    expect(said(configuration)).toEqual([expected]);
    expect(configuration.root).not.toBeNull();
  });

  test('a route with a matcher that cannot be read takes nothing', () => {
    const text = `route: {receiver: a, routes: [{matchers: ['k=~"("'], receiver: b}]}\n${receivers}`;
    const { root, problems } = readRoutingConfiguration(text);
    expect(problems).toHaveLength(1);
    expect(root?.routes[0]?.unreadable).toBe(true);
    expect(receiversOf(root, { k: '(' })).toEqual(['a']);
  });

  test.each([
    '',
    '# nothing',
    '[]',
    'text',
    '~',
    'route: [',
    'a: b: c',
    '&a [*a]',
    '*a',
    '\u0001',
    '%YAML 1.2\n---\n',
  ])('no tree in %j', (text) => {
    const configuration = readRoutingConfiguration(text);
    expect(configuration.root).toBeNull();
    expect(configuration.problems.length).toBeGreaterThan(0);
  });

  test('no problem quotes what may be a secret', () => {
    const secret = 'hunter2';
    const text = `route: {receiver: a}
global: {slack_api_url: "${secret}", smtp_smarthost: "${secret}", resolve_timeout: "${secret}"}
receivers:
  - name: a
    slack_configs: [{api_url: "https://u:${secret}@[x"}]
    webhook_configs: [{url: "http://x/%zz${secret}", timeout: "${secret}"}]
    telegram_configs: [{bot_token: "${secret}", chat_id: "${secret}"}]
`;
    const { problems } = readRoutingConfiguration(text);
    expect(problems.length).toBeGreaterThan(5);
    expect(JSON.stringify(problems)).not.toContain(secret);
    const broken = readRoutingConfiguration(`receivers: "${secret}" "${secret}\n!<${secret} x`);
    expect(JSON.stringify(broken.problems)).not.toContain(secret);
  });
});

describe('hostile texts', () => {
  const deep = 5_000;
  test.each([
    '['.repeat(deep),
    '{'.repeat(deep),
    '- '.repeat(deep),
    '? '.repeat(deep),
    `route: {receiver: a, routes: ${'[{routes: '.repeat(2_000)}[]${'}]'.repeat(2_000)}}`,
    'a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f]\n',
    `route: {receiver: a}\n# ${'x'.repeat(2_097_152)}`,
    'route: {__proto__: {receiver: a}, constructor: 1, receiver: a}',
  ])('%.30s', (text) => {
    const { problems } = readRoutingConfiguration(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(100);
  });

  test('nothing throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      'route:',
      ' receiver: a',
      ' routes:',
      ' - ',
      'matchers: [',
      '"a=b"',
      ']',
      '{',
      '}',
      ': ',
      '\n',
      '  ',
      '&a ',
      '*a',
      '<<: ',
      '!!int ',
      'time_intervals:',
      ' name: x',
      'times:',
      'receivers:',
      'null',
      'yes',
      '0x',
      '1e999',
      '"\\u',
      "'",
      '|',
      '>',
      '#',
      '---',
      '%',
      'global:',
      ',',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
        (text) => {
          const { root } = readRoutingConfiguration(text);
          expect(Array.isArray(receiversOf(root, { a: 'b' }))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
