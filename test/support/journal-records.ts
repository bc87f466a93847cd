import {
  noVerdicts,
  type AlertRecord,
  type IncidentRecord,
  type JournalChange,
  type JournalState,
  type NotificationRecord,
  type TimelineRecord,
} from '#core/store/records.ts';

/** Whole records of the journal for tests that care about one field of them. */

/** What a journal holds that was never written to. */
export const emptyJournal: JournalState = {
  lastIncidentId: 0,
  incidents: [],
  alerts: [],
  watches: [],
  pendingNotifications: [],
  ruleGroups: [],
  notices: [],
};

export function incidentRecord(part: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    id: 1,
    groupKey: 'alertname="HighErrorRate",service="backend"',
    title: 'HighErrorRate',
    service: 'backend',
    openedAtMs: 1_000,
    resolvedAtMs: null,
    acknowledgedBy: null,
    acknowledgedAtMs: null,
    verdicts: noVerdicts,
    mergedInto: null,
    revision: 1,
    ...part,
  };
}

export function alertRecord(part: Partial<AlertRecord> = {}): AlertRecord {
  return {
    incidentId: 1,
    homeIncidentId: null,
    fingerprint: '0123456789abcdef',
    labels: { alertname: 'HighErrorRate', service: 'backend', severity: 'critical' },
    annotations: { summary: '5xx 7.79/s' },
    generatorUrl: 'http://prometheus.example/graph?g0.expr=up',
    startsAtMs: 1_000,
    firstSeenAtMs: 1_500.25,
    endedAtMs: null,
    state: 'firing',
    silencedBy: [],
    inhibitedBy: [],
    witnesses: [
      {
        source: 'alertmanager-a',
        reporting: true,
        says: 'firing',
        lastSeenAtMs: 2_000,
        serverStartedAtMs: 10,
      },
    ],
    ...part,
  };
}

export function timelineRecord(part: Partial<TimelineRecord> = {}): TimelineRecord {
  return { incidentId: 1, atMs: 1_000, kind: 'opened', text: 'Incident opened', detail: '', by: '', ...part };
}

export function notificationRecord(part: Partial<NotificationRecord> = {}): NotificationRecord {
  return {
    id: 'notification-1',
    incidentId: 1,
    title: 'HighErrorRate backend',
    body: '5xx 7.79/s',
    severity: { level: 'critical', word: 'Critical' },
    intendedAtMs: 1_000,
    outcome: null,
    outcomeAtMs: null,
    openedAtMs: null,
    askedAtMs: null,
    summaryId: null,
    snoozedUntilMs: null,
    ...part,
  };
}

/** An incident with an alert and an entry of its timeline, as one list of changes. */
export function openedIncident(id: number, part: Partial<IncidentRecord> = {}): JournalChange[] {
  return [
    { kind: 'incident', record: incidentRecord({ id, ...part }) },
    { kind: 'alert', record: alertRecord({ incidentId: id }) },
    { kind: 'timeline', record: timelineRecord({ incidentId: id }) },
  ];
}
