import type { Chart } from '#shared/model/series.ts';
import { askChart, cachedChart, unknownChart, type ChartRequest } from './chart.ts';
import type { MetricSource } from './metric-source.ts';

/** One expression drawn for a panel: asked of its source, else as it was drawn last, else unknown. */
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
  sources: readonly MetricSource[],
  kept: KeptPanels,
  nowMs: () => number,
  signal: AbortSignal,
): Promise<Chart> {
  const { source, expression, fromMs, toMs, maxPoints } = request;
  const asked: ChartRequest = { incidentId: 0, generatorUrl: '', expression, fromMs, toMs, maxPoints };
  const named = sources.filter(({ name }) => source === '' || name === source);
  const key = JSON.stringify([source, expression]);
  const { chart, reason } = await askChart(asked, named, nowMs, signal);
  if (chart !== null) {
    // A server that came back without its samples answers nothing: that is no reason to lose what is kept.
    if (chart.series.length > 0) await kept.putPanelChart(key, chart);
    return chart;
  }
  const drawing = await kept.panelChart(key);
  return drawing === null ? unknownChart(asked, reason) : cachedChart(asked, drawing, reason);
}
