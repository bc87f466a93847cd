import type { AlertRecord } from '#core/store/records.ts';
import { alertStates, type AlertState } from '#shared/model/alert.ts';
import { labelOf } from '#shared/model/labels.ts';
import { compareSeverity, severityOf, type Severity } from '#shared/model/severity.ts';
import { formatSpan } from '#shared/time.ts';
import { familyOf } from './family.ts';
import type { BookDraft } from './incident-book.ts';
import { wakeBecause, worseThan } from './snoozing.ts';

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
 * Brings an incident up to date after its alerts changed: resolves it when the last one is, wakes it where it
 * got worse than it was when it was put off, and raises its revision so that every window sees the change.
 */
export function settleIncident(draft: BookDraft, incidentId: number, atMs: number): void {
  const incident = draft.incident(incidentId);
  if (incident === undefined) return;
  const alerts = draft.alertsOf(incidentId);
  draft.putIncident({ ...incident, revision: incident.revision + 1 });
  const resolved = alerts.length > 0 && alerts.every((alert) => alert.endedAtMs !== null);
  if (resolved && incident.resolvedAtMs === null) return resolveIncident(draft, incidentId, atMs);
  const { snoozed } = incident.verdicts;
  const cause = snoozed && worseThan(snoozed, alerts, (alert) => draft.begins(alert));
  if (cause !== null) wakeBecause(draft, incidentId, atMs, cause);
}

/** Ends an incident and all that were merged into it. */
export function resolveIncident(draft: BookDraft, incidentId: number, atMs: number): void {
  for (const id of endFamily(draft, incidentId, atMs)) {
    const openedAtMs = draft.incident(id)?.openedAtMs ?? atMs;
    const text = 'Incident resolved';
    const detail = `open for ${formatSpan(atMs - openedAtMs)}`;
    draft.addTimeline({ incidentId: id, atMs, kind: 'resolved', text, detail, by: '' });
  }
}

/** @returns those that were open until now; nothing is told of it yet. */
export function endFamily(draft: BookDraft, incidentId: number, atMs: number): number[] {
  const ended: number[] = [];
  for (const id of familyOf(draft, incidentId)) {
    const incident = draft.incident(id);
    if (incident === undefined || incident.resolvedAtMs !== null) continue;
    const verdicts = { ...incident.verdicts, snoozed: null };
    draft.putIncident({ ...incident, verdicts, resolvedAtMs: atMs, revision: incident.revision + 1 });
    ended.push(id);
  }
  return ended;
}
