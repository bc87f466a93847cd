import { RE2JS } from 're2js';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import type { Labels } from '#shared/model/labels.ts';
import { json, type HttpResponse } from '../http-server.ts';
import { matchesAll, type LabelMatcher } from '../label-matcher.ts';
import { keepLabels, signatureOf } from '../label-sets.ts';
import type { AlertBook, AlertView } from './alert-book.ts';
import { handlerError } from './api-error.ts';
import { parseMatcher } from './matcher-text.ts';

/** `/api/v2/alerts` and `/api/v2/alerts/groups`. */

export function answerAlerts(alerts: AlertBook, query: URLSearchParams, nowMs: number): HttpResponse {
  const wanted = readFilter(query);
  if (!wanted.ok) return wanted.failure;
  const listed = alerts.list(nowMs).filter(wanted.value);
  return json(
    200,
    listed.map((view) => alertData(view, neverTold)),
  );
}

/** As on the server: only groups say what time mutes. */
const neverTold: readonly string[] = [];

interface Group {
  readonly labels: Labels;
  readonly receiver: string;
  readonly mutedBy: readonly string[];
  readonly alerts: AlertView[];
}

/** One group for each route and set of grouping labels: an alert with two routes is in two groups. */
export function answerAlertGroups(alerts: AlertBook, query: URLSearchParams, nowMs: number): HttpResponse {
  const wanted = readFilter(query);
  if (!wanted.ok) return wanted.failure;
  const groups = new Map<string, Group>();
  for (const view of alerts.list(nowMs).filter(wanted.value)) {
    for (const { route, mutedBy } of view.routes) {
      const { receiver, groupBy } = route;
      const labels = groupBy === 'all' ? view.alert.labels : keepLabels(view.alert.labels, groupBy);
      const key = `${signatureOf(labels)}\u0002${receiver}\u0002${route.id}`;
      const group = groups.get(key) ?? { labels, receiver, mutedBy, alerts: [] };
      group.alerts.push(view);
      groups.set(key, group);
    }
  }
  const sorted = [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
  return json(
    200,
    sorted.map(([, group]) => ({
      alerts: group.alerts.map((view) => alertData(view, group.mutedBy)),
      labels: group.labels,
      receiver: { name: group.receiver },
    })),
  );
}

function alertData(view: AlertView, mutedBy: readonly string[]): unknown {
  const { alert, routes, silencedBy, inhibitedBy } = view;
  const isActive = [silencedBy, inhibitedBy, mutedBy].every((by) => by.length === 0);
  return {
    annotations: alert.annotations,
    endsAt: new Date(alert.endsAtMs).toISOString(),
    fingerprint: alert.fingerprint,
    receivers: routes.map(({ route }) => ({ name: route.receiver })),
    startsAt: new Date(alert.startsAtMs).toISOString(),
    status: {
      inhibitedBy,
      mutedBy,
      silencedBy,
      state: isActive ? 'active' : 'suppressed',
    },
    updatedAt: new Date(alert.updatedAtMs).toISOString(),
    generatorURL: alert.generatorUrl,
    labels: alert.labels,
  };
}

type Wanted = (view: AlertView) => boolean;

function readFilter(query: URLSearchParams): Result<Wanted, HttpResponse> {
  const flags = new Map<string, boolean>();
  for (const name of ['active', 'silenced', 'inhibited']) flags.set(name, readFlag(query, name));
  const matchers: LabelMatcher[] = [];
  for (const text of query.getAll('filter')) {
    const matcher = parseMatcher(text);
    if (!matcher.ok) return failed(handlerError(400, matcher.failure));
    matchers.push(matcher.value);
  }
  const receiver = readReceiver(query.get('receiver') ?? '');
  if (!receiver.ok) return receiver;
  return success(({ alert, routes, silencedBy, inhibitedBy }) => {
    const quiet = silencedBy.length > 0 || inhibitedBy.length > 0;
    if (!flags.get('active') && !quiet) return false;
    if (!flags.get('silenced') && silencedBy.length > 0) return false;
    if (!flags.get('inhibited') && inhibitedBy.length > 0) return false;
    return matchesAll(matchers, alert.labels) && routes.some(({ route }) => receiver.value(route.receiver));
  });
}

/** A flag as the framework reads it: true where nothing is said, false where it makes no sense. */
function readFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? '';
  return text === '' || /^(?:true|1|yes|ok|y|on|selected|checked|t|enabled)$/i.test(text);
}

function readReceiver(text: string): Result<(receiver: string) => boolean, HttpResponse> {
  if (text === '') return success(() => true);
  try {
    const pattern = RE2JS.compile(`^(?:${text})$`);
    return success((receiver) => pattern.matches(receiver));
  } catch (error) {
    return failed(handlerError(400, `failed to parse receiver param: ${messageOf(error)}`));
  }
}
