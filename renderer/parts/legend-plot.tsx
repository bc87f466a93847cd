import type { Chart } from '#shared/model/series.ts';
import type { PlotModel } from '../charts/plot-model.ts';
import { plotInsets } from '../charts/plot-options.ts';
import { late } from '../ui/late.ts';
import { useLate } from '../ui/use-late.ts';
import { ChartLegend, type LegendLook } from './chart-legend.tsx';
import { PlotTimeCursor } from './time-cursor.tsx';
import { useReading } from './use-reading.ts';
import { useTheme } from './use-theme.ts';

/** The library that draws is large, and what is said of a chart is there without it. */
const plots = late(() => import('../charts/plot.tsx'));

interface LegendPlotProps extends LegendLook {
  readonly chart: Chart;
  /** How the chart is drawn. */
  readonly model: PlotModel;
  /** In CSS pixels, without the legend. */
  readonly height: number;
  /** What the picture shows, in one sentence. */
  readonly label: string;
}

/** A chart with its legend: each series' value under the pointer, and the time cursor set elsewhere. */
export function LegendPlot({ chart, model, height, label, ...legend }: LegendPlotProps) {
  const theme = useTheme();
  const [reading, setReading] = useReading();
  const plot = useLate(plots);
  return (
    <>
      {plot.kind === 'here' ? (
        <plot.module.Plot key={theme} model={model} height={height} label={label} onCursor={setReading}>
          {reading === null ? (
            <PlotTimeCursor above insets={plotInsets} fromMs={chart.fromMs} toMs={chart.toMs} />
          ) : null}
        </plot.module.Plot>
      ) : (
        <p style={{ height }}>{plot.kind === 'missing' ? 'What draws it could not be fetched.' : ''}</p>
      )}
      <ChartLegend chart={chart} reading={reading} {...legend} />
    </>
  );
}
