import type { Chart } from '#shared/model/series.ts';
import { askChart, type ChartRequest } from './chart.ts';
import { keptChart, type ChartServices } from './kept-chart.ts';

/** One expression drawn for a panel: asked of its source, else from what is kept. */
export interface PanelRequest {
  /** Name of the source; empty for whichever answers. */
  readonly source: string;
  readonly expression: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxPoints: number;
}

export interface KeptPanels {
  putPanelChart(key: string, chart: Chart): Promise<unknown>;
  panelChart(key: string): Promise<Chart | null>;
}

export async function panelChartOf(
  request: PanelRequest,
  kept: KeptPanels,
  services: ChartServices,
  signal: AbortSignal,
): Promise<Chart> {
  const { source, expression, fromMs, toMs, maxPoints } = request;
  const wanted: ChartRequest = { incidentId: 0, generatorUrl: '', expression, fromMs, toMs, maxPoints };
  const named = services.sources.filter(({ name }) => source === '' || name === source);
  const key = JSON.stringify([source, expression]);
  const asked = await askChart(wanted, named, services.nowMs, signal);
  const { chart } = asked;
  if (chart !== null) {
    // A server that came back without its samples answers nothing: that is no reason to lose what is kept.
    if (chart.series.length > 0) await kept.putPanelChart(key, chart);
    return chart;
  }
  return keptChart(wanted, asked, () => kept.panelChart(key), services, signal);
}
