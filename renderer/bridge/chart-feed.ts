import type { ChartState, LiveStore } from '../stores/live.ts';
import type { LinkedCore } from './core-calls.ts';

/** Asks for an incident's chart and writes what becomes of it; a newer question cancels the older. */

export interface ChartRequest {
  readonly incidentId: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxPoints: number;
}

/** @returns a function that gives the question up. */
export function requestChart(
  live: LiveStore,
  core: LinkedCore,
  request: ChartRequest,
  now: () => number,
): () => void {
  const controller = new AbortController();
  const range = { fromMs: request.fromMs, toMs: request.toMs };
  const write = (part: Pick<ChartState, 'chart' | 'failure' | 'askedAtMs'>): void =>
    live.setState({ chart: { incidentId: request.incidentId, range, ...part } });

  const before = live.getState().chart;
  const kept = before?.incidentId === request.incidentId ? before.chart : null;
  write({ chart: kept, failure: null, askedAtMs: now() });
  void core
    .call(
      'incident.chart',
      { id: request.incidentId, ...range, maxPoints: request.maxPoints },
      { signal: controller.signal },
    )
    .then((answer) => {
      if (controller.signal.aborted) return;
      if (answer.ok) write({ chart: answer.value, failure: null, askedAtMs: null });
      else write({ chart: kept, failure: answer.failure, askedAtMs: null });
    });
  return () => controller.abort();
}
