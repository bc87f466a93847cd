import type { commands } from '#shared/contract.ts';
import { incidentSubject, namedService } from '#core/evidence/incident-subject.ts';
import type { LogsService } from '#core/logs/logs-service.ts';
import type { IncidentRunbooks } from '#core/runbooks/incident-runbooks.ts';
import type { AlertRecord } from '#core/store/records.ts';
import type { TraceList } from '#shared/model/trace.ts';
import { failed, success } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';
import { noIncident } from './refusals.ts';

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
  readonly runbooks: Pick<IncidentRunbooks, 'read'>;
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
      return success(await logs.incidentLogs(incidentSubject(id, alerts), signal));
    },
    'incident.traces': async ({ id }, { signal }) => {
      const alerts = await alertsOf(id);
      if (alerts === undefined) return failed(noIncident(id));
      const { labels, startsAtMs } = incidentSubject(id, alerts);
      return success(await incidentTraces(id, namedService(labels), startsAtMs, signal));
    },
    'incident.runbook': async ({ id }) => {
      const alerts = await alertsOf(id);
      if (alerts === undefined) return failed(noIncident(id));
      return success(await runbooks.read(id, alerts));
    },
  };
}
