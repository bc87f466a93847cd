import * as v from 'valibot';
import { alertStates } from './alert.ts';
import { labelsSchema } from './labels.ts';

/**
 * What a filter asks of one alert of an incident, and nothing more: annotations and witnesses stay in the
 * core. Windows follow it alert by alert, so that a change is as long as what changed, however many alerts
 * its incident has.
 */
export const alertFactsSchema = v.object({
  incidentId: v.number(),
  fingerprint: v.string(),
  labels: labelsSchema,
  state: v.picklist(alertStates),
  startsAtMs: v.number(),
  /** Whether it is over, while its incident may go on. */
  ended: v.boolean(),
  /** Null, both, where only a Prometheus told it, which knows of neither. */
  silencedBy: v.nullable(v.array(v.string())),
  inhibitedBy: v.nullable(v.array(v.string())),
  /** Null where no source has told it since the core started. */
  receivers: v.nullable(v.array(v.string())),
  /** Names of time intervals; null where it is not told: Alertmanager's list of alerts never names them. */
  mutedBy: v.nullable(v.array(v.string())),
  /** Names of the sources that ever reported it. */
  sources: v.array(v.string()),
});
export type AlertFacts = v.InferOutput<typeof alertFactsSchema>;

export const incidentAlertsSchema = v.object({ incidentId: v.number(), alerts: v.array(alertFactsSchema) });
export type IncidentAlerts = v.InferOutput<typeof incidentAlertsSchema>;

export const alertsPatchSchema = v.object({
  upsert: v.array(alertFactsSchema),
  /** Ids of incidents that are no longer held, with all of their alerts. */
  forget: v.array(v.number()),
});
export type AlertsPatch = v.InferOutput<typeof alertsPatchSchema>;

/** Copies the lists of those incidents only that change: what was computed of the others still holds. */
export function applyAlerts(
  snapshot: readonly IncidentAlerts[],
  { upsert, forget }: AlertsPatch,
): IncidentAlerts[] {
  const incidents = new Map(snapshot.map((incident) => [incident.incidentId, incident]));
  for (const id of forget) incidents.delete(id);
  const changed = new Map<number, Map<string, AlertFacts>>();
  for (const facts of upsert) {
    let alerts = changed.get(facts.incidentId);
    if (alerts === undefined) {
      const before = incidents.get(facts.incidentId)?.alerts ?? [];
      changed.set(facts.incidentId, (alerts = new Map(before.map((one) => [one.fingerprint, one]))));
    }
    alerts.set(facts.fingerprint, facts);
  }
  for (const [incidentId, alerts] of changed) {
    incidents.set(incidentId, { incidentId, alerts: [...alerts.values()] });
  }
  return [...incidents.values()];
}
