import { describe, expect, test } from 'vitest';
import type { Labels } from '#shared/model/labels.ts';
import { inhibitedBy } from '../inhibited-by.ts';
import { mutedUntil } from '../muted-until.ts';
import { pagingOf } from '../paging.ts';
import { readRoutingConfiguration } from './read-configuration.ts';
import { routesOf } from '../routes-of.ts';

const configuration = readRoutingConfiguration(`
route:
  receiver: root
  routes:
    - receiver: pager
      matchers: [severity="critical"]
      group_wait: 20s
      continue: true
      routes:
        - {receiver: night-shift, matchers: [team="db"], continue: true}
        - {matchers: [team=~"db|web"]}
    - receiver: chat
      matchers: [severity!="info"]
      group_wait: 5s
      mute_time_intervals: [weekend, lunch]
    - receiver: chat
      matchers: [severity="info"]
      active_time_intervals: [lunch]
    - {receiver: silent, matchers: [team="nobody"]}
time_intervals:
  - {name: weekend, time_intervals: [{weekdays: [saturday, sunday]}]}
  - {name: lunch, time_intervals: [{times: [{start_time: "12:00", end_time: "13:00"}]}]}
inhibit_rules:
  - {source_matchers: [severity="critical"], target_matchers: [severity=~"warning|critical"], equal: [cluster, zone]}
  - {name: down, source_matchers: [alertname="Down"], target_matchers: [alertname!="Down"]}
receivers:
  - {name: root}
  - {name: pager, pagerduty_configs: [{service_key: x}]}
  - {name: night-shift, webhook_configs: [{url: "http://x"}]}
  - {name: chat, slack_configs: [{api_url: "http://x"}]}
  - {name: silent}
`);
const fridayNoon = Date.parse('2026-11-20T12:30:00Z');
const fridayEvening = Date.parse('2026-11-20T20:00:00Z');

test('the configuration of these tests is one', () => expect(configuration.problems).toEqual([]));

describe('routes', () => {
  const paths = (labels: Labels): readonly string[] =>
    routesOf(configuration.root, labels).map(({ path }) => path.map(({ id }) => id).join('>'));

  test('children before their parent, siblings while they go on, the parent where no child takes it', () => {
    expect(paths({ severity: 'critical', team: 'db' })).toEqual(['0>1>2', '0>1>3', '0>4']);
    expect(paths({ severity: 'critical', team: 'web' })).toEqual(['0>1>3', '0>4']);
    expect(paths({ severity: 'critical' })).toEqual(['0>1', '0>4']);
    expect(paths({ severity: 'info' })).toEqual(['0>5']);
    expect(paths({})).toEqual(['0>4']);
    expect(routesOf(null, {})).toEqual([]);
  });
});

describe('time', () => {
  const muteOf = (index: number, atMs: number): object => {
    const route = configuration.root?.routes[index];
    if (route === undefined) throw new Error('there is no such route');
    const { turnsAtMs, ...rest } = mutedUntil(route, configuration.timeIntervals, atMs);
    return { ...rest, turnsAt: turnsAtMs === null ? null : new Date(turnsAtMs).toISOString() };
  };

  test('muted inside of any mute interval, outside of all active ones, and until when', () => {
    const open = { isInServerZone: false };
    expect(muteOf(0, fridayNoon)).toEqual({ ...open, isMuted: false, by: [], cause: null, turnsAt: null });
    expect(muteOf(1, fridayNoon)).toEqual({
      ...open,
      isMuted: true,
      by: ['lunch'],
      cause: 'in-mute-interval',
      turnsAt: '2026-11-20T13:00:00.000Z',
    });
    expect(muteOf(1, fridayEvening)).toMatchObject({ isMuted: false, turnsAt: '2026-11-21T00:00:00.000Z' });
    // Saturday's lunch is in the weekend: it ends without the mute.
    expect(muteOf(1, Date.parse('2026-11-21T12:30:00Z'))).toMatchObject({
      by: ['weekend', 'lunch'],
      turnsAt: '2026-11-23T00:00:00.000Z',
    });
    expect(muteOf(2, fridayNoon)).toMatchObject({ isMuted: false, turnsAt: '2026-11-20T13:00:00.000Z' });
    expect(muteOf(2, fridayEvening)).toMatchObject({
      isMuted: true,
      by: ['lunch'],
      cause: 'outside-active-intervals',
      turnsAt: '2026-11-21T12:00:00.000Z',
    });
  });
});

describe('inhibition', () => {
  const by = (labels: Labels, firing: readonly Labels[]): readonly string[] =>
    inhibitedBy(
      configuration.inhibitRules,
      labels,
      firing.map((each, id) => ({ labels: each, id })),
    ).map((inhibition) => `${inhibition.by.id} by ${inhibition.ruleIndex}`);
  const warning = { severity: 'warning', cluster: 'a' };

  test('every source of every rule, with equal labels, missing ones being empty', () => {
    const critical = { severity: 'critical', cluster: 'a' };
    const down = { alertname: 'Down', cluster: 'b' };
    const firing = [warning, { ...critical, cluster: 'b' }, critical, { ...critical, zone: '' }, down];
    // A critical alert is target too, and the warning is no source: it inhibits.
    expect(by(warning, firing)).toEqual(['2 by 0', '3 by 0', '4 by 1']);
    expect(by(warning, [{ ...critical, zone: 'x' }])).toEqual([]);
  });

  test('of alerts that are source and target alike none keeps another quiet', () => {
    const critical = { severity: 'critical', cluster: 'a' };
    expect(by(critical, [critical, { ...critical, alertname: 'Other' }])).toEqual([]);
  });
});

describe('will this page, whom, and when?', () => {
  const outcomes = (labels: Labels, atMs: number, firing: readonly Labels[] = []): readonly unknown[] => {
    const alerts = firing.map((each) => ({ labels: each }));
    return pagingOf(configuration, labels, alerts, atMs).deliveries.map(
      ({ receiver, outcome, earliestAtMs }) => [
        receiver,
        outcome,
        earliestAtMs === null ? null : earliestAtMs - atMs,
      ],
    );
  };

  test('each route has its own answer', () => {
    expect(outcomes({ severity: 'critical' }, fridayEvening)).toEqual([
      ['pager', 'pages', 20_000],
      ['chat', 'pages', 5_000],
    ]);
    expect(outcomes({ severity: 'critical' }, fridayNoon)).toEqual([
      ['pager', 'pages', 20_000],
      ['chat', 'muted', 30 * 60_000 + 5_000],
    ]);
    expect(outcomes({ severity: 'warning' }, fridayEvening, [{ severity: 'critical' }])).toEqual([
      ['chat', 'inhibited', null],
    ]);
  });

  test('a mute that begins while the group waits holds the notification back', () => {
    const beforeMidnight = Date.parse('2026-11-20T23:59:58Z');
    expect(outcomes({ severity: 'warning' }, beforeMidnight)).toEqual([
      ['chat', 'muted', 2 * 86_400_000 + 5_000],
    ]);
    const beforeMonday = Date.parse('2026-11-22T23:59:58Z');
    expect(outcomes({ severity: 'warning' }, beforeMonday)).toEqual([['chat', 'pages', 5_000]]);
  });

  test('a receiver without an integration tells nobody; a refused configuration is marked', () => {
    const refused = readRoutingConfiguration('route: {receiver: nobody}');
    expect(pagingOf(refused, {}, [], 0)).toMatchObject({
      wouldBeRefused: true,
      deliveries: [{ receiver: 'nobody', outcome: 'tells-nobody', earliestAtMs: null }],
    });
    expect(pagingOf(readRoutingConfiguration(''), {}, [], 0)).toMatchObject({ deliveries: [] });
  });
});
