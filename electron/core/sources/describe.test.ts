import { afterEach, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { alertOnWire, healthyAnswer, startedAt, type FakeKind } from '#support/healthy-answers.ts';
import { startFaultyServer } from '#support/faulty-server.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { formatDateTime } from '#shared/time.ts';
import { describeSource, type SourceFact } from './describe.ts';
import { openSourceHttp } from './http.ts';
import { clientOf } from './source-client.ts';

const each = new Cleanup();
afterEach(() => each.run());

/** The facts of a server with these answers; what it lacks it answers with 404. */
async function factsOf(kind: FakeKind, byPath: Record<string, unknown>): Promise<readonly SourceFact[]> {
  const server = await startFaultyServer(
    {
      kind,
      fault: (request, response) => {
        const path = request.url?.split('?')[0] ?? '';
        const answer = byPath[path] ?? healthyAnswer(kind, path);
        const status = answer === undefined ? 404 : 200;
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify(answer ?? 'gone'));
      },
    },
    each,
  );
  const http = openSourceHttp(sourceSettings({ kind, url: server.url }));
  each.add(() => http.close());
  const facts = await describeSource(clientOf(http), new AbortController().signal);
  return facts.ok ? facts.value : [];
}

test('a Prometheus, with one question refused', async () => {
  const target = { labels: {}, scrapeUrl: 'http://a', lastScrape: startedAt };
  const facts = await factsOf('prometheus', {
    '/api/v1/targets': {
      status: 'success',
      data: { activeTargets: ['up', 'down', 'up'].map((health) => ({ ...target, health })) },
    },
    '/api/v1/rules': { status: 'success', data: { groups: [] } },
    '/api/v1/alerts': { status: 'success', data: { alerts: [] } },
  });
  expect(facts).toEqual([
    { label: 'Version', value: '3.5.0' },
    { label: 'Started', value: formatDateTime(Date.parse(startedAt)) },
    { label: 'Targets', value: '2 up, 1 down' },
    { label: 'Rules', value: 'none' },
    { label: 'Active alerts', value: 'none' },
    { label: 'Series', value: 'not told: The server answered 404: "gone".' },
  ]);
});

test('an Alertmanager', async () => {
  const labels = { alertname: 'A' };
  const silence = {
    id: 'x',
    matchers: [],
    createdBy: '',
    comment: '',
    startsAt: startedAt,
    endsAt: startedAt,
    updatedAt: startedAt,
  };
  const facts = await factsOf('alertmanager', {
    '/api/v2/alerts/groups': [{ labels, receiver: { name: 'a' }, alerts: [alertOnWire(labels)] }],
    '/api/v2/silences': ['active', 'expired', 'pending', 'active'].map((state) => ({
      ...silence,
      status: { state },
    })),
    '/api/v2/receivers': [{ name: 'team' }, { name: 'nobody' }],
  });
  expect(facts.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'Version: 0.33.0',
    `Started: ${formatDateTime(Date.parse(startedAt))}`,
    'Cluster: ready',
    'Alerts: 1 firing',
    'Groups: 1',
    'Silences: 2 active, 1 pending',
    'Receivers: team, nobody',
  ]);
});

test('a Jaeger, by its page and by how it can be searched', async () => {
  const facts = await factsOf('jaeger', { '/api/v3/trace-summaries': { summaries: [] } });
  expect(facts).toEqual([
    { label: 'Version', value: 'not told: The server answered 404: "gone".' },
    { label: 'Searched over', value: 'API v3 with summaries (2.19 and later)' },
    { label: 'Services', value: '2' },
  ]);
});
