import type { Alert } from '#shared/model/alert.ts';
import type { AlertFacts } from '#shared/model/alert-facts.ts';
import type { ConsoleStatus } from '#shared/model/console.ts';
import type { IncidentDetail, IncidentRow } from '#shared/model/incident.ts';
import type { SourceHealth } from '#shared/model/source.ts';

/** Whole values of the model for tests that care about one field of them. */

export function incidentRow(part: Partial<IncidentRow> = {}): IncidentRow {
  return {
    id: 1,
    title: 'HighErrorRate',
    service: 'backend',
    summary: '5xx 7.79/s, threshold 0.1/s, 3 of 4 pods',
    severity: { level: 'critical', word: 'Critical' },
    state: 'firing',
    openedAtMs: 1_000,
    startsAtMs: 1_000,
    lastSeenAtMs: 2_000,
    resolvedAtMs: null,
    acknowledged: null,
    holdsSilence: false,
    forgotten: null,
    snoozed: null,
    assignedTo: null,
    noise: null,
    mergedInto: null,
    alertCount: 1,
    labels: { alertname: 'HighErrorRate', service: 'backend', severity: 'critical' },
    sources: ['alertmanager-a'],
    revision: 1,
    ...part,
  };
}

export function alert(part: Partial<Alert> = {}): Alert {
  return {
    fingerprint: '0123456789abcdef',
    labels: { alertname: 'HighErrorRate', service: 'backend', severity: 'critical', pod: 'q2x8m' },
    annotations: { summary: '5xx 7.79/s' },
    startsAtMs: 1_000,
    state: 'firing',
    generatorUrl: 'http://prometheus.example/graph?g0.expr=up',
    silencedBy: [],
    inhibitedBy: [],
    sources: ['alertmanager-a'],
    firstSeenAtMs: 1_000,
    lastSeenAtMs: 2_000,
    endedAtMs: null,
    ...part,
  };
}

/** The one alert of an incident, as its row says; whom it pages and what mutes it by time is not told. */
export function alertFacts(row: IncidentRow, part: Partial<AlertFacts> = {}): AlertFacts {
  return {
    incidentId: row.id,
    fingerprint: '0123456789abcdef',
    labels: row.labels,
    state: row.state,
    startsAtMs: row.startsAtMs,
    ended: row.resolvedAtMs !== null,
    silencedBy: [],
    inhibitedBy: [],
    receivers: null,
    mutedBy: null,
    sources: row.sources,
    ...part,
  };
}

export function incidentDetail(row: IncidentRow, part: Partial<IncidentDetail> = {}): IncidentDetail {
  return { row, alerts: [alert()], timeline: [], expression: 'up == 0', ...part };
}

export function sourceHealth(part: Partial<SourceHealth> = {}): SourceHealth {
  return {
    name: 'prometheus',
    kind: 'prometheus',
    url: 'http://127.0.0.1:9090',
    state: 'fresh',
    version: '3.5.0',
    latencyMs: 12,
    lastSuccessAtMs: 2_000,
    lastAttemptAtMs: 2_000,
    nextAttemptAtMs: 17_000,
    staleSinceMs: null,
    consecutiveFailures: 0,
    failure: null,
    serverStartedAtMs: 0,
    clockSkewMs: 0,
    tellsAlerts: part.kind === 'alertmanager',
    missingWatchdog: null,
    ...part,
  };
}

export function consoleStatus(part: Partial<ConsoleStatus> = {}): ConsoleStatus {
  return {
    coreEpoch: 'epoch-1',
    coreStartedAtMs: 0,
    environment: 'production',
    operator: 'a.okafor',
    demo: false,
    safeMode: false,
    sight: { kind: 'live', lastSeenAtMs: 2_000, cause: '' },
    configuration: { path: '/home/a.okafor/.config/opssight/opssight.yaml', state: 'good', problems: [] },
    notificationsPausedUntilMs: null,
    notices: [],
    offers: [],
    ...part,
  };
}
