import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { OverviewPanel } from '#shared/model/overview.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import { useApp, useLive } from '../../app.ts';
import { requestPanel } from '../../bridge/overview-feed.ts';
import { lastSampleMs } from '../../charts/align.ts';
import type { PlotModel } from '../../charts/plot-model.ts';
import { CachedNote, hatching, UnknownNote } from '../../parts/cached-note.tsx';
import { LegendPlot } from '../../parts/legend-plot.tsx';
import { useTimeRange } from '../../parts/time-range.ts';
import { isReachable } from '../../stores/live.ts';
import { classes } from '../../ui/classes.ts';
import { drawingOf, type PanelDrawing } from './overview-model.ts';
import styles from './overview.module.css';

interface PanelProps {
  readonly panel: OverviewPanel;
  readonly current: boolean;
  readonly blind: boolean;
  readonly height: number;
}

const maxPoints = 240;
const unitWords = {
  seconds: 's',
  bytes: 'bytes',
  'per second': '1/s',
  share: 'share of 1',
  '': '',
} as const;

/** One golden signal of one service, in whichever state it is. */
export function OverviewPanelView({ panel, current, blind, height }: PanelProps) {
  const { overview, core } = useApp();
  const { fromMs, toMs } = useTimeRange();
  const reachable = useLive(isReachable);
  useEffect(
    () => requestPanel(overview, core, panel, { fromMs, toMs, maxPoints }),
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again once the core is back
    [overview, core, panel, fromMs, toMs, reachable],
  );
  const charts = useStore(overview, (state) => state.charts);
  const drawing = useMemo(() => drawingOf(panel, charts), [panel, charts]);
  const old = drawing.state === 'cached' || (blind && drawing.chart !== null);
  return (
    <section
      id={`panel-${panel.id}`}
      className={classes(styles.panel, current && styles.current)}
      aria-label={`${panel.service} ${panel.signal}`}
      aria-current={current ? 'true' : undefined}
      onClick={() => overview.setState({ cursor: panel.id })}
      onDoubleClick={() => overview.setState({ cursor: panel.id, enlarged: panel.id })}
    >
      <header className={classes(styles.panelHeader, old && hatching.head)}>
        <span
          className={classes(styles.panelName, hatching.pad)}
          title={plainText(`${panel.service} ${panel.signal}: ${panel.title}`, 200)}
        >
          <strong>{plainText(`${panel.service} ${panel.signal}`, 60)}</strong>
          <span className={styles.faint}>{plainText(panel.title, 40)}</span>
          <span className={styles.unit}>{unitWords[panel.unit]}</span>
        </span>
        <PanelState drawing={drawing} old={old} blind={blind} />
      </header>
      <PanelBody drawing={drawing} panel={panel} old={old} blind={blind} height={height} />
    </section>
  );
}

function PanelState({
  drawing,
  old,
  blind,
}: {
  readonly drawing: PanelDrawing;
  readonly old: boolean;
  readonly blind: boolean;
}) {
  if (drawing.state === 'failed') return <span className={styles.failed}>no answer</span>;
  if (!old || drawing.atMs === null) return null;
  return (
    <span className={styles.state}>
      <CachedNote atMs={drawing.atMs} cause={drawing.cause} blind={blind} brief />
    </span>
  );
}

interface BodyProps {
  readonly drawing: PanelDrawing;
  readonly panel: OverviewPanel;
  readonly old: boolean;
  readonly blind: boolean;
  readonly height: number;
}

function PanelBody({ drawing, panel, old, blind, height }: BodyProps) {
  const { chart, names } = drawing;
  const ordered = panel.expressions.length > 1;
  const model = useMemo(
    (): PlotModel | null =>
      chart === null
        ? null
        : {
            fromMs: chart.fromMs,
            toMs: chart.toMs,
            stepMs: chart.stepMs,
            series: chart.series,
            isOrdered: ordered,
            level: 'info',
            threshold: null,
            firing: null,
            unseenFromMs: old ? (lastSampleMs(chart.series) ?? chart.fromMs) : null,
            cached: old,
            blind,
          },
    [chart, ordered, old, blind],
  );
  if (drawing.state === 'unknown') {
    return <UnknownNote reason={drawing.cause} className={styles.blank} height={height} />;
  }
  if (model === null || chart === null || chart.series.length === 0) {
    return (
      <div className={styles.blank} style={{ height }}>
        <p>{wordsOf(drawing)}</p>
      </div>
    );
  }
  return (
    <LegendPlot
      chart={chart}
      model={model}
      height={height}
      label={`${plainText(panel.service, 60)} ${panel.signal} from ${formatClock(chart.fromMs)} to ${formatClock(chart.toMs)}`}
      names={names}
      cause={old ? drawing.cause : ''}
      table={false}
      ordered={ordered}
    />
  );
}

function wordsOf({ state, cause }: PanelDrawing): string {
  switch (state) {
    case 'waiting':
      return 'Asking for its samples.';
    case 'failed':
      return plainText(cause, 300);
    default:
      return 'The source answered: no samples in this range.';
  }
}
