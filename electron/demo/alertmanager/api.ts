import { plainText, type HttpRequest, type HttpResponse, json } from '../http-server.ts';
import { answerAlertGroups, answerAlerts } from './alert-routes.ts';
import type { AlertBook } from './alert-book.ts';
import { frameworkError } from './api-error.ts';
import { postAlerts } from './posted-alerts.ts';
import type { Configuration } from './routing.ts';
import type { SilenceBook } from './silence-book.ts';
import { answerSilence, answerSilences, deleteSilence, postSilence } from './silence-routes.ts';

/**
 * The HTTP API v2 of the demo's Alertmanager, as 0.33 answers. The demo's own alerts come from its rules in
 * the same process.
 */
export interface AlertmanagerState {
  readonly configuration: Configuration;
  readonly alerts: AlertBook;
  readonly silences: SilenceBook;
  readonly startedAtMs: number;
  /** The name of this peer in its cluster of one. */
  readonly peerName: string;
  readonly nowMs: () => number;
}

type Answer = (request: HttpRequest, id: string) => HttpResponse;

const silencePath = /^\/api\/v2\/silence\/([^/]+)$/;

export function createAlertmanagerApi(state: AlertmanagerState): (request: HttpRequest) => HttpResponse {
  const routes = routesOf(state);
  return (request) => {
    if (request.path === '/-/healthy' || request.path === '/-/ready') return plainText(200, 'OK');
    const id = silencePath.exec(request.path)?.[1] ?? '';
    const methods = routes.get(id === '' ? request.path : '/api/v2/silence/{silenceID}');
    if (methods === undefined) {
      if (!request.path.startsWith('/api/v2/')) return plainText(404, '404 page not found\n');
      return frameworkError(404, 404, `path ${request.path} was not found`);
    }
    const answer = methods[request.method];
    if (answer !== undefined) return answer(request, id);
    const allowed = Object.keys(methods).join(',');
    return frameworkError(405, 405, `method ${request.method} is not allowed, but [${allowed}] are`);
  };
}

function routesOf(state: AlertmanagerState): ReadonlyMap<string, Readonly<Record<string, Answer>>> {
  const { alerts, configuration, silences, nowMs } = state;
  const receivers = configuration.routing.receivers.map(({ name }) => ({ labels: { name }, name }));
  return new Map<string, Readonly<Record<string, Answer>>>([
    ['/api/v2/status', { GET: () => statusOf(state) }],
    ['/api/v2/receivers', { GET: () => json(200, receivers) }],
    [
      '/api/v2/alerts',
      {
        GET: ({ query }) => answerAlerts(alerts, query, nowMs()),
        POST: (request) => postAlerts(alerts, request, nowMs()),
      },
    ],
    ['/api/v2/alerts/groups', { GET: ({ query }) => answerAlertGroups(alerts, query, nowMs()) }],
    [
      '/api/v2/silences',
      {
        POST: (request) => postSilence(silences, request, nowMs()),
        GET: ({ query }) => answerSilences(silences, query, nowMs()),
      },
    ],
    [
      '/api/v2/silence/{silenceID}',
      {
        DELETE: (_request, id) => deleteSilence(silences, id, nowMs()),
        GET: (_request, id) => answerSilence(silences, id, nowMs()),
      },
    ],
  ]);
}

function statusOf({ configuration, peerName, startedAtMs }: AlertmanagerState): HttpResponse {
  return json(200, {
    cluster: { name: peerName, peers: [{ address: '127.0.0.1:9094', name: peerName }], status: 'ready' },
    config: { original: configuration.original },
    uptime: new Date(startedAtMs).toISOString(),
    versionInfo: {
      branch: 'HEAD',
      buildDate: '20260812-09:14:51',
      buildUser: 'demo@opssight',
      goVersion: 'go1.26.1',
      revision: '4f2c9d1be08a7c35d6f1e29b80c4a6d7f3b5e812',
      version: '0.33.0',
    },
  });
}
