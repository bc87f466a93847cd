import type { OverviewPanel } from '#shared/model/overview.ts';
import type { Chart, Series } from '#shared/model/series.ts';
import { chartKey } from '../../bridge/overview-feed.ts';
import type { OverviewState } from '../../stores/overview.ts';

/** What the overview shows of its store. Pure. */

/** The panels in sight: those of the chosen service, or all. */
export function shownPanels({ overview, service, enlarged }: OverviewState): readonly OverviewPanel[] {
  const panels = overview?.panels ?? [];
  const alone = panels.filter((panel) => panel.id === enlarged);
  if (alone.length > 0) return alone;
  const own = panels.filter((panel) => panel.service === service);
  return own.length > 0 ? own : panels;
}

export function panelUnderCursor(state: OverviewState): OverviewPanel | undefined {
  const panels = shownPanels(state);
  return panels.find((panel) => panel.id === state.cursor) ?? panels[0];
}

/** All expressions of a panel as one drawing; as old as the oldest of them, as sure as the least sure. */
export interface PanelDrawing {
  readonly state: 'waiting' | 'failed' | 'unknown' | 'empty' | 'live' | 'cached';
  /** When the data was fetched; null where there is none. */
  readonly atMs: number | null;
  /** Why it is not live, or empty. */
  readonly cause: string;
  readonly chart: Chart | null;
  readonly names: readonly string[];
}

export function drawingOf(panel: OverviewPanel, charts: OverviewState['charts']): PanelDrawing {
  const answers = panel.expressions.map(({ name, expression }) => ({
    name,
    answer: charts.get(chartKey(panel, expression)),
  }));
  const failure = answers.find(({ answer }) => answer?.failure != null)?.answer?.failure ?? null;
  const drawn = answers.flatMap(({ name, answer }) =>
    answer?.chart == null ? [] : [{ name, chart: answer.chart }],
  );
  const nothing = { atMs: null, chart: null, names: [] };
  const [first] = drawn;
  if (first === undefined) {
    return failure === null
      ? { state: 'waiting', cause: '', ...nothing }
      : { state: 'failed', cause: `${failure.message}. ${failure.nextStep}`, ...nothing };
  }
  const unknown = drawn.find(({ chart }) => chart.origin.kind === 'unknown');
  if (unknown?.chart.origin.kind === 'unknown')
    return { state: 'unknown', cause: unknown.chart.origin.reason, ...nothing };
  const series = drawn.flatMap(({ name, chart }) => chart.series.map((one) => ({ name, one })));
  const cached = drawn.find(({ chart }) => chart.origin.kind === 'cache');
  const cause = cached?.chart.origin.kind === 'cache' ? cached.chart.origin.reason : (failure?.message ?? '');
  const old = cached !== undefined || failure !== null;
  return {
    state: old ? 'cached' : series.length === 0 ? 'empty' : 'live',
    atMs: Math.min(...drawn.map(({ chart }) => (chart.origin.kind === 'unknown' ? 0 : chart.origin.atMs))),
    cause,
    chart: { ...first.chart, series: series.map(({ one }) => one), seriesTotal: series.length },
    names: series.map(({ name, one }) => (name === '' ? briefNameOf(one) : name)),
  };
}

/** The end of a pod's name tells it from its siblings. */
function briefNameOf({ labels }: Series): string {
  const name = labels['pod'] ?? labels['instance'] ?? '';
  return name.includes('-') ? name.slice(name.lastIndexOf('-') + 1) : name;
}

/** How many panels are live, cached and without an answer. */
export function countsOf(state: OverviewState): {
  readonly live: number;
  readonly cached: number;
  readonly failed: number;
} {
  const states = shownPanels(state).map((panel) => drawingOf(panel, state.charts).state);
  const count = (...wanted: readonly PanelDrawing['state'][]): number =>
    states.filter((one) => wanted.includes(one)).length;
  return { live: count('live', 'empty'), cached: count('cached'), failed: count('failed', 'unknown') };
}
