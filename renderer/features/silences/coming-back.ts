import type { AlertFacts, IncidentAlerts } from '#shared/model/alert-facts.ts';
import type { Silence } from '#shared/model/silence.ts';

/**
 * The alerts that would come back if these silences ended now: those that nothing else mutes. Pure.
 * @param silences ended together: what two of them hide comes back too.
 */
export function comingBack(
  silences: readonly Pick<Silence, 'id'>[],
  alerts: readonly IncidentAlerts[],
): readonly AlertFacts[] {
  const ids = new Set(silences.map(({ id }) => id));
  const isBack = (alert: AlertFacts): boolean =>
    (alert.inhibitedBy ?? []).length === 0 &&
    (alert.mutedBy ?? []).length === 0 &&
    (alert.silencedBy ?? []).every((id) => ids.has(id));
  return hiddenBy(ids, alerts).filter(isBack);
}

/** The open alerts that any of these silences hides, whatever else mutes them. Pure. */
export function hiddenBy(ids: ReadonlySet<string>, alerts: readonly IncidentAlerts[]): readonly AlertFacts[] {
  const found = new Map<string, AlertFacts>();
  for (const { alerts: facts } of alerts) {
    for (const alert of facts) {
      if (!alert.ended && (alert.silencedBy ?? []).some((id) => ids.has(id)))
        found.set(alert.fingerprint, alert);
    }
  }
  return [...found.values()];
}
