import { panelChartOf, type KeptPanels } from '#core/evidence/panel-chart.ts';
import type { KeptEvaluation } from '#core/evidence/kept-chart.ts';
import type { MetricSource } from '#core/evidence/metric-source.ts';
import type { ShownExpression } from '#core/metrics/sync/shown-expressions.ts';
import type { OverviewReader } from '#core/overview/overview-reader.ts';
import type { commands } from '#shared/contract.ts';
import { backwardRange } from '#shared/failure.ts';
import { failed, success } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/** Handlers of the commands about dashboards. */
export interface OverviewCommandServices {
  readonly reader: OverviewReader;
  readonly metricSources: () => readonly MetricSource[];
  readonly queries: KeptEvaluation;
  readonly kept: KeptPanels;
  /** A window looks at this now. */
  readonly onAsked: (shown: ShownExpression) => void;
  readonly nowMs: () => number;
}

export function overviewCommands(
  services: OverviewCommandServices,
): Pick<Handlers<typeof commands>, 'overview.read' | 'metrics.chart'> {
  const { reader, metricSources, queries, kept, nowMs, onAsked } = services;
  return {
    'overview.read': async (_input, { signal }) => success(await reader.read(signal)),
    'metrics.chart': async (request, { signal }) => {
      if (!(request.fromMs < request.toMs)) return failed(backwardRange('Ms'));
      onAsked(request);
      const sources = metricSources();
      return success(await panelChartOf(request, kept, { sources, queries, nowMs }, signal));
    },
  };
}
