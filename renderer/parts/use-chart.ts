import { useEffect } from 'react';
import type { IncidentRow } from '#shared/model/incident.ts';
import { secondMs } from '#shared/time.ts';
import { useApp, useLive, useSession, useTimed } from '../app.ts';
import { requestChart } from '../bridge/chart-feed.ts';
import { isReachable, type ChartState } from '../stores/live.ts';
import { rangeOf } from './time-range.ts';

const refreshMs = 15 * secondMs;
const maxPoints = 600;

/**
 * Keeps the chart of an incident asked for: again when the range moves, every so often while the range
 * ends now, and when the core comes back.
 * @returns the chart's state, or null while the store still holds another incident's.
 */
export function useChart(row: IncidentRow): ChartState | null {
  const { live, core } = useApp();
  const choice = useSession((state) => state.timeChoice);
  const reachable = useLive(isReachable);
  const turn = useTimed((nowMs) => Math.floor(nowMs / refreshMs));
  const { fromMs, toMs } = rangeOf(choice, row, (turn + 1) * refreshMs);

  useEffect(
    () => requestChart(live, core, { incidentId: row.id, fromMs, toMs, maxPoints }, Date.now),
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again once the core is back
    [live, core, row.id, fromMs, toMs, reachable],
  );
  return useLive((state) => (state.chart?.incidentId === row.id ? state.chart : null));
}
