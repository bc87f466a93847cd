import type { Alert } from '#shared/model/alert.ts';
import type { IncidentDetail, IncidentRow, TimelineEntry } from '#shared/model/incident.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { Chart, Series } from '#shared/model/series.ts';
import type { SettingsView } from '#shared/model/settings.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import { severityOf } from '#shared/model/severity.ts';
import { alert, consoleStatus, incidentRow, sourceHealth } from './models.ts';
import { emptyState, type ScriptedState } from './scripted-core.ts';

/** One night on call, as of a moment: rows of every kind, their details, samples and sources. */

interface RowPart extends Partial<Omit<IncidentRow, 'severity'>> {
  readonly severity?: string;
  /** How long it has fired. */
  readonly forMs: number;
}

function row(nowMs: number, { severity = 'critical', forMs, ...part }: RowPart): IncidentRow {
  const startsAtMs = nowMs - forMs;
  const labels = { alertname: part.title ?? '', service: part.service ?? '', severity };
  return incidentRow({
    severity: severityOf(severity),
    startsAtMs,
    openedAtMs: startsAtMs,
    lastSeenAtMs: nowMs - 4 * secondMs,
    labels,
    ...part,
  });
}

const okafor = 'a.okafor';
const lindqvist = 'm.lindqvist';

function nightRows(nowMs: number): readonly IncidentRow[] {
  const ago = (minutes: number): number => nowMs - minutes * minuteMs;
  return [
    row(nowMs, { id: 412, title: 'HighErrorRate', service: 'backend', alertCount: 14, forMs: 252_000 }),
    row(nowMs, {
      id: 413,
      title: 'DatabaseConnectionHigh',
      service: 'postgres',
      severity: 'warning',
      summary: '96 connections, threshold 80, pool is full',
      alertCount: 2,
      forMs: 238_000,
    }),
    row(nowMs, {
      id: 414,
      title: 'HighResponseTime',
      service: 'frontend',
      severity: 'warning',
      summary: 'p95 3.31 s, threshold 2 s, /incidents',
      alertCount: 6,
      forMs: 176_000,
    }),
    row(nowMs, {
      id: 405,
      title: 'SuspiciousActivity',
      service: 'security',
      summary: '3 high-threat events from 203.0.113.88',
      acknowledged: { by: lindqvist, atMs: ago(18) },
      forMs: 31 * minuteMs + 14 * secondMs,
    }),
    row(nowMs, {
      id: 398,
      title: 'DiskSpaceLow',
      service: 'postgres',
      severity: 'warning',
      summary: 'pg-1 /var/lib/postgresql 86 %, full in 9 h',
      acknowledged: { by: okafor, atMs: ago(101) },
      forMs: 143 * minuteMs,
    }),
    row(nowMs, {
      id: 401,
      title: 'PipelineQueueDepth',
      service: 'pipeline',
      severity: 'info',
      summary: '338 jobs waiting, oldest 6m 40s',
      acknowledged: { by: okafor, atMs: ago(30) },
      forMs: 33 * minuteMs,
    }),
    row(nowMs, {
      id: 390,
      title: 'NodeDown',
      service: 'pipeline',
      summary: 'runner-5, planned drain, silence 7f2e',
      state: 'suppressed',
      forMs: 180 * minuteMs,
    }),
    row(nowMs, {
      id: 391,
      title: 'SlowDatabaseQueries',
      service: 'postgres',
      severity: 'warning',
      summary: 'p95 480 ms on pg-1',
      state: 'suppressed',
      alertCount: 4,
      forMs: 4 * minuteMs,
    }),
    row(nowMs, {
      id: 381,
      title: 'APIDown',
      service: 'pipeline',
      severity: 'notable',
      summary: 'webhook-2 answers 502',
      state: 'unseen',
      lastSeenAtMs: ago(9),
      sources: ['alertmanager-b'],
      forMs: 51 * minuteMs,
    }),
    row(nowMs, {
      id: 371,
      title: 'RedisDown',
      service: 'redis',
      state: 'resolved',
      resolvedAtMs: ago(70),
      alertCount: 2,
      forMs: 75 * minuteMs,
    }),
    row(nowMs, {
      id: 366,
      title: 'HighCPUUsage',
      service: 'backend',
      severity: 'warning',
      state: 'resolved',
      resolvedAtMs: ago(140),
      acknowledged: { by: okafor, atMs: ago(150) },
      forMs: 147 * minuteMs,
    }),
    row(nowMs, {
      id: 360,
      title: 'CertificateExpiry',
      service: 'frontend',
      severity: 'warning',
      state: 'unseen',
      resolvedAtMs: ago(200),
      forMs: 400 * minuteMs,
    }),
  ];
}

const pods = ['q2x8m', 'w7zkd', '5hn4t'];
const endpoints = ['/api/v1/incidents', '/api/v1/events'];

function nightAlerts(of: IncidentRow): readonly Alert[] {
  return Array.from({ length: of.alertCount }, (_none, index) =>
    alert({
      fingerprint: index.toString(16).padStart(16, '0'),
      labels: {
        ...of.labels,
        cluster: 'eu-1',
        pod: pods[index % pods.length] ?? '',
        endpoint: endpoints[index % endpoints.length] ?? '',
      },
      annotations: {
        summary: of.summary,
        description: 'More than 0.1 requests per second of this pod end in a server error.',
        runbook_url: 'https://runbooks.example/backend#high-error-rate',
      },
      startsAtMs: of.startsAtMs + index * 3 * secondMs,
      lastSeenAtMs: of.lastSeenAtMs,
      state: of.state,
      endedAtMs: of.resolvedAtMs,
      silencedBy: of.state === 'suppressed' ? ['7f2e91aa-3c5e-4c39-9d1e-0d7f0f2f0001'] : [],
    }),
  );
}

function nightTimeline(of: IncidentRow): readonly TimelineEntry[] {
  const entry = (
    id: number,
    offsetMs: number,
    kind: TimelineEntry['kind'],
    text: string,
    detail = '',
    by = '',
  ): TimelineEntry => ({ id, atMs: of.startsAtMs + offsetMs, kind, text, detail, by, of: null });
  return [
    entry(1, 0, 'opened', `${of.title} fired`, '6 alerts in the first group'),
    entry(2, 1_000, 'evidence', 'Evidence captured and pinned', '4 series, 1,240 samples'),
    entry(3, 10_000, 'notified', 'Notified', 'this desktop'),
    entry(4, 76_000, 'alert-fired', '8 alerts joined', 'now 14, 3 pods, 2 endpoints'),
    entry(5, 144_000, 'notification-opened', 'Opened from its notification', '', okafor),
    entry(
      6,
      186_000,
      'note',
      'Note',
      'Pool is exhausted on the three new pods only. Checking the pool size in v2.31.0 before rolling back.',
      okafor,
    ),
  ];
}

function nightDetails(rows: readonly IncidentRow[]): ReadonlyMap<number, IncidentDetail> {
  return new Map(
    rows.map((one) => [
      one.id,
      {
        row: one,
        alerts: [...nightAlerts(one)],
        timeline: [...nightTimeline(one)],
        expression: 'sum(rate(opssight_requests_total{status=~"5.."}[5m])) > 0.1',
      },
    ]),
  );
}

export function nightSources(nowMs: number): readonly SourceHealth[] {
  const at = (secondsAgo: number): Partial<SourceHealth> => ({
    lastSuccessAtMs: nowMs - secondsAgo * secondMs,
    lastAttemptAtMs: nowMs - secondsAgo * secondMs,
    nextAttemptAtMs: nowMs + (15 - secondsAgo) * secondMs,
    serverStartedAtMs: nowMs - 9_000 * minuteMs,
  });
  return [
    sourceHealth({ name: 'prometheus', latencyMs: 18, ...at(4) }),
    sourceHealth({
      name: 'alertmanager-a',
      kind: 'alertmanager',
      url: 'http://10.20.0.12:9093',
      version: '0.34.0',
      ...at(2),
    }),
    sourceHealth({
      name: 'alertmanager-b',
      kind: 'alertmanager',
      url: 'http://10.20.0.13:9093',
      version: '0.34.0',
      ...at(6),
    }),
  ];
}

export function failing(source: SourceHealth, nowMs: number, forMs: number): SourceHealth {
  const [host = ''] = /\d+\.\d+\.\d+\.\d+:\d+/.exec(source.url) ?? [];
  return {
    ...source,
    state: 'stale',
    lastSuccessAtMs: nowMs - forMs,
    lastAttemptAtMs: nowMs - 3 * secondMs,
    nextAttemptAtMs: nowMs + 12 * secondMs,
    staleSinceMs: nowMs - forMs + 30 * secondMs,
    consecutiveFailures: 41,
    failure: {
      code: 'refused',
      message: `${host} refused the connection`,
      nextStep: 'Check that the server runs and that this machine reaches it.',
      retryAfterMs: null,
      status: null,
    },
  };
}

export interface ChartScript {
  readonly fromMs: number;
  readonly toMs: number;
  readonly firedAtMs: number;
  readonly origin: Origin;
  /** Where the samples end; at the range's end where not given. */
  readonly seenUntilMs?: number;
  readonly seriesCount?: number;
}

export function nightChart(script: ChartScript): Chart {
  const stepMs = Math.max(15 * secondMs, Math.round((script.toMs - script.fromMs) / 240));
  const count = script.seriesCount ?? 1;
  const series = Array.from({ length: count }, (_none, index) => risingSeries(script, stepMs, index));
  return {
    origin: script.origin,
    expression: 'sum(rate(opssight_requests_total{status=~"5.."}[5m])) > 0.1',
    drawn: 'sum(rate(opssight_requests_total{status=~"5.."}[5m]))',
    threshold: { operator: '>', value: 0.1 },
    fromMs: script.fromMs,
    toMs: script.toMs,
    stepMs,
    series,
    seriesTotal: count,
  };
}

/** Flat until shortly before the fire, then a rise with a little noise; a gap a third of the way. */
function risingSeries(script: ChartScript, stepMs: number, index: number): Series {
  const times: number[] = [];
  const values: number[] = [];
  const lastMs = Math.min(script.toMs, script.seenUntilMs ?? script.toMs);
  const spanMs = script.toMs - script.fromMs;
  for (let atMs = script.fromMs; atMs <= lastMs; atMs += stepMs) {
    const share = (atMs - script.fromMs) / spanMs;
    if (share > 0.3 && share < 0.34) continue;
    const sinceRise = Math.max(0, atMs - (script.firedAtMs - 2 * minuteMs));
    const noise = Math.abs(Math.sin(atMs / 37_000 + index)) * 0.6;
    const rise = Math.min(1, sinceRise / (5 * minuteMs)) * (8 - index * 1.7);
    times.push(atMs);
    values.push(sinceRise === 0 ? 0.02 : rise + noise);
  }
  const labels: Record<string, string> =
    index === 0 && script.seriesCount === undefined
      ? {}
      : { pod: pods[index] ?? `pod-${index}`, version: 'v2.31.0' };
  return { labels, timesMs: Float64Array.from(times), values: Float64Array.from(values) };
}

function nightSettings(): SettingsView {
  const { settings } = emptyState();
  const tls = { caFile: '', certFile: '', keyFile: '', pinnedSha256: '', serverName: '' };
  return {
    ...settings,
    sources: [
      {
        draft: {
          name: 'prometheus',
          kind: 'prometheus',
          url: 'https://prometheus.example/eu',
          authentication: { kind: 'bearer', token: '${env:PROMETHEUS_TOKEN}' },
          headers: [{ name: 'X-Team', value: 'oncall' }],
          tenant: 'eu-1',
          tls: { ...tls, caFile: '/etc/opssight/ca.pem' },
          proxy: 'system',
          pollSeconds: 15,
          timeoutSeconds: 10,
        },
        line: 4,
        secrets: [{ reference: '${env:PROMETHEUS_TOKEN}', found: true }],
      },
      {
        draft: {
          name: 'alertmanager-a',
          kind: 'alertmanager',
          url: 'http://10.20.0.12:9093',
          authentication: {
            kind: 'basic',
            username: 'oncall',
            password: '${file:/run/secrets/alertmanager}',
          },
          headers: [],
          tenant: '',
          tls,
          proxy: 'system',
          pollSeconds: 15,
          timeoutSeconds: 10,
        },
        line: 14,
        secrets: [{ reference: '${file:/run/secrets/alertmanager}', found: false }],
      },
    ],
  };
}

/** Everything fresh, a lot going on. */
export function nightState(nowMs: number): ScriptedState {
  const incidents = nightRows(nowMs);
  return {
    ...emptyState(),
    console: consoleStatus({ sight: { kind: 'live', lastSeenAtMs: nowMs - 2 * secondMs, cause: '' } }),
    incidents,
    details: nightDetails(incidents),
    sources: nightSources(nowMs),
    settings: nightSettings(),
  };
}

/** The same with every source gone for so long. */
export function blindState(nowMs: number, forMs: number): ScriptedState {
  const state = nightState(nowMs);
  const lastSeenAtMs = nowMs - forMs;
  const incidents = state.incidents.map((one) =>
    one.resolvedAtMs === null
      ? {
          ...one,
          state: one.state === 'suppressed' ? one.state : ('unseen' as const),
          lastSeenAtMs,
          startsAtMs: one.startsAtMs - forMs,
        }
      : { ...one, resolvedAtMs: one.resolvedAtMs - forMs, startsAtMs: one.startsAtMs - forMs },
  );
  return {
    ...state,
    incidents,
    details: nightDetails(incidents),
    sources: state.sources.map((source) => failing(source, nowMs, forMs)),
    console: {
      ...state.console,
      sight: { kind: 'blind', lastSeenAtMs, cause: 'All 3 sources refuse the connection.' },
    },
  };
}

/** A Loki and a Jaeger beside the sources of the night. */
export function withAllKinds(nowMs: number): Pick<ScriptedState, 'sources'> {
  const [metrics] = nightSources(nowMs);
  const fresh = metrics ?? sourceHealth();
  return {
    sources: [
      ...nightSources(nowMs),
      { ...fresh, name: 'loki', kind: 'loki', url: 'http://10.20.0.14:3100', version: '3.5.7' },
      { ...fresh, name: 'jaeger', kind: 'jaeger', url: 'http://10.20.0.15:16686', version: '2.11.0' },
    ],
  };
}
