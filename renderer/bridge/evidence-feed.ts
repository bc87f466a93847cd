import type { IncidentEvidence, LiveStore } from '../stores/live.ts';
import type { LinkedCore } from './core-calls.ts';

/** Asks for an incident's log lines, traces and runbook, and writes what becomes of each. */

/** @returns a function that gives the questions up. */
export function requestEvidence(live: LiveStore, core: LinkedCore, incidentId: number): () => void {
  const controller = new AbortController();
  const options = { signal: controller.signal };
  const write = (part: Partial<IncidentEvidence>): void => {
    if (controller.signal.aborted) return;
    live.setState(({ evidence }) => ({
      evidence: { ...(evidence?.incidentId === incidentId ? evidence : nothingOf(incidentId)), ...part },
    }));
  };
  write({});
  void core.call('incident.logs', { id: incidentId }, options).then((answer) => {
    write(answer.ok ? { logs: answer.value, logsFailure: null } : { logsFailure: answer.failure });
  });
  void core.call('incident.traces', { id: incidentId }, options).then((answer) => {
    write(answer.ok ? { traces: answer.value, tracesFailure: null } : { tracesFailure: answer.failure });
  });
  void core.call('incident.runbook', { id: incidentId }, options).then((answer) => {
    write(answer.ok ? { runbook: answer.value, runbookFailure: null } : { runbookFailure: answer.failure });
  });
  return () => controller.abort();
}

function nothingOf(incidentId: number): IncidentEvidence {
  return {
    incidentId,
    logs: null,
    logsFailure: null,
    traces: null,
    tracesFailure: null,
    runbook: undefined,
    runbookFailure: null,
  };
}
