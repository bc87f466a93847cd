import { plainText, type HttpRequest, type HttpResponse } from '../http-server.ts';
import { answered, bareJson, lokiJson, refused } from './answers.ts';
import {
  answerDetectedLabels,
  answerLabels,
  answerLabelValues,
  answerSeries,
  answerStats,
  answerVolume,
} from './catalogue-routes.ts';
import { answerDetectedFields, answerFieldValues, answerPatterns } from './field-routes.ts';
import type { LogStore } from './log-store.ts';
import { formatLogql } from './logql/format.ts';
import { answerQuery, answerQueryRange } from './query-routes.ts';
import { answerPush } from './push-route.ts';
import { parametersOf } from './parameters.ts';
import { tailRefusal } from './tail.ts';

/**
 * The HTTP API of the demo's Loki: the part of 3.4 that a console reads. What its LogQL lacks is answered
 * with 501 and says so; a path that it does not have is answered as Loki answers one.
 */
export interface LokiState {
  readonly store: LogStore;
  readonly nowMs: () => number;
}

type Answer = (state: LokiState, request: HttpRequest) => HttpResponse;

const version = { version: '3.4.6', revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' };
const noRules = { status: 'success', data: { groups: [] }, errorType: '', error: '' };
const noAlerts = { status: 'success', data: { alerts: [] }, errorType: '', error: '' };

const routes = new Map<string, Answer>([
  ['/ready', () => plainText(200, 'ready\n')],
  ['/loki/api/v1/status/buildinfo', () => lokiJson(version, 'application/json')],
  ['/loki/api/v1/query_range', ({ store, nowMs }, request) => answerQueryRange(store, request, nowMs())],
  ['/loki/api/v1/query', ({ store, nowMs }, request) => answerQuery(store, request, nowMs())],
  ['/loki/api/v1/labels', ({ store, nowMs }, request) => answerLabels(store, request, nowMs())],
  ['/loki/api/v1/series', ({ store, nowMs }, request) => answerSeries(store, request, nowMs())],
  ['/loki/api/v1/index/stats', ({ store, nowMs }, request) => answerStats(store, request, nowMs())],
  ['/loki/api/v1/index/volume', ({ store, nowMs }, request) => answerVolume(store, request, nowMs(), false)],
  [
    '/loki/api/v1/index/volume_range',
    ({ store, nowMs }, request) => answerVolume(store, request, nowMs(), true),
  ],
  [
    '/loki/api/v1/detected_labels',
    ({ store, nowMs }, request) => answerDetectedLabels(store, request, nowMs()),
  ],
  [
    '/loki/api/v1/detected_fields',
    ({ store, nowMs }, request) => answerDetectedFields(store, request, nowMs()),
  ],
  ['/loki/api/v1/patterns', ({ store, nowMs }, request) => answerPatterns(store, request, nowMs())],
  ['/loki/api/v1/format_query', (_state, request) => answerFormat(request)],
  // Only reached where the request does not ask for a WebSocket.
  ['/loki/api/v1/tail', (_state, request) => refused(tailRefusal(request.query) ?? 'Bad Request\n')],
  ['/loki/api/v1/push', (_state, request) => answerPush(request)],
  ['/prometheus/api/v1/rules', () => bareJson(noRules, 'application/json')],
  ['/prometheus/api/v1/alerts', () => bareJson(noAlerts, 'application/json')],
]);

export function createLokiApi(state: LokiState): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const answer = routes.get(request.path) ?? valuesRoute(request.path);
    if (answer === undefined) return plainText(404, '404 page not found\n');
    const isPush = request.path === '/loki/api/v1/push';
    const allowed = isPush ? request.method === 'POST' : ['GET', 'POST'].includes(request.method);
    if (!allowed) return { status: 405, contentType: '', body: '' };
    return answered(() => answer(state, request));
  };
}

function valuesRoute(path: string): Answer | undefined {
  const [, kind, name] = /^\/loki\/api\/v1\/(label|detected_field)\/([^/]+)\/values$/.exec(path) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  const list = kind === 'label' ? answerLabelValues : answerFieldValues;
  return ({ store, nowMs }, request) => list(store, name, request, nowMs());
}

function answerFormat(request: HttpRequest): HttpResponse {
  const contentType = 'application/json; charset=utf-8';
  const formatted = formatLogql(parametersOf(request).get('query') ?? '');
  if (formatted.ok) return lokiJson({ status: 'success', data: formatted.value }, contentType);
  if (formatted.failure.status === 501) throw formatted.failure;
  const body = `${JSON.stringify({ status: 'invalid-query', error: formatted.failure.message })}\n`;
  return { status: 400, contentType, body };
}
