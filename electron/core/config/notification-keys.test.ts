import { describe, expect, it } from 'vitest';
import { defaultPolicy, type NotificationPolicy } from '#shared/notify/model.ts';
import { saveSourceIn } from './edit-configuration.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { draftOf } from './source-draft.ts';

const file = 'opssight.yaml';

function policy(...lines: readonly string[]): NotificationPolicy | undefined {
  const { configuration, problems } = parseConfiguration(
    `notifications:\n${lines.map((line) => `  ${line}\n`).join('')}sources: []\n`,
    file,
  );
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return configuration?.notifications;
}

function mistakes(...lines: readonly string[]): readonly string[] {
  const text = `notifications:\n${lines.map((line) => `  ${line}\n`).join('')}sources: []\n`;
  return parseConfiguration(text, file)
    .problems.filter(({ path }) => path !== 'sources')
    .map(({ line, path, message }) => `${line} ${path}: ${message}`);
}

describe('the policy of notifications', () => {
  it('is as usual where nothing is written', () => {
    expect(policy('zone: UTC')).toEqual(defaultPolicy);
    expect(parseConfiguration('sources: []', file).configuration?.notifications).toEqual(defaultPolicy);
    expect(parseConfiguration('', file).configuration?.notifications).toEqual(defaultPolicy);
  });

  it('reads what holds for a severity', () => {
    expect(
      policy('repeat: { critical: 5m }', 'louderAfter: { critical: 10m }', 'sound: { info: chime }')?.usual,
    ).toEqual({
      critical: { sound: 'alarm', repeatMs: 300_000, louderAfterMs: 600_000 },
      warning: { sound: 'chime', repeatMs: 0, louderAfterMs: 0 },
      info: { sound: 'chime', repeatMs: 0, louderAfterMs: 0 },
    });
  });

  it('reads quiet hours that go over midnight, in their zone and on the days on which they begin', () => {
    const read = policy(
      'zone: Europe/Berlin',
      'quietHours: [{ from: "22:00", to: "07:00", weekdays: [friday:saturday], severities: [info] }]',
    );
    const rest = { daysOfMonth: null, months: null, years: null, zone: 'Europe/Berlin' };
    expect(read?.quietHours).toEqual([
      {
        severities: ['info'],
        times: [
          { times: [{ from: 1_320, to: 1_440 }], weekdays: [{ from: 5, to: 6 }], ...rest },
          {
            times: [{ from: 0, to: 420 }],
            weekdays: [
              { from: 6, to: 6 },
              { from: 0, to: 0 },
            ],
            ...rest,
          },
        ],
      },
    ]);
  });

  it('reads rules in their order', () => {
    const read = policy(
      'policy:',
      '  - when: { matchers: \'team="db", pod!~"test-.*"\', view: Databases, severities: [critical] }',
      '    throughQuietHours: yes',
      '    sound: siren',
      '    repeat: off',
      '    louderAfter: 5m',
      '  - when: { weekdays: [saturday] }',
      '    tell: held',
      '  - tell: never',
    );
    expect(read?.rules).toMatchObject([
      {
        conditions: {
          severities: ['critical'],
          view: 'Databases',
          times: null,
          matchers: [
            { name: 'team', operator: '=', value: 'db' },
            { name: 'pod', operator: '!~', value: 'test-.*' },
          ],
        },
        throughQuiet: true,
        sound: 'siren',
        repeatMs: 0,
        louderAfterMs: 300_000,
      },
      { conditions: { times: [{ times: [{ from: 0, to: 1_440 }], zone: 'local' }] }, tell: 'held' },
      { conditions: { severities: null, matchers: null, view: null, times: null }, tell: 'never' },
    ]);
  });

  it.each([
    [['zone: Berlin'], '2 notifications.zone: found "Berlin"'],
    [
      ['quietHours: [{ from: "22:00" }]'],
      '2 notifications.quietHours[0].to: missing, and the other needs it',
    ],
    [['quietHours: [{ weekdays: [monday] }]'], '2 notifications.quietHours[0].from: missing'],
    [['quietHours: [{ from: "7", to: "08:00" }]'], '2 notifications.quietHours[0].from: found "7"'],
    [['quietHours: [{ from: "07:00", to: "07:00" }]'], '2 notifications.quietHours[0].to: the same as from'],
    [
      ['quietHours: [{ from: "00:00", to: "24:00" }]'],
      '2 notifications.quietHours: they never end for warning',
    ],
    [['policy:', '  - tell: held'], '3 notifications.policy[0].tell: held without times would never be told'],
    [['policy:', '  - when: { matchers: "team" }'], '3 notifications.policy[0].when.matchers: found "team"'],
    [['policy:', '  - when: { matchers: "" }'], '3 notifications.policy[0].when.matchers: found ""'],
    [['policy:', '  - repeat: 5s'], '3 notifications.policy[0].repeat: found "5s"'],
    [['policy:', '  - tel: never'], '3 notifications.policy[0].tel: unknown key "tel", not read'],
    [['quiethours: []'], '2 notifications.quiethours: unknown key "quiethours", not read'],
  ])('tells what is wrong in %j', (lines, said) => {
    expect(mistakes(...lines)).toContain(said);
  });

  it('names the key that was meant', () => {
    const { problems } = parseConfiguration('notifications:\n  quiethours: []\nsources: []\n', file);
    expect(problems[0]?.accepted).toContain('quietHours');
  });
});

describe('the watchdog of a source', () => {
  const text = `sources:
  - name: am
    kind: alertmanager
    url: http://127.0.0.1:9093
    # It always fires.
    watchdog: { matchers: 'alertname="Watchdog"' }
`;

  it('is read, and left alone by an edit of the source', () => {
    const { configuration } = parseConfiguration(text, file);
    const [source] = configuration?.sources ?? [];
    expect(source?.watchdog).toEqual([{ name: 'alertname', operator: '=', value: 'Watchdog' }]);
    if (source === undefined) return;
    const saved = saveSourceIn({ text, file }, { ...draftOf(source), pollSeconds: 30 }, 'am');
    expect(saved.ok && saved.value).toBe(`${text}    poll: 30s\n`);
  });

  it('is an error without matchers and where no alerts are told', () => {
    const of = (change: (text: string) => string): readonly string[] =>
      parseConfiguration(change(text), file).problems.map(({ path, message }) => `${path}: ${message}`);
    expect(of((before) => before.replace(/\{ matchers.*\}/, '{ }'))).toEqual([
      'sources[0].watchdog.matchers: missing',
    ]);
    expect(of((before) => before.replace('kind: alertmanager', 'kind: loki'))).toEqual([
      'sources[0].watchdog: no alerts come from a source of kind loki',
    ]);
  });
});
