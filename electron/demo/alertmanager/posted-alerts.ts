import * as v from 'valibot';
import { labelsSchema } from '#shared/model/labels.ts';
import type { HttpRequest, HttpResponse } from '../http-server.ts';
import type { AlertBook } from './alert-book.ts';
import { emptyAnswer, handlerError } from './api-error.ts';
import { readJsonBody, unreadable } from './json-body.ts';

/** Alerts that somebody sends to the demo's Alertmanager, beside those of its own rules. */
const resolveTimeoutMs = 300_000;
const mostAlerts = 1_000;
const timeSchema = v.optional(v.pipe(v.string(), v.isoTimestamp()));
const alertsSchema = v.pipe(
  v.array(
    v.object({
      labels: labelsSchema,
      annotations: v.optional(labelsSchema, {}),
      startsAt: timeSchema,
      endsAt: timeSchema,
      generatorURL: v.optional(v.string(), ''),
    }),
  ),
  v.maxLength(mostAlerts),
);

/** A missing start is now; a missing end is the resolve timeout from now. */
export function postAlerts(alerts: AlertBook, request: HttpRequest, nowMs: number): HttpResponse {
  const body = readJsonBody(request, 'alerts');
  if (!body.ok) return body.failure;
  const posted = v.safeParse(alertsSchema, body.value);
  if (!posted.success) return unreadable('alerts', posted.issues[0].message);
  if (posted.output.some(({ labels }) => Object.values(labels).every((value) => value === ''))) {
    return handlerError(400, 'at least one label pair required');
  }
  alerts.receive(
    posted.output.map(({ labels, annotations, startsAt, endsAt, generatorURL }) => ({
      labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')),
      annotations,
      startsAtMs: startsAt === undefined ? nowMs : Date.parse(startsAt),
      endsAtMs: endsAt === undefined ? nowMs + resolveTimeoutMs : Date.parse(endsAt),
      generatorUrl: generatorURL,
    })),
    nowMs,
  );
  return emptyAnswer(200);
}
