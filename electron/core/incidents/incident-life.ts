import type { AlertRecord } from '#core/store/records.ts';
import { alertStates, type AlertState } from '#shared/model/alert.ts';
import { labelOf } from '#shared/model/labels.ts';
import { compareSeverity, severityOf, type Severity } from '#shared/model/severity.ts';
import { formatSpan } from '#shared/time.ts';
import type { BookDraft } from './incident-book.ts';

/** What follows for an incident from the states of its alerts. */

/** The state that a group of alerts is in: firing before suppressed before unseen before resolved. */
export function worstState(alerts: readonly AlertRecord[]): AlertState {
  return alertStates.find((state) => alerts.some((alert) => alert.state === state)) ?? 'resolved';
}

/** The worst severity among open alerts, or among all once none is open. */
export function worstSeverity(alerts: readonly AlertRecord[]): Severity {
  const open = alerts.filter((alert) => alert.endedAtMs === null);
  const severities = (open.length > 0 ? open : alerts).map((alert) =>
    severityOf(labelOf(alert.labels, 'severity')),
  );
  return severities.toSorted(compareSeverity)[0] ?? severityOf('');
}

/**
 * Brings an incident up to date after its alerts changed: resolves it when the last one is, and raises
 * its revision so that every window sees the change.
 */
export function settleIncident(draft: BookDraft, incidentId: number, atMs: number): void {
  const incident = draft.incident(incidentId);
  if (incident === undefined) return;
  const alerts = draft.alertsOf(incidentId);
  const resolved = alerts.length > 0 && alerts.every((alert) => alert.endedAtMs !== null);
  const ends = resolved && incident.resolvedAtMs === null;
  draft.putIncident({
    ...incident,
    resolvedAtMs: ends ? atMs : incident.resolvedAtMs,
    revision: incident.revision + 1,
  });
  if (!ends) return;
  draft.addTimeline({
    incidentId,
    atMs,
    kind: 'resolved',
    text: 'Incident resolved',
    detail: `open for ${formatSpan(atMs - incident.openedAtMs)}`,
    by: '',
  });
}
