import type { Chart } from '#shared/model/series.ts';
import type { SeverityLevel } from '#shared/model/severity.ts';
import { formatClock } from '#shared/time.ts';
import { lastSampleMs } from '../charts/align.ts';
import type { PlotModel } from '../charts/plot-model.ts';

/** How an incident colours its chart. */
export interface ChartSubject {
  readonly level: SeverityLevel;
  readonly startsAtMs: number;
  /** Until when its firing is known; null while it is seen to fire. */
  readonly seenUntilMs: number | null;
  /** The samples are not of now: from the cache, or not refreshed. */
  readonly old: boolean;
  readonly blind: boolean;
}

/** Time after the last sample counts as unseen once so many steps are missing. */
const missingSteps = 2;

export function plotModelOf(chart: Chart, subject: ChartSubject): PlotModel {
  const lastMs = lastSampleMs(chart.series) ?? chart.fromMs;
  const missing = chart.toMs - lastMs > chart.stepMs * missingSteps;
  const over = subject.seenUntilMs !== null;
  return {
    fromMs: chart.fromMs,
    toMs: chart.toMs,
    stepMs: chart.stepMs,
    series: chart.series,
    isOrdered: false,
    level: subject.level,
    threshold: chart.threshold,
    firing: {
      fromMs: subject.startsAtMs,
      toMs: subject.seenUntilMs,
      text: over ? 'Fired' : `Firing since ${formatClock(subject.startsAtMs)}`,
    },
    unseenFromMs: subject.old && missing ? lastMs : null,
    cached: subject.old,
    blind: subject.blind,
  };
}
