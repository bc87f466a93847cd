import type { Alert } from '#shared/model/alert.ts';
import type { SourceHealth } from '#shared/model/source.ts';

/** Who tells alerts, and what of them is not told: for the views that would else claim that there is none. Pure. */

type Sources = readonly Pick<SourceHealth, 'name' | 'kind' | 'tellsAlerts'>[];

/** Whether there is an Alertmanager, seen or not: it alone keeps silences and routes alerts. */
export function hasAlertmanager(sources: Sources): boolean {
  return sources.some(({ kind }) => kind === 'alertmanager');
}

/** The Prometheus servers that tell these alerts themselves; none where any of them has an Alertmanager too. */
export function ownTellers(alerts: readonly Pick<Alert, 'sources'>[], sources: Sources): readonly string[] {
  const telling = new Set(alerts.flatMap((alert) => alert.sources));
  const tellers = sources.filter(({ name, tellsAlerts }) => tellsAlerts && telling.has(name));
  return hasAlertmanager(tellers) ? [] : tellers.map(({ name }) => name);
}

/** How a source stands with alerts, in words; null of a kind that has none. */
export function tellingWords({ kind, tellsAlerts }: SourceHealth, sources: Sources): string | null {
  if (kind === 'alertmanager') return 'told by it';
  if (kind !== 'prometheus') return null;
  if (tellsAlerts) return 'its own, as no Alertmanager is configured; silences are not known';
  return hasAlertmanager(sources) ? 'left to the Alertmanagers' : 'it has none to tell';
}
