import type { SourceKind } from '#shared/model/source.ts';

/** What a healthy, small server of each kind answers to the paths that a watch asks. For fake servers. */

export type FakeKind = SourceKind;

export const startedAt = '2026-11-20T08:00:00.000Z';

export function alertOnWire(labels: Record<string, string>, more: object = {}): Record<string, unknown> {
  return {
    labels,
    annotations: { summary: 'Something is wrong' },
    startsAt: '2026-11-21T03:12:08.123Z',
    endsAt: '2026-11-21T03:17:08.123Z',
    updatedAt: '2026-11-21T03:13:08.123Z',
    fingerprint: '0123456789abcdef',
    generatorURL: 'http://prometheus.example/graph?g0.expr=up',
    receivers: [{ name: 'nobody' }],
    status: { state: 'active', silencedBy: [], inhibitedBy: [] },
    ...more,
  };
}

const answersByPath: Record<FakeKind, Record<string, unknown>> = {
  prometheus: {
    '/api/v1/status/buildinfo': { status: 'success', data: { version: '3.5.0', revision: 'abc' } },
    '/api/v1/status/runtimeinfo': {
      status: 'success',
      data: { startTime: startedAt, storageRetention: '15d', reloadConfigSuccess: true },
    },
    '/api/v1/query': { status: 'success', data: { resultType: 'vector', result: [] } },
  },
  alertmanager: {
    '/api/v2/status': {
      uptime: startedAt,
      versionInfo: { version: '0.33.0' },
      cluster: { name: '01X', status: 'ready', peers: [] },
      config: { original: 'route:\n  receiver: nobody\n' },
    },
    '/api/v2/alerts': [alertOnWire({ alertname: 'DiskFull', severity: 'critical' })],
    '/api/v2/silences': [],
  },
  loki: {
    '/loki/api/v1/status/buildinfo': { version: '3.4.6', revision: 'abc' },
  },
  jaeger: {
    '/api/v3/services': { services: ['backend', 'frontend'] },
  },
};

/** @returns undefined for a path that such a server does not have. */
export function healthyAnswer(kind: FakeKind, path: string): unknown {
  return answersByPath[kind][path];
}
