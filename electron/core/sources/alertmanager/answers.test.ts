import { expect, test } from 'vitest';
import { fingerprintOf } from '#shared/model/labels.ts';
import { alertOnWire, healthyAnswer } from '#support/healthy-answers.ts';
import {
  failureOfAlertmanager,
  readAlerts,
  readGroups,
  readReceivers,
  readSilences,
  readStatus,
} from './answers.ts';

const labels = { alertname: 'DiskFull', severity: 'critical' };

function status(state: string, more: object = {}): object {
  return { status: { state, silencedBy: [], inhibitedBy: [], ...more } };
}

test('an alert as 0.25 tells it', () => {
  expect(readAlerts([alertOnWire(labels)])).toEqual({
    ok: true,
    value: {
      head: null,
      rows: [
        {
          fingerprint: '0123456789abcdef',
          labels,
          annotations: { summary: 'Something is wrong' },
          startsAtMs: Date.parse('2026-11-21T03:12:08.123Z'),
          generatorUrl: 'http://prometheus.example/graph?g0.expr=up',
          state: 'firing',
          silencedBy: [],
          inhibitedBy: [],
          receivers: ['nobody'],
        },
      ],
    },
  });
});

test.each([
  ['active', 'firing'],
  ['unprocessed', 'firing'],
  ['suppressed', 'suppressed'],
])('%s is %s', (onWire, state) => {
  expect(readAlerts([alertOnWire(labels, status(onWire))])).toMatchObject({ value: { rows: [{ state }] } });
});

test.each([undefined, '', 'ABCDEF0123456789', '0123', 'g'.repeat(16)])(
  'a fingerprint of %o is computed instead',
  (fingerprint) => {
    expect(readAlerts([alertOnWire(labels, { fingerprint })])).toMatchObject({
      value: { rows: [{ fingerprint: fingerprintOf(labels) }] },
    });
  },
);

test('what an alert may lack and what newer servers add', () => {
  const {
    generatorURL: _url,
    annotations: _annotations,
    receivers: _receivers,
    ...bare
  } = alertOnWire(labels);
  const newer = alertOnWire(labels, {
    ...status('suppressed', { mutedBy: ['weekend'] }),
    brandNew: { x: 1 },
  });
  expect(readAlerts([bare, newer])).toMatchObject({
    value: { rows: [{ generatorUrl: '', annotations: {}, receivers: null }, { state: 'suppressed' }] },
  });
});

test.each([
  ['a number as label', { labels: { a: 1 } }, /0\.labels/],
  ['a state nobody knows', status('sleeping'), /0\.status\.state/],
  ['no status', { status: undefined }, /0\.status/],
  ['a start that is no time', { startsAt: 'now' }, /0\.startsAt/],
])('%s is malformed, with its place', (_name, more, says) => {
  expect(readAlerts([alertOnWire(labels, more)])).toMatchObject({
    failure: { code: 'malformed', message: expect.stringMatching(says) },
  });
});

test('an object where a list is due is another API', () => {
  expect(readAlerts({ status: 'success', data: [] })).toMatchObject({ failure: { code: 'malformed' } });
  expect(readStatus({ status: 'success', data: {} })).toMatchObject({ failure: { code: 'malformed' } });
});

test('groups come flat, each alert with its group and what mutes it', () => {
  const muted = alertOnWire(labels, status('suppressed', { mutedBy: ['weekend'] }));
  const group = {
    labels: { alertname: 'DiskFull' },
    receiver: { name: 'team' },
    alerts: [alertOnWire(labels), muted],
  };
  expect(readGroups([group, { ...group, routeLabels: { route: 'b' } }])).toMatchObject({
    value: {
      rows: [
        { group: 0, receiver: 'team', routeLabels: {}, alert: { mutedBy: [] } },
        { group: 0, alert: { mutedBy: ['weekend'] } },
        { group: 1, routeLabels: { route: 'b' } },
        { group: 1 },
      ],
    },
  });
});

test('silences of 0.25 and of 0.32', () => {
  const time = '2026-11-21T03:12:08.123Z';
  const old = {
    id: 'a',
    status: { state: 'active' },
    matchers: [{ name: 'alertname', value: 'X', isRegex: false }],
    createdBy: 'anna',
    comment: '',
    startsAt: time,
    endsAt: time,
    updatedAt: time,
  };
  expect(readSilences([old, { ...old, annotations: { ticket: '1' } }])).toMatchObject({
    value: { rows: [{ matchers: [{ isEqual: true }], annotations: {} }, { annotations: { ticket: '1' } }] },
  });
});

test('receivers, each once', () => {
  expect(readReceivers([{ name: 'a' }, { name: 'b', labels: {} }, { name: 'a' }])).toMatchObject({
    value: { rows: ['a', 'b'] },
  });
});

test('status, without a cluster and without the credentials of its configuration', () => {
  const whole = healthyAnswer('alertmanager', '/api/v2/status') as object;
  const original = 'url: http://user:hunter2@hooks.example/x\n';
  const read = readStatus({ ...whole, cluster: { status: 'disabled' }, config: { original } });
  expect(read).toMatchObject({ value: { rows: [{ cluster: { name: '', status: 'disabled', peers: [] } }] } });
  expect(JSON.stringify(read)).not.toContain('hunter2');
});

test.each([
  [400, '"bad matcher format"', 'bad-query', /bad matcher format/],
  [422, '{"code":602,"message":"comment in body is required"}', 'bad-query', /comment in body is required/],
  [500, '"silence store broken"', 'server-error', /silence store broken/],
  [503, 'Limit of concurrent GET requests reached', 'server-error', /Limit of concurrent/],
])('%i %s is %s', (code, text, expected, says) => {
  const body = new TextEncoder().encode(text);
  const mediaType = text.startsWith('L') ? 'text/plain' : 'application/json';
  const answer = { status: code, mediaType, body, retryAfterMs: null, redirectOrigin: null };
  expect(failureOfAlertmanager(answer)).toMatchObject({
    code: expected,
    message: expect.stringMatching(says),
  });
});
