import type { SourceFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { Chart, Series } from '#shared/model/series.ts';
import { hourMs, minuteMs } from '#shared/time.ts';
import { drawnExpression } from './expression.ts';
import { sourcesFor, type MetricSource } from './metric-source.ts';

/**
 * The expression behind an incident, drawn over a time range: asked of a source, else from what was kept
 * of it, else unknown. It never mixes the two, so one chart is of one origin.
 */
export interface ChartRequest {
  readonly incidentId: number;
  readonly expression: string;
  readonly generatorUrl: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxPoints: number;
}

export interface KeptDrawings {
  /** The last chart kept for an incident. */
  drawing(incidentId: number): Promise<Chart | null>;
}

/** As many as a person can tell apart, and a bound on what crosses to the window. */
const maxSeries = 40;
const minStepMs = 1_000;

/** @returns a live, cached or unknown chart; how asking failed is the reason of the latter two. */
export async function chartOf(
  request: ChartRequest,
  sources: readonly MetricSource[],
  kept: KeptDrawings,
  nowMs: () => number,
  signal: AbortSignal,
): Promise<Chart> {
  if (request.expression === '') return unknownChart(request, 'no source told the expression of this alert');
  const asked = await askChart(request, sources, nowMs, signal);
  if (asked.chart !== null) return asked.chart;
  const drawing = await kept.drawing(request.incidentId);
  return drawing === null ? unknownChart(request, asked.reason) : cachedChart(request, drawing, asked.reason);
}

/**
 * Asks the sources in turn until one has samples. A source known to be out of sight is not waited for; that
 * there is nothing to draw is believed only where every one of them said so.
 */
export async function askChart(
  request: ChartRequest,
  sources: readonly MetricSource[],
  nowMs: () => number,
  signal: AbortSignal,
): Promise<{ readonly chart: Chart | null; readonly reason: string }> {
  const { drawn, threshold } = drawnExpression(request.expression);
  const range = { fromMs: request.fromMs, toMs: Math.min(request.toMs, nowMs()), stepMs: stepFor(request) };
  let reason = '';
  let empty: Chart | null = null;
  for (const source of sourcesFor(request.generatorUrl, sources)) {
    if (!source.isFresh()) {
      reason = `${source.name} does not answer`;
      continue;
    }
    const answer = await source.queryRange(drawn, range, signal);
    if (!answer.ok) {
      reason = describe(source.name, answer.failure);
      continue;
    }
    const chart: Chart = {
      origin: { kind: 'live', source: source.name, atMs: nowMs() },
      expression: request.expression,
      drawn,
      threshold,
      fromMs: request.fromMs,
      toMs: request.toMs,
      stepMs: range.stepMs,
      series: mostTelling(answer.value, threshold).slice(0, maxSeries),
      seriesTotal: answer.value.length,
    };
    if (chart.series.length > 0) return { chart, reason: '' };
    empty ??= chart;
  }
  if (empty !== null && reason === '') return { chart: empty, reason };
  return { chart: null, reason: reason === '' ? 'no Prometheus is configured' : reason };
}

/** The range that is kept of an open incident: an hour before its start until now. */
export function evidenceRange(
  startsAtMs: number,
  nowMs: number,
): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: Math.max(startsAtMs - hourMs, nowMs - 24 * hourMs), toMs: nowMs };
}

export function cachedChart(request: ChartRequest, drawing: Chart, reason: string): Chart {
  const seen = drawing.origin.kind === 'unknown' ? null : drawing.origin;
  if (seen === null || request.toMs < drawing.fromMs || request.fromMs > drawing.toMs) {
    return unknownChart(request, `${reason}; outside of what was kept`);
  }
  const origin: Origin = { kind: 'cache', source: seen.source, atMs: seen.atMs, reason };
  return {
    ...drawing,
    origin,
    fromMs: request.fromMs,
    toMs: request.toMs,
    series: drawing.series.map((series) => within(series, request.fromMs, request.toMs)),
  };
}

export function unknownChart(request: ChartRequest, reason: string): Chart {
  return {
    origin: { kind: 'unknown', reason },
    expression: request.expression,
    ...drawnExpression(request.expression),
    fromMs: request.fromMs,
    toMs: request.toMs,
    stepMs: stepFor(request),
    series: [],
    seriesTotal: 0,
  };
}

function within(series: Series, fromMs: number, toMs: number): Series {
  const from = series.timesMs.findIndex((timeMs) => timeMs >= fromMs);
  const after = series.timesMs.findIndex((timeMs) => timeMs > toMs);
  const end = after === -1 ? series.timesMs.length : after;
  const start = from === -1 ? end : from;
  return {
    labels: series.labels,
    timesMs: series.timesMs.slice(start, end),
    values: series.values.slice(start, end),
  };
}

/** A whole number of seconds that keeps the answer within `maxPoints`; at least five beyond half an hour. */
function stepFor(request: ChartRequest): number {
  const exact = (request.toMs - request.fromMs) / request.maxPoints;
  const least = request.toMs - request.fromMs > 30 * minuteMs ? 5 * minStepMs : minStepMs;
  return Math.max(least, Math.ceil(exact / minStepMs) * minStepMs);
}

/** Those beyond the threshold first, so that the cut never hides what fires. */
function mostTelling(series: readonly Series[], threshold: Chart['threshold']): Series[] {
  const downward = threshold !== null && threshold.operator.startsWith('<');
  const score = ({ values }: Series): number => {
    const extreme = downward ? Math.min(...finite(values)) : Math.max(...finite(values));
    return downward ? -extreme : extreme;
  };
  const scores = new Map(series.map((one) => [one, score(one)]));
  return series.toSorted((left, right) => (scores.get(right) ?? 0) - (scores.get(left) ?? 0));
}

function finite(values: Float64Array): number[] {
  return [...values].filter((value) => Number.isFinite(value));
}

function describe(source: string, failure: SourceFailure): string {
  return `${source}: ${failure.message}`;
}
