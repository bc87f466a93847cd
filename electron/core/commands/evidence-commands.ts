import type { commands } from '#shared/contract.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { LogsService } from '#core/logs/logs-service.ts';
import type { RunbookShelf } from '#core/runbooks/runbook-shelf.ts';
import type { AlertRecord } from '#core/store/records.ts';
import { incidentName } from '#shared/model/incident.ts';
import { commonLabels, labelOf, type Labels } from '#shared/model/labels.ts';
import type { Runbook } from '#shared/model/runbook.ts';
import type { TraceList } from '#shared/model/trace.ts';
import { failed, success } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/** Handlers of the commands about what is beside an incident: log lines, traces, what to do. */
export interface EvidenceCommandServices {
  /** Alerts of an incident in memory or in the journal; undefined where there is no such incident. */
  readonly alertsOf: (id: number) => Promise<readonly AlertRecord[] | undefined>;
  readonly logs: Pick<LogsService, 'incidentLogs'>;
  /** @param service as the alerts name it; empty where they name none. */
  readonly incidentTraces: (
    id: number,
    service: string,
    startsAtMs: number,
    signal: AbortSignal,
  ) => Promise<TraceList>;
  readonly runbooks: Pick<RunbookShelf, 'find'>;
}

type EvidenceCommand = 'incident.logs' | 'incident.traces' | 'incident.runbook';

export function evidenceCommands(
  services: EvidenceCommandServices,
): Pick<Handlers<typeof commands>, EvidenceCommand> {
  const { alertsOf, logs, incidentTraces, runbooks } = services;
  return {
    'incident.logs': async ({ id }, { signal }) => {
      const alerts = await alertsOf(id);
      if (alerts === undefined) return failed(noIncident(id));
      return success(await logs.incidentLogs({ incidentId: id, ...evidenceSubject(alerts) }, signal));
    },
    'incident.traces': async ({ id }, { signal }) => {
      const alerts = await alertsOf(id);
      if (alerts === undefined) return failed(noIncident(id));
      const { labels, startsAtMs } = evidenceSubject(alerts);
      return success(await incidentTraces(id, serviceOf(labels), startsAtMs, signal));
    },
    'incident.runbook': async ({ id }) => {
      const alerts = await alertsOf(id);
      if (alerts === undefined) return failed(noIncident(id));
      return success(await runbookOf(alerts, runbooks));
    },
  };
}

/** What evidence of an incident is looked for by: the labels that its alerts share, and its first start. */
export function evidenceSubject(alerts: readonly Pick<AlertRecord, 'labels' | 'startsAtMs'>[]): {
  readonly labels: Labels;
  readonly startsAtMs: number;
} {
  return {
    labels: commonLabels(alerts.map(({ labels }) => labels)),
    startsAtMs: alerts.reduce((first, { startsAtMs }) => Math.min(first, startsAtMs), Infinity),
  };
}

/** The service that the labels of an alert name; empty where they name none. */
export function serviceOf(labels: Labels): string {
  const names = ['service', 'service_name', 'app', 'job'];
  return names.map((name) => labelOf(labels, name)).find((value) => value !== '') ?? '';
}

/** Of the alert that began first and has one. */
async function runbookOf(
  alerts: readonly AlertRecord[],
  runbooks: EvidenceCommandServices['runbooks'],
): Promise<Runbook | null> {
  const oldestFirst = alerts.toSorted((left, right) => left.startsAtMs - right.startsAtMs);
  const asked = new Map(
    oldestFirst.map(({ annotations, labels }) => {
      const pair = [labelOf(annotations, 'runbook_url'), labelOf(labels, 'alertname')] as const;
      return [JSON.stringify(pair), pair];
    }),
  );
  for (const [url, alertName] of asked.values()) {
    const runbook = await runbooks.find(url, alertName);
    if (runbook !== null) return runbook;
  }
  return null;
}

function noIncident(id: number): CommandFailure {
  return commandFailure('not-found', `there is no incident ${incidentName(id)}`, 'Look it up in the inbox.');
}
