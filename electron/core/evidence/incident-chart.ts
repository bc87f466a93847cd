import type { Chart } from '#shared/model/series.ts';
import { askChart, unknownChart, type ChartRequest } from './chart.ts';
import { keptChart, type ChartServices } from './kept-chart.ts';

export interface KeptDrawings {
  /** The last chart kept for an incident. */
  drawing(incidentId: number): Promise<Chart | null>;
}

/**
 * The expression behind an incident, drawn: asked of its source, else from what is kept.
 * @returns a live, cached or unknown chart; how asking failed is the reason of the latter two.
 */
export async function incidentChartOf(
  request: ChartRequest,
  drawings: KeptDrawings,
  services: ChartServices,
  signal: AbortSignal,
): Promise<Chart> {
  if (request.expression === '') return unknownChart(request, 'No source told the expression of this alert.');
  const asked = await askChart(request, services.sources, services.nowMs, signal);
  if (asked.chart !== null) return asked.chart;
  return keptChart(request, asked, () => drawings.drawing(request.incidentId), services, signal);
}
