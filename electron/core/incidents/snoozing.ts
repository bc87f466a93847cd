import type { AlertRecord, IncidentRecord, Snooze } from '#core/store/records.ts';
import { labelOf } from '#shared/model/labels.ts';
import { compareSeverity, severityOf, type Severity, type SeverityLevel } from '#shared/model/severity.ts';
import type { BookDraft } from './incident-book.ts';

/**
 * When an incident that was put off asks again. Its time comes, or it gets worse, and it is worse when
 * - it fires with a higher severity than it had;
 * - a critical alert fires that it did not have open before, whatever became of the others;
 * - more than half as many again of its alerts fire as were open, and at least two more.
 * What was suppressed when it was put off did not count then: once it fires, it is worse.
 */

const rankOf = { info: 0, warning: 1, critical: 2 } as const satisfies Record<SeverityLevel, number>;

/** What it is like now, to be compared with later. */
export function weightOf(alerts: readonly AlertRecord[]): Pick<Snooze, 'alertCount' | 'worst'> {
  const counting = alerts.filter(({ endedAtMs, state }) => endedAtMs === null && state !== 'suppressed');
  return { alertCount: counting.length, worst: worstOf(counting)?.level ?? null };
}

/**
 * @param isNew whether an alert was not open before what is being looked at.
 * @returns why it wakes, or null where it does not.
 */
export function worseThan(
  { alertCount, worst }: Snooze,
  alerts: readonly AlertRecord[],
  isNew: (alert: AlertRecord) => boolean,
): string | null {
  const firing = alerts.filter(({ endedAtMs, state }) => endedAtMs === null && state === 'firing');
  const now = worstOf(firing);
  if (now === undefined) return null;
  if (worst === null) return 'it fires, and was suppressed when it was put off';
  if (rankOf[now.level] > rankOf[worst]) return `it was ${worst} and is ${now.level} now`;
  const critical = firing.find((alert) => severity(alert).level === 'critical' && isNew(alert));
  if (critical !== undefined) return `a new critical alert: ${labelOf(critical.labels, 'alertname')}`;
  const most = alertCount + Math.max(1, Math.floor(alertCount / 2));
  return firing.length > most ? `${firing.length} alerts fire, of ${alertCount} when it was put off` : null;
}

/** It is no longer put off, and asks as if it were new. */
export function wakeBecause(draft: BookDraft, id: number, atMs: number, cause: string): void {
  const incident = draft.incident(id);
  if (incident === undefined || incident.verdicts.snoozed === null) return;
  const verdicts = { ...incident.verdicts, snoozed: null, asksAgainSinceMs: atMs };
  draft.putIncident({ ...incident, verdicts, revision: incident.revision + 1 });
  draft.addTimeline({ incidentId: id, atMs, kind: 'woken', text: 'Woke', detail: cause, by: '' });
}

/** Whether it is put off at that moment. */
export function isSnoozed({ verdicts }: Pick<IncidentRecord, 'verdicts'>, nowMs: number): boolean {
  const { snoozed } = verdicts;
  return snoozed !== null && (snoozed.untilMs === null || snoozed.untilMs > nowMs);
}

function severity(alert: AlertRecord): Severity {
  return severityOf(labelOf(alert.labels, 'severity'));
}

function worstOf(alerts: readonly AlertRecord[]): Severity | undefined {
  return alerts.map(severity).toSorted(compareSeverity)[0];
}
