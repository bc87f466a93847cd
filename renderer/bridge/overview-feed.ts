import type { OverviewPanel } from '#shared/model/overview.ts';
import type { OverviewStore } from '../stores/overview.ts';
import type { LinkedCore } from './core-calls.ts';

/** Asks for the dashboard and its charts, and writes what becomes of it. */

/** @returns a function that gives the question up. */
export function requestOverview(store: OverviewStore, core: LinkedCore): () => void {
  const controller = new AbortController();
  void core.call('overview.read', {}, { signal: controller.signal }).then((answer) => {
    if (controller.signal.aborted) return;
    // What was known stays on the screen when the core does not answer.
    store.setState(answer.ok ? { overview: answer.value, failure: null } : { failure: answer.failure });
  });
  return () => controller.abort();
}

export interface PanelRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxPoints: number;
}

export function chartKey(panel: OverviewPanel, expression: string): string {
  return JSON.stringify([panel.source, expression]);
}

/** Asks every expression of one panel. @returns a function that gives the questions up. */
export function requestPanel(
  store: OverviewStore,
  core: LinkedCore,
  panel: OverviewPanel,
  range: PanelRange,
): () => void {
  const controller = new AbortController();
  for (const { expression } of panel.expressions) {
    const key = chartKey(panel, expression);
    const question = { source: panel.source, expression, ...range };
    void core.call('metrics.chart', question, { signal: controller.signal }).then((answer) => {
      if (controller.signal.aborted) return;
      store.setState(({ charts }) => {
        const before = charts.get(key)?.chart ?? null;
        const next = answer.ok
          ? { chart: answer.value, failure: null }
          : { chart: before, failure: answer.failure };
        return { charts: new Map(charts).set(key, next) };
      });
    });
  }
  return () => controller.abort();
}
