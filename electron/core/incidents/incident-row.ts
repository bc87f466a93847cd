import type { AlertRecord, IncidentRecord, WatchRecord, Witness } from '#core/store/records.ts';
import type { Alert } from '#shared/model/alert.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { commonLabels, labelOf } from '#shared/model/labels.ts';
import { compareSeverity, severityOf } from '#shared/model/severity.ts';
import { worstSeverity, worstState } from './incident-life.ts';

/** What windows see of the records: pure mappings. */

type WatchOf = (source: string) => WatchRecord | undefined;

export function alertOf(record: AlertRecord, watchOf: WatchOf): Alert {
  return {
    fingerprint: record.fingerprint,
    labels: record.labels,
    annotations: record.annotations,
    startsAtMs: record.startsAtMs,
    state: record.state,
    generatorUrl: record.generatorUrl,
    silencedBy: [...record.silencedBy],
    inhibitedBy: [...record.inhibitedBy],
    sources: record.witnesses.filter((witness) => witness.reporting).map((witness) => witness.source),
    firstSeenAtMs: record.firstSeenAtMs,
    lastSeenAtMs: lastSeenAt(record, watchOf),
    endedAtMs: record.endedAtMs,
  };
}

export function incidentRow(
  incident: IncidentRecord,
  alerts: readonly AlertRecord[],
  watchOf: WatchOf,
): IncidentRow {
  const open = alerts.filter((alert) => alert.endedAtMs === null);
  const shown = open.length > 0 ? open : alerts;
  return {
    id: incident.id,
    title: incident.title,
    service: incident.service,
    summary: summaryOf(shown),
    severity: worstSeverity(alerts),
    state: worstState(incident.resolvedAtMs === null ? open : alerts),
    openedAtMs: incident.openedAtMs,
    startsAtMs: Math.min(incident.openedAtMs, ...shown.map((alert) => alert.startsAtMs)),
    lastSeenAtMs: Math.max(incident.openedAtMs, ...shown.map((alert) => lastSeenAt(alert, watchOf))),
    resolvedAtMs: incident.resolvedAtMs,
    acknowledged:
      incident.acknowledgedBy === null || incident.acknowledgedAtMs === null
        ? null
        : { by: incident.acknowledgedBy, atMs: incident.acknowledgedAtMs },
    ...shownVerdicts(incident),
    mergedInto: incident.mergedInto,
    alertCount: shown.length,
    labels: commonLabels(shown.map((alert) => alert.labels)),
    sources: [...new Set(shown.flatMap((alert) => alert.witnesses.map((witness) => witness.source)))].sort(),
    revision: incident.revision,
  };
}

function shownVerdicts({ verdicts }: IncidentRecord) {
  const { snoozed, assignedTo, noise, holdsSilence, forgotten } = verdicts;
  return {
    holdsSilence,
    forgotten,
    snoozed: snoozed && { by: snoozed.by, atMs: snoozed.atMs, untilMs: snoozed.untilMs },
    assignedTo,
    noise,
  };
}

function lastSeenAt(alert: AlertRecord, watchOf: WatchOf): number {
  const seen = alert.witnesses.map((witness) =>
    alert.endedAtMs === null ? witnessedAt(witness, watchOf) : witness.lastSeenAtMs,
  );
  return Math.max(alert.firstSeenAtMs, ...seen);
}

/** Until when a source has seen an open alert: what it still reports, with each of its polls. */
export function witnessedAt({ source, reporting, says, lastSeenAtMs }: Witness, watchOf: WatchOf): number {
  if (!reporting || says === 'unseen') return lastSeenAtMs;
  return Math.max(lastSeenAtMs, watchOf(source)?.lastSuccessAtMs ?? 0);
}

const summaryAnnotations = ['summary', 'message', 'description', 'title'] as const;

/** What the worst, then oldest, alert says of itself. */
function summaryOf(alerts: readonly AlertRecord[]): string {
  const [first, ...others] = alerts;
  if (first === undefined) return '';
  let speaking = { alert: first, severity: severityOf(labelOf(first.labels, 'severity')) };
  for (const alert of others) {
    const severity = severityOf(labelOf(alert.labels, 'severity'));
    const order =
      compareSeverity(severity, speaking.severity) || alert.startsAtMs - speaking.alert.startsAtMs;
    if (order < 0) speaking = { alert, severity };
  }
  const { annotations } = speaking.alert;
  return summaryAnnotations.map((name) => labelOf(annotations, name)).find((text) => text !== '') ?? '';
}
