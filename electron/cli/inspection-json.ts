import { alertOf, incidentRow } from '#core/incidents/incident-row.ts';
import type { CoverageRow } from '#core/store/cache/coverage-report.ts';
import type { EvidenceReport } from '#core/store/cache/evidence-report.ts';
import type { InspectedIncident, Inspection } from '#core/store/inspection.ts';
import type { NotificationRecord, WatchRecord } from '#core/store/records.ts';
import type { Alert } from '#shared/model/alert.ts';
import type { Notice } from '#shared/model/console.ts';
import { incidentName, type IncidentRow, type TimelineEntry } from '#shared/model/incident.ts';
import type { SourceHealth } from '#shared/model/source.ts';

/**
 * The document that `opssight inspect --json` prints. Programs read it: names stay, fields are only added.
 * Points in time are Unix milliseconds in names that end in `AtMs` (or `fromMs` and `toMs`).
 */
export interface InspectionReport {
  readonly dataDirectory: string;
  readonly inspectedAtMs: number;
  readonly schema: Inspection['schema'];
  /** Newest first. */
  readonly incidents: readonly ReportedIncident[];
  readonly incidentsTotal: number;
  /** All alerts of those incidents, with the incident that each belongs to. */
  readonly alerts: readonly ReportedAlert[];
  /** The notification log, newest first. An `outcome` of null is an intent without confirmation. */
  readonly notifications: readonly NotificationRecord[];
  /** The last good poll of each source of alerts. */
  readonly watches: readonly WatchRecord[];
  /** The last known health of each source: as it was, not as it is. */
  readonly sources: readonly SourceHealth[];
  readonly coverage: readonly CoverageRow[];
  /** Kept log lines, by source. Times in nanoseconds (`fromNs`, `toNs`) are strings. */
  readonly logs: EvidenceReport['logs'];
  /** Kept traces, by source. */
  readonly traces: EvidenceReport['traces'];
  readonly runbooks: EvidenceReport['runbooks'];
  /** What each incident holds on to, the newest first. */
  readonly pinned: EvidenceReport['pinned'];
  readonly notices: readonly Notice[];
  readonly problems: readonly string[];
}

export interface ReportedIncident extends IncidentRow {
  readonly name: string;
  readonly alerts: readonly Alert[];
  /** Oldest first. */
  readonly timeline: readonly TimelineEntry[];
  readonly timelineTotal: number;
}

interface ReportedAlert extends Alert {
  readonly incidentId: number;
}

export function inspectionJson(
  inspection: Inspection,
  dataDirectory: string,
  inspectedAtMs: number,
): InspectionReport {
  const { schema, incidentsTotal, watches, notifications, sources, coverage, notices, problems } = inspection;
  const incidents = inspection.incidents.map((incident) => reportedIncident(incident, watches));
  return {
    dataDirectory,
    inspectedAtMs,
    schema,
    incidents,
    incidentsTotal,
    alerts: incidents.flatMap(({ id, alerts }) => alerts.map((alert) => ({ incidentId: id, ...alert }))),
    notifications,
    watches,
    sources,
    coverage,
    ...inspection.evidence,
    notices,
    problems,
  };
}

function reportedIncident(incident: InspectedIncident, watches: readonly WatchRecord[]): ReportedIncident {
  const watchOf = (source: string): WatchRecord | undefined =>
    watches.find((watch) => watch.source === source);
  return {
    name: incidentName(incident.record.id),
    ...incidentRow(incident.record, incident.alerts, watchOf),
    alerts: incident.alerts.map((alert) => alertOf(alert, watchOf)),
    timeline: incident.timeline.entries,
    timelineTotal: incident.timeline.total,
  };
}
