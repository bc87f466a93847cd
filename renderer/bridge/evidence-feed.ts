import { logsAfterMs, passesAfterMs, tracesAfterMs } from '#shared/model/evidence.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { IncidentEvidence, LiveState, LiveStore } from '../stores/live.ts';
import type { CoreCalls } from './core-calls.ts';

/**
 * Asks for an incident's log lines, traces and runbook, and writes what becomes of each. Lines and traces
 * that are whole are not asked for again: what surrounds a start that is long past changes no more, and
 * the servers have better to do in an outage.
 */

/** @returns a function that gives the questions up. */
export function requestEvidence(
  live: LiveStore,
  core: Pick<CoreCalls, 'call'>,
  incidentId: number,
): () => void {
  const controller = new AbortController();
  const options = { signal: controller.signal };
  const write = (part: Partial<IncidentEvidence>): void => {
    if (controller.signal.aborted) return;
    live.setState(({ evidence }) => ({
      evidence: { ...(evidence?.incidentId === incidentId ? evidence : nothingOf(incidentId)), ...part },
    }));
  };
  write({});
  const state = live.getState();
  if (!areLogsWhole(state)) {
    void core.call('incident.logs', { id: incidentId }, options).then((answer) => {
      write(answer.ok ? { logs: answer.value, logsFailure: null } : { logsFailure: answer.failure });
    });
  }
  if (!areTracesWhole(state)) {
    void core.call('incident.traces', { id: incidentId }, options).then((answer) => {
      write(answer.ok ? { traces: answer.value, tracesFailure: null } : { tracesFailure: answer.failure });
    });
  }
  void core.call('incident.runbook', { id: incidentId }, options).then((answer) => {
    write(answer.ok ? { runbook: answer.value, runbookFailure: null } : { runbookFailure: answer.failure });
  });
  return () => controller.abort();
}

function areLogsWhole(state: LiveState): boolean {
  const { logs, logsFailure } = state.evidence ?? nothingOf(0);
  if (logs === null || logsFailure !== null || logs.warnings.length > 0) return false;
  return isSettled(state, logs.origin, logsAfterMs);
}

function areTracesWhole(state: LiveState): boolean {
  const { traces, tracesFailure } = state.evidence ?? nothingOf(0);
  if (traces === null || tracesFailure !== null) return false;
  return isSettled(state, traces.origin, tracesAfterMs);
}

/**
 * Whether a source that is still in sight answered when all there is had come. One that is not is asked for
 * again: the core does not ask it, and says how old its answer is.
 */
function isSettled({ evidence, incident, sources }: LiveState, origin: Origin, afterMs: number): boolean {
  if (origin.kind !== 'live' || incident?.id !== evidence?.incidentId) return false;
  const source = sources?.find(({ name }) => name === origin.source);
  if (source?.state !== 'fresh' && source?.state !== 'late') return false;
  const starts = incident?.detail?.alerts.map(({ startsAtMs }) => startsAtMs) ?? [];
  return starts.length > 0 && origin.atMs >= Math.min(...starts) + passesAfterMs(afterMs);
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
