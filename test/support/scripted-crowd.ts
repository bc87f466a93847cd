import type { IncidentDetail, IncidentRow } from '#shared/model/incident.ts';
import type { Chart } from '#shared/model/series.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import type { ScriptedState } from './scripted-core.ts';
import { failing, nightChart, nightSources, nightState } from './scripted-world.ts';

/** The night again with the longest things that servers send: names, labels, summaries, failures, and many sources. */

const service = 'payments-authorisation-gateway-eu-central-1';
const title = 'KubernetesPersistentVolumeFillingUpWithinFourHoursPredicted';
const summary =
  'The persistent volume claimed by payments-authorisation-gateway-database-primary-0 in namespace payments-production is expected to fill up within four hours; 3.71 % of 512 GiB is available right now, EU.';
const labels: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 30 }, (_none, index) => [
    `label_of_some_length_${index}`,
    `a-value-that-is-not-short-either-${index}`,
  ]),
);

function crowdedRow(row: IncidentRow, index: number): IncidentRow {
  return index % 2 === 0 ? { ...row, title, service, summary, alertCount: row.alertCount * 1_000 } : row;
}

function crowdedDetail(detail: IncidentDetail, row: IncidentRow): IncidentDetail {
  return {
    ...detail,
    row: { ...row, labels: { ...row.labels, ...labels } },
    alerts: detail.alerts.map((alert) => ({
      ...alert,
      labels: { ...alert.labels, ...labels, instance: `${service}-${alert.fingerprint}.example:9100` },
      annotations: { ...alert.annotations, summary },
      sources: crowdedNames,
    })),
    timeline: detail.timeline.map((entry) => ({ ...entry, detail: `${entry.detail} ${summary}` })),
  };
}

const crowdedNames = Array.from({ length: 12 }, (_none, index) => `alertmanager-europe-central-${index}`);

function crowdedSources(nowMs: number): readonly SourceHealth[] {
  const [first] = nightSources(nowMs);
  if (first === undefined) return [];
  return crowdedNames.map((name, index) => {
    const url = `https://10.20.0.${index}:9093/alertmanager/behind/a/rather/long/base/path`;
    const source = failing({ ...first, name, url, version: '0.33.0' }, nowMs, 3 * 24 * 60 * minuteMs);
    if (source.failure === null || index % 3 !== 0) return { ...first, name, url };
    return { ...source, failure: { ...source.failure, message: crowdedCause } };
  });
}

const crowdedCause =
  'the certificate of alertmanager.payments-authorisation-gateway.eu-central-1.internal.example:9093 is signed by an authority that is not trusted on this machine, and it names another host';

/** @param sight what the console says of its sight. */
export function crowdedState(nowMs: number, sight: ScriptedState['console']['sight']['kind']): ScriptedState {
  const state = nightState(nowMs);
  const incidents = state.incidents.map(crowdedRow);
  return {
    ...state,
    incidents: incidents.map((row, index) =>
      index === 0 ? { ...row, labels: { ...row.labels, ...labels } } : row,
    ),
    details: new Map(
      incidents.flatMap((row) => {
        const detail = state.details.get(row.id);
        return detail === undefined ? [] : [[row.id, crowdedDetail(detail, row)] as const];
      }),
    ),
    sources: crowdedSources(nowMs),
    console: {
      ...state.console,
      environment: 'payments-production-eu-central-1',
      sight: {
        kind: sight,
        lastSeenAtMs: nowMs - 3 * 24 * 60 * minuteMs - 5 * secondMs,
        cause: `${crowdedCause}.`,
      },
    },
  };
}

/** Twelve series of pods with the names that a cluster gives. */
export function crowdedChart(range: {
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
}): Chart {
  const chart = nightChart({
    ...range,
    firedAtMs: range.nowMs - 252 * secondMs,
    origin: { kind: 'live', source: crowdedNames[0] ?? '', atMs: range.nowMs },
    seriesCount: 12,
  });
  const series = chart.series.map((one, index) => ({
    ...one,
    labels: {
      ...labels,
      pod: `payments-gateway-7c9f8d6b54-${(index * 7_919_777 + 9_000_000).toString(36).slice(-5)}`,
    },
    values: one.values.map((value) => Math.max(0, value) * 1_234_567),
  }));
  return { ...chart, series, seriesTotal: 40 };
}
