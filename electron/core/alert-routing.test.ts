import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlertRecord } from '#core/store/records.ts';
import { fingerprintOf, type Labels } from '#shared/model/labels.ts';
import { unaskedHealth, type SourceHealth } from '#shared/model/source.ts';
import { success } from '#shared/result.ts';
import { readRoutingConfiguration } from '#shared/routing/read/read-configuration.ts';
import { hourMs } from '#shared/time.ts';
import { alertRecord } from '#support/journal-records.ts';
import { sourceFailure } from '#core/sources/source-failure.ts';
import { AlertRouting } from './alert-routing.ts';

/** The questions of a window about routing, over the configurations, alerts and silences that there are. */

const text = `
route:
  receiver: chat
  group_wait: 10s
  routes:
  - matchers: [severity="critical"]
    receiver: pager
    continue: true
    group_wait: 30s
  - matchers: [team="db"]
    receiver: db
    mute_time_intervals: [night]
inhibit_rules:
- source_matchers: [alertname="NodeDown"]
  target_matchers: [alertname="TargetDown"]
  equal: [node]
time_intervals:
- name: night
  time_intervals: [{ times: [{ start_time: '22:00', end_time: '24:00' }] }]
receivers:
- name: chat
  webhook_configs: [{ url: 'http://x' }]
- name: pager
  pagerduty_configs: [{ routing_key: k }]
- name: db
  webhook_configs: [{ url: 'http://x' }]
`;
const waiting = new AbortController().signal;
const nowMs = Date.UTC(2026, 10, 21, 21, 0);

let open: AlertRecord[];
let health: SourceHealth;
let fresh: boolean;
let sourceUrl: string;
let kept: Map<string, string>;
let silences: { id: string; createdBy: string; comment: string; endsAtMs: number | null }[];
let routing: AlertRouting;
const all: AlertRouting[] = [];

beforeEach(() => {
  [open, kept, silences, fresh, sourceUrl] = [[], new Map(), [], true, 'http://am:9093'];
  health = unaskedHealth({ name: 'am', kind: 'alertmanager', url: sourceUrl, tellsAlerts: true });
  routing = made();
});
afterEach(async () => {
  await Promise.all(all.splice(0).map((one) => one.stop()));
});

function made(atMs = nowMs): AlertRouting {
  const watched = (): {
    settings: { name: string; kind: 'alertmanager'; url: string };
    health: SourceHealth;
  } => ({
    settings: { name: 'am', kind: 'alertmanager', url: sourceUrl },
    health,
  });
  const one = new AlertRouting({
    keepsake: {
      putText: (name, value) => Promise.resolve(kept.set(name, value)),
      text: (name) => Promise.resolve(kept.get(name) ?? null),
    },
    book: {
      openAlerts: () => open,
      findOpenAlert: (fingerprint) => open.find((alert) => alert.fingerprint === fingerprint),
    },
    facts: { askMutes: () => undefined, remute: () => undefined, forgetSources: () => undefined },
    sources: {
      all: () => [watched()],
      find: (name) => (name === 'am' ? watched() : undefined),
      isFresh: () => fresh,
    },
    silencesOf: () => silences,
    clock: { nowMs: () => atMs, monotonicMs: () => 0, random: () => 0, after: () => () => undefined },
    read: (given) => Promise.resolve(success(readRoutingConfiguration(given))),
  });
  all.push(one);
  return one;
}

function poll(): void {
  const configuration = { text, version: '0.33.0' };
  routing.polled({ source: 'am', atMs: nowMs, serverStartedAtMs: 1, alerts: [], configuration });
}

function fires(labels: Labels, part: Partial<AlertRecord> = {}): AlertRecord {
  const record = alertRecord({
    incidentId: 7,
    fingerprint: fingerprintOf(labels),
    labels,
    startsAtMs: nowMs - hourMs,
    witnesses: [{ source: 'am', reporting: true, says: 'firing', lastSeenAtMs: 1, serverStartedAtMs: 1 }],
    ...part,
  });
  open.push(record);
  return record;
}

async function explain(labels: Labels, one = routing) {
  const answer = await one.explain({ kind: 'source', name: '' }, labels, waiting);
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
}

test('labels that a person typed: receivers by their paths, and when the first notification leaves', async () => {
  poll();
  expect(await explain({ severity: 'critical', team: 'db' })).toMatchObject({
    source: 'am',
    origin: { kind: 'live' },
    firingSinceMs: null,
    deliveries: [
      {
        receiver: 'pager',
        integrations: ['pagerduty'],
        path: [0, 1],
        outcome: 'pages',
        earliestAtMs: nowMs + 30_000,
      },
      { receiver: 'db', path: [0, 2], outcome: 'pages', earliestAtMs: nowMs + 10_000 },
    ],
  });
  expect(await explain({})).toMatchObject({ deliveries: [{ receiver: 'chat', path: [0] }] });
});

test('muted now and until when; on its other route it pages all the same', async () => {
  const later = made(nowMs + 1.5 * hourMs);
  poll();
  routing = later;
  poll();
  const { deliveries } = await explain({ severity: 'critical', team: 'db' }, later);
  expect(deliveries.map(({ outcome }) => outcome)).toEqual(['pages', 'muted']);
  expect(deliveries[1]).toMatchObject({
    mute: { by: ['night'], turnsAtMs: nowMs + 3 * hourMs },
    earliestAtMs: expect.any(Number),
  });
  expect(deliveries[1]?.earliestAtMs).toBeGreaterThanOrEqual(nowMs + 3 * hourMs);
});

test('an alert that fires: since when, inhibited by which, and by nothing once it is alone', async () => {
  poll();
  const target = { alertname: 'TargetDown', node: '2', severity: 'critical' };
  fires(target);
  expect(await explain(target)).toMatchObject({
    firingSinceMs: nowMs - hourMs,
    inhibitedBy: [],
    deliveries: [{ outcome: 'pages', earliestAtMs: nowMs - hourMs + 30_000 }],
  });
  const cause = fires({ alertname: 'NodeDown', node: '2' });
  fires({ alertname: 'NodeDown', node: '3' });
  fires({ alertname: 'NodeDown', node: '2', at: 'another server' }, { witnesses: [] });
  expect(await explain(target)).toMatchObject({
    inhibitedBy: [{ name: 'NodeDown', fingerprint: cause.fingerprint, incidentId: 7 }],
    inhibitedByCount: 1,
    deliveries: [{ outcome: 'inhibited', earliestAtMs: null }],
  });
});

test('silenced: by the server’s word for an alert that fires, by its silences for labels that are typed', async () => {
  poll();
  silences = [{ id: 's1', createdBy: 'me', comment: 'known', endsAtMs: nowMs + 1 }];
  expect(await explain({ severity: 'critical' })).toMatchObject({
    silencedBy: [{ id: 's1' }],
    deliveries: [{ outcome: 'silenced', earliestAtMs: null }],
  });
  fires({ severity: 'critical' });
  expect(await explain({ severity: 'critical' })).toMatchObject({
    silencedBy: [],
    deliveries: [{ outcome: 'pages' }],
  });
  open = [];
  fires({ severity: 'critical' }, { silencedBy: ['gone', 's1'] });
  expect((await explain({ severity: 'critical' })).silencedBy).toEqual([
    { id: 'gone', createdBy: '', comment: '', endsAtMs: null },
    silences[0],
  ]);
});

test('while the source is away its last word is answered, with its time and the cause', async () => {
  poll();
  await routing.tree('am');
  fresh = false;
  health = { ...health, failure: sourceFailure('refused', 'it refuses connections.', 'Start it.') };
  const next = made(nowMs + hourMs);
  expect(await next.tree('')).toMatchObject({
    source: 'am',
    origin: { kind: 'cache', atMs: nowMs, reason: 'am: it refuses connections.' },
    routes: [
      { receiver: 'chat', depth: 0 },
      { receiver: 'pager', depth: 1, matchers: [{ name: 'severity', operator: '=', value: 'critical' }] },
      { receiver: 'db', depth: 1, muteTimeIntervals: ['night'] },
    ],
  });
  expect(await explain({ severity: 'critical' }, next)).toMatchObject({ origin: { kind: 'cache' } });
});

test('where nothing is known that is said, with why', async () => {
  expect(await routing.tree('am')).toMatchObject({
    key: '',
    origin: { kind: 'unknown', reason: 'am: it has not told its configuration yet' },
  });
  expect(await routing.tree('x')).toMatchObject({ origin: { reason: expect.stringContaining('"x"') } });
  expect(await routing.explain({ kind: 'source', name: 'x' }, {}, waiting)).toMatchObject({ ok: false });
  expect(await routing.explain({ kind: 'text', key: '0'.repeat(64) }, {}, waiting)).toMatchObject({
    failure: { code: 'not-found' },
  });
});

test('a text of a person is answered all the same where a server would refuse it', async () => {
  const read = await routing.read(`${text}\nwhatever: true\n`);
  expect(read).toMatchObject({
    ok: true,
    value: { source: '', routeCount: 3, problems: [{ field: 'whatever', line: expect.any(Number) }] },
  });
  const key = read.ok ? read.value.key : '';
  expect(await routing.explain({ kind: 'text', key }, { team: 'db' }, waiting)).toMatchObject({
    ok: true,
    value: { wouldBeRefused: true, silencedBy: null, deliveries: [{ receiver: 'db' }] },
  });
});
