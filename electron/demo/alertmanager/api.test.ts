import { beforeEach, describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { fingerprintOf, type Labels } from '#shared/model/labels.ts';
import type { HttpRequest, HttpResponse } from '../http-server.ts';
import { AlertBook } from './alert-book.ts';
import { createAlertmanagerApi } from './api.ts';
import { readConfiguration } from './routing.ts';
import { SilenceBook } from './silence-book.ts';

const configuration = readConfiguration(
  readFileSync(new URL('../../../resources/demo/alertmanager.yml', import.meta.url), 'utf8'),
);
const start = Date.UTC(2026, 10, 21, 5);
const minute = 60_000;
let now = start;
let alerts: AlertBook;
let handle: (request: HttpRequest) => HttpResponse;

const node = { alertname: 'NodeDown', node: 'node-2', service: 'system', severity: 'critical' };
const pod = { alertname: 'TargetDown', node: 'node-2', service: 'backend', severity: 'warning' };
const login = { alertname: 'HighFailedLogins', service: 'security', severity: 'critical' };

beforeEach(() => {
  now = start;
  const silences = new SilenceBook();
  alerts = new AlertBook(configuration, silences);
  handle = createAlertmanagerApi({
    configuration,
    alerts,
    silences,
    startedAtMs: start,
    peerName: '01J',
    nowMs: () => now,
  });
});

function receive(...all: readonly Labels[]): void {
  const common = {
    annotations: {},
    startsAtMs: now,
    endsAtMs: now + 4 * minute,
    generatorUrl: 'http://127.0.0.1:9/graph',
  };
  alerts.receive(
    all.map((labels) => ({ ...common, labels })),
    now,
  );
}

function ask(
  method: string,
  path: string,
  query: readonly (readonly [string, string])[] = [],
  body?: unknown,
): HttpResponse {
  return handle({
    method,
    path: `/api/v2${path}`,
    query: new URLSearchParams(query.map(([name, value]) => [name, value])),
    contentType: body === undefined ? '' : 'application/json',
    body: typeof body === 'string' || body === undefined ? (body ?? '') : JSON.stringify(body),
  });
}

function read(response: HttpResponse): unknown {
  return JSON.parse(response.body);
}

interface Alert {
  readonly labels: Record<string, string>;
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly status: { readonly state: string; readonly silencedBy: string[]; readonly inhibitedBy: string[] };
}

const names = (query: readonly (readonly [string, string])[] = []): string[] =>
  (read(ask('GET', '/alerts', query)) as Alert[]).map(({ labels }) => labels['alertname'] ?? '').sort();

function draft(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    matchers: [{ name: 'alertname', value: 'NodeDown', isRegex: false, isEqual: true }],
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + 60 * minute).toISOString(),
    createdBy: 'me',
    comment: '',
    ...change,
  };
}

const post = (body: unknown): string =>
  (read(ask('POST', '/silences', [], body)) as { silenceID: string }).silenceID;

describe('alerts', () => {
  test('have the wire’s shape, sorted by fingerprint', () => {
    receive(node, login);
    const listed = read(ask('GET', '/alerts')) as Alert[];
    expect(listed.map(({ fingerprint }) => fingerprint)).toEqual(
      [fingerprintOf(node), fingerprintOf(login)].sort(),
    );
    expect(listed.find(({ labels }) => labels['alertname'] === 'NodeDown')).toEqual({
      annotations: {},
      endsAt: new Date(now + 4 * minute).toISOString(),
      fingerprint: fingerprintOf(node),
      receivers: [{ name: 'pager' }],
      startsAt: new Date(now).toISOString(),
      status: { inhibitedBy: [], mutedBy: [], silencedBy: [], state: 'active' },
      updatedAt: new Date(now).toISOString(),
      generatorURL: 'http://127.0.0.1:9/graph',
      labels: node,
    });
  });

  test('are gone when they end, and keep their first start while they go on', () => {
    receive(node);
    now += minute;
    receive(node);
    expect((read(ask('GET', '/alerts')) as Alert[])[0]?.startsAt).toBe(new Date(start).toISOString());
    now += 4 * minute;
    expect(names()).toEqual([]);
  });

  test('are inhibited by a node that is down, and silenced by a silence', () => {
    receive(node, pod, { ...pod, node: 'node-3' });
    const id = post(draft());
    const listed = read(ask('GET', '/alerts')) as Alert[];
    const of = (labels: Labels): Alert['status'] | undefined =>
      listed.find(({ fingerprint }) => fingerprint === fingerprintOf(labels))?.status;
    expect(of(pod)).toMatchObject({ state: 'suppressed', inhibitedBy: [fingerprintOf(node)] });
    expect(of({ ...pod, node: 'node-3' })).toMatchObject({ state: 'active' });
    expect(of(node)).toMatchObject({ state: 'suppressed', silencedBy: [id] });
    expect(
      names([
        ['silenced', 'false'],
        ['inhibited', 'false'],
      ]),
    ).toEqual(['TargetDown']);
    expect(names([['active', 'false']])).toEqual(['NodeDown', 'TargetDown']);
  });

  test.each([
    [[['filter', 'alertname="NodeDown"']], ['NodeDown']],
    [[['filter', 'alertname=NodeDown']], ['NodeDown']],
    [[['filter', 'alertname=~Node']], []],
    [[['filter', 'node=""']], ['HighFailedLogins']],
    [
      [
        ['filter', 'severity="critical"'],
        ['filter', 'service!="system"'],
      ],
      ['HighFailedLogins'],
    ],
    [[['receiver', 'secur.*']], ['HighFailedLogins']],
    [[['receiver', 'secur']], []],
  ] as const)('filtered by %j', (query, expected) => {
    receive(node, login);
    expect(names(query)).toEqual(expected);
  });

  test.each([
    [[['filter', '{a="b"}']], 400, 'unexpected open or close brace: {a="b"}'],
    [[['filter', 'a="b",c="d"']], 400, 'matcher value contains unescaped double quote: "b",c="d"'],
    [[['filter', 'a']], 400, 'bad matcher format: a'],
    [[['filter', 'a=~"("']], 400, 'error parsing regexp: missing closing ): `^(?:()$`'],
  ] as const)('%j is refused', (query, status, body) => {
    const response = ask('GET', '/alerts', query);
    expect([response.status, read(response)]).toEqual([status, body]);
  });

  test('can be posted, and end by themselves where nothing is said', () => {
    expect(ask('POST', '/alerts', [], [{ labels: login }])).toMatchObject({ status: 200, body: '' });
    expect(names()).toEqual(['HighFailedLogins']);
    now += 5 * minute;
    expect(names()).toEqual([]);
    expect(ask('POST', '/alerts', [], [{ labels: {} }]).status).toBe(400);
    expect(ask('POST', '/alerts', [], { labels: login }).status).toBe(400);
  });

  test('groups: one a route, by alertname and service', () => {
    receive(node, { ...node, node: 'node-3' }, login);
    const groups = read(ask('GET', '/alerts/groups')) as {
      labels: Labels;
      receiver: { name: string };
      alerts: Alert[];
    }[];
    expect(
      groups.map(({ labels, receiver, alerts }) => [labels['alertname'], receiver.name, alerts.length]),
    ).toEqual([
      ['HighFailedLogins', 'pager', 1],
      ['HighFailedLogins', 'security', 1],
      ['NodeDown', 'pager', 2],
    ]);
  });
});

test('what time mutes is said by groups alone', () => {
  const disk = { alertname: 'DiskSpaceLow', service: 'system', severity: 'warning' };
  const statuses = (): unknown[] => {
    const groups = read(ask('GET', '/alerts/groups')) as { alerts: Alert[] }[];
    return [(read(ask('GET', '/alerts')) as Alert[])[0]?.status, groups[0]?.alerts[0]?.status].map(
      (status) => status ?? null,
    );
  };
  const silent = { inhibitedBy: [], silencedBy: [] };
  // A Saturday, and the Monday after it at nine.
  receive(disk);
  expect(statuses()).toEqual([
    { ...silent, mutedBy: [], state: 'active' },
    { ...silent, mutedBy: ['office-hours'], state: 'suppressed' },
  ]);
  now = Date.UTC(2026, 10, 23, 9);
  receive(disk);
  expect(statuses()).toEqual(Array.from({ length: 2 }, () => ({ ...silent, mutedBy: [], state: 'active' })));
});

describe('silences', () => {
  test('are made, read, listed in order and expired', () => {
    const later = post(draft({ endsAt: new Date(now + 90 * minute).toISOString() }));
    const sooner = post(draft());
    const pending = post(draft({ startsAt: new Date(now + minute).toISOString() }));
    expect(ask('DELETE', `/silence/${later}`)).toMatchObject({ status: 200, body: '' });
    expect(ask('DELETE', `/silence/${later}`).status).toBe(200);
    const listed = read(ask('GET', '/silences')) as { id: string; status: { state: string } }[];
    expect(listed.map(({ id, status }) => [id, status.state])).toEqual([
      [sooner, 'active'],
      [pending, 'pending'],
      [later, 'expired'],
    ]);
    expect(read(ask('GET', `/silence/${sooner}`))).toMatchObject({ ...draft(), id: sooner });
    expect(read(ask('GET', '/silences', [['filter', 'alertname="NodeDown"']]))).toHaveLength(3);
    expect(read(ask('GET', '/silences', [['filter', 'alertname=~"NodeDown"']]))).toHaveLength(0);
  });

  test('are changed in place while matchers and start stay, else replaced', () => {
    const id = post(draft());
    now += minute;
    const stored = read(ask('GET', `/silence/${id}`)) as Record<string, unknown>;
    expect(post({ ...stored, comment: 'longer' })).toBe(id);
    const other = post({ ...stored, matchers: [{ name: 'alertname', value: 'X', isRegex: false }] });
    expect(other).not.toBe(id);
    expect(read(ask('GET', `/silence/${id}`))).toMatchObject({
      status: { state: 'expired' },
      comment: 'longer',
    });
    expect(post({ ...stored })).not.toBe(id);
  });

  test('one that starts in the past starts now', () => {
    const id = post(draft({ startsAt: new Date(now - minute).toISOString() }));
    expect(read(ask('GET', `/silence/${id}`))).toMatchObject({ startsAt: new Date(now).toISOString() });
  });

  const matcher = { name: 'a', value: 'b', isRegex: false };
  test.each([
    [{ comment: undefined }, 422, { code: 602, message: 'comment in body is required' }],
    [{ matchers: [] }, 422, { code: 612, message: 'matchers in body should have at least 1 items' }],
    [
      { matchers: [{ name: 'a', value: 'b' }] },
      422,
      { code: 602, message: 'matchers.0.isRegex in body is required' },
    ],
    [
      { matchers: [{ ...matcher, value: '' }] },
      400,
      'invalid silence: matcher set 0: at least one matcher must not match the empty string',
    ],
    [{ id: 'nope' }, 404, 'silence not found'],
    [
      { endsAt: new Date(start - 1).toISOString(), startsAt: new Date(start - minute).toISOString() },
      400,
      "Failed to create silence: end time can't be in the past",
    ],
    [
      { endsAt: new Date(start - 2 * minute).toISOString() },
      400,
      'Failed to create silence: start time must be before end time',
    ],
  ])('%j is refused', (change, status, body) => {
    const response = ask('POST', '/silences', [], draft(change));
    expect([response.status, read(response)]).toEqual([status, body]);
  });

  test('a pattern that is not RE2 is refused', () => {
    const response = ask(
      'POST',
      '/silences',
      [],
      draft({ matchers: [{ name: 'a', value: '(?=x)', isRegex: true }] }),
    );
    expect(response.status).toBe(400);
    expect(read(response) as string).toContain(
      'invalid silence: invalid label matcher 0 in set 0: invalid regular expression "(?=x)": ',
    );
  });

  test('a body that is not JSON, or does not say so, is refused by the framework', () => {
    expect(ask('POST', '/silences', [], '{')).toMatchObject({ status: 400 });
    const plain = {
      method: 'POST',
      path: '/api/v2/silences',
      query: new URLSearchParams(),
      contentType: 'text/plain',
    };
    expect(handle({ ...plain, body: '{}' })).toMatchObject({ status: 415 });
  });

  test('ids that are none or unknown', () => {
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect(ask('GET', '/silence/x')).toMatchObject({ status: 422 });
    expect(ask('GET', `/silence/${unknown}`)).toMatchObject({ status: 404, body: '' });
    expect(ask('DELETE', `/silence/${unknown}`)).toMatchObject({ status: 404, body: '' });
  });
});

test('status, receivers and what there is not', () => {
  expect(read(ask('GET', '/status'))).toMatchObject({
    cluster: { status: 'ready', peers: [{ name: '01J' }] },
    uptime: new Date(start).toISOString(),
    versionInfo: { version: '0.33.0' },
    config: { original: configuration.original },
  });
  expect(read(ask('GET', '/receivers'))).toEqual(
    ['chat', 'pager', 'security', 'storage', 'digest'].map((name) => ({ labels: { name }, name })),
  );
  expect([ask('GET', '/nope').status, read(ask('GET', '/nope'))]).toEqual([
    404,
    { code: 404, message: 'path /api/v2/nope was not found' },
  ]);
  expect([ask('PUT', '/silences').status, read(ask('PUT', '/silences'))]).toEqual([
    405,
    { code: 405, message: 'method PUT is not allowed, but [POST,GET] are' },
  ]);
});
