import { plainText, type HttpRequest, type HttpResponse } from '../http-server.ts';
import type { RuleManager } from '../rules/rule-manager.ts';
import type { Scraper } from '../scraper.ts';
import type { SeriesStore } from '../series-store.ts';
import { answerLabels, answerLabelValues, answerMetadata, answerSeries } from './catalogue-routes.ts';
import { parametersOf } from './parameters.ts';
import { answerQuery, answerQueryRange } from './query-routes.ts';
import { answerBuildInfo, answerConfig, answerFlags, answerRuntimeInfo } from './server-routes.ts';
import { answerAlerts, answerRules, answerTargets } from './status-routes.ts';

/**
 * The HTTP API of the demo's Prometheus: the part of 3.5 that a console reads. A path that it does not
 * have is answered as Prometheus answers one.
 */
export interface PrometheusState {
  readonly store: SeriesStore;
  readonly scraper: Scraper;
  readonly rules: RuleManager;
  readonly startedAtMs: number;
  readonly nowMs: () => number;
}

interface Route {
  readonly methods: readonly string[];
  answer(parameters: URLSearchParams): HttpResponse;
}

export function createPrometheusApi(state: PrometheusState): (request: HttpRequest) => HttpResponse {
  const routes = routesOf(state);
  return (request) => {
    const route = routes.get(request.path) ?? labelValuesRoute(state, request.path);
    if (route === undefined) return plainText(404, '404 page not found\n');
    if (!route.methods.includes(request.method)) return plainText(405, 'Method Not Allowed\n');
    return route.answer(parametersOf(request));
  };
}

const read = ['GET'];
const readOrForm = ['GET', 'POST'];

function routesOf({
  store,
  scraper,
  rules,
  startedAtMs,
  nowMs,
}: PrometheusState): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    [
      '/api/v1/query',
      { methods: readOrForm, answer: (parameters) => answerQuery(store, parameters, nowMs()) },
    ],
    [
      '/api/v1/query_range',
      { methods: readOrForm, answer: (parameters) => answerQueryRange(store, parameters) },
    ],
    ['/api/v1/series', { methods: readOrForm, answer: (parameters) => answerSeries(store, parameters) }],
    ['/api/v1/labels', { methods: readOrForm, answer: (parameters) => answerLabels(store, parameters) }],
    ['/api/v1/metadata', { methods: read, answer: answerMetadata }],
    ['/api/v1/rules', { methods: read, answer: (parameters) => answerRules(rules, parameters) }],
    ['/api/v1/alerts', { methods: read, answer: () => answerAlerts(rules) }],
    [
      '/api/v1/targets',
      { methods: read, answer: (parameters) => answerTargets(scraper.targets(), parameters) },
    ],
    ['/api/v1/status/buildinfo', { methods: read, answer: answerBuildInfo }],
    ['/api/v1/status/config', { methods: read, answer: () => answerConfig(rules.externalLabels) }],
    ['/api/v1/status/flags', { methods: read, answer: answerFlags }],
    [
      '/api/v1/status/runtimeinfo',
      { methods: read, answer: () => answerRuntimeInfo(startedAtMs, nowMs(), scraper.targets().length) },
    ],
    [
      '/-/healthy',
      { methods: ['GET', 'HEAD'], answer: () => plainText(200, 'Prometheus Server is Healthy.\n') },
    ],
    ['/-/ready', { methods: ['GET', 'HEAD'], answer: () => plainText(200, 'Prometheus Server is Ready.\n') }],
  ]);
}

function labelValuesRoute({ store }: PrometheusState, path: string): Route | undefined {
  const name = /^\/api\/v1\/label\/([^/]+)\/values$/.exec(path)?.[1];
  if (name === undefined) return undefined;
  return { methods: read, answer: (parameters) => answerLabelValues(store, name, parameters) };
}
