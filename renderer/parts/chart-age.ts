import type { ChartState } from '../stores/live.ts';

/** How fresh what a chart shows is. */

/** Whether a drawn chart is not of now: from the cache, out of sight, or not refreshed. */
export function isOld(state: ChartState | null, blind: boolean): boolean {
  const chart = state?.chart ?? null;
  if (chart === null || chart.origin.kind === 'unknown') return false;
  return chart.origin.kind === 'cache' || blind || state?.failure !== null;
}

/** Why a chart is old, in the words of who said so; empty where nobody did. */
export function causeOf(state: ChartState | null): string {
  const origin = state?.chart?.origin;
  return origin?.kind === 'cache' ? origin.reason : (state?.failure?.message ?? '');
}
