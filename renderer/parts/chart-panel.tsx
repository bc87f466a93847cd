import { useMemo } from 'react';
import type { IncidentRow } from '#shared/model/incident.ts';
import type { Chart } from '#shared/model/series.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import { formatMeasure } from '../charts/measure.ts';
import { breaches } from '../charts/plot-model.ts';
import type { ChartState } from '../stores/live.ts';
import { classes } from '../ui/classes.ts';
import { hatching, UnknownNote } from './cached-note.tsx';
import { causeOf, isOld } from './chart-age.ts';
import { plotModelOf } from './chart-plot-model.ts';
import { ChartStateNote } from './chart-state-note.tsx';
import styles from './chart-panel.module.css';
import { briefestNames, nameOfSet } from './distinguish.ts';
import { LegendPlot } from './legend-plot.tsx';
import { useChart } from './use-chart.ts';

interface ChartPanelProps {
  readonly row: IncidentRow;
  /** The expression as the source wrote it; shown while the chart is awaited. */
  readonly expression: string;
  readonly blind: boolean;
  readonly height: number;
  /** The legend under the plot, or a table beside it where there is room. */
  readonly legend: 'under' | 'beside';
}

/** The expression behind an incident, drawn; every state it can be in is a state of this panel. */
export function ChartPanel({ row, expression, blind, height, legend }: ChartPanelProps) {
  const state = useChart(row);
  const chart = state?.chart ?? null;
  const shownExpression = plainText(chart?.expression ?? expression, 1_000);
  const old = isOld(state, blind);
  return (
    <section className={styles.panel} aria-label="Evidence">
      <header className={classes(styles.header, old && styles.old, old && hatching.head)}>
        <code className={classes(styles.expression, hatching.pad)} title={shownExpression}>
          {shownExpression === '' ? 'no source told the expression' : shownExpression}
        </code>
        <span className={styles.state}>
          <ChartStateNote
            state={state}
            blind={blind}
            withCause={legend === 'beside'}
            lastValue={chart === null ? null : soleLastValue(chart, row)}
          />
        </span>
      </header>
      <ChartBody row={row} state={state} blind={blind} height={height} legend={legend} />
    </section>
  );
}

/** The newest value where there is one series, and whether it breaches. */
function soleLastValue(
  chart: Chart,
  row: IncidentRow,
): { text: string; level: IncidentRow['severity']['level'] | null } | null {
  const value = chart.series.length === 1 ? chart.series[0]?.values.at(-1) : undefined;
  if (value === undefined) return null;
  const breached = chart.threshold !== null && breaches(value, chart.threshold);
  return { text: formatMeasure(value), level: breached ? row.severity.level : null };
}

function ChartBody({
  row,
  state,
  blind,
  height,
  legend,
}: Omit<ChartPanelProps, 'expression'> & { readonly state: ChartState | null }) {
  const chart = state?.chart ?? null;
  if (chart !== null && chart.origin.kind !== 'unknown' && chart.series.length > 0) {
    return (
      <DrawnChart
        chart={chart}
        row={row}
        old={isOld(state, blind)}
        cause={legend === 'under' && isOld(state, blind) ? causeOf(state) : ''}
        blind={blind}
        height={height}
        legend={legend}
      />
    );
  }
  if (chart?.origin.kind === 'unknown') {
    return <UnknownNote reason={chart.origin.reason} className={styles.blank} height={height} />;
  }
  return (
    <div className={styles.blank} style={{ height }}>
      <p>
        <EmptyWords state={state} />
      </p>
    </div>
  );
}

function EmptyWords({ state }: { readonly state: ChartState | null }) {
  const failure = state?.failure ?? null;
  if (failure !== null) {
    return (
      <>
        {plainText(failure.message, 300)}. {plainText(failure.nextStep, 300)}
      </>
    );
  }
  if (state?.chart !== null && state !== null) return <>The source answered: no samples in this range.</>;
  return <>Asking for its samples.</>;
}

interface DrawnChartProps {
  readonly chart: Chart;
  readonly row: IncidentRow;
  readonly old: boolean;
  /** Said under the plot; empty where it is said elsewhere. */
  readonly cause: string;
  readonly blind: boolean;
  readonly height: number;
  readonly legend: ChartPanelProps['legend'];
}

function DrawnChart({ chart, row, old, cause, blind, height, legend }: DrawnChartProps) {
  const { startsAtMs, resolvedAtMs, lastSeenAtMs, state } = row;
  const { level } = row.severity;
  const seenUntilMs = resolvedAtMs ?? (blind || state === 'unseen' ? lastSeenAtMs : null);
  const model = useMemo(
    () => plotModelOf(chart, { level, startsAtMs, seenUntilMs, old, blind }),
    [chart, level, startsAtMs, seenUntilMs, old, blind],
  );
  const names = useMemo(() => {
    const telling = briefestNames(chart.series.map((one) => one.labels));
    return chart.series.map((one) => nameOfSet(one.labels, telling));
  }, [chart.series]);
  return (
    <div className={classes(styles.drawn, legend === 'beside' && chart.series.length > 1 && styles.beside)}>
      <LegendPlot
        chart={chart}
        model={model}
        height={height}
        label={`${plainText(chart.drawn, 200)} from ${formatClock(chart.fromMs)} to ${formatClock(chart.toMs)}, ${chart.series.length} series`}
        names={names}
        cause={cause}
        table={legend === 'beside' && chart.series.length > 1}
      />
    </div>
  );
}
