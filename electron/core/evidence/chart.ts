import type { SourceFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { Chart, Series } from '#shared/model/series.ts';
import { hourMs, minuteMs } from '#shared/time.ts';
import { drawnExpression } from './expression.ts';
import { sourcesFor, type MetricSource } from './metric-source.ts';

/** An expression drawn over a time range, asked of its source. */
export interface ChartRequest {
  readonly incidentId: number;
  readonly expression: string;
  readonly generatorUrl: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxPoints: number;
}

/** As many as a person can tell apart, and a bound on what crosses to the window. */
const maxSeries = 40;
const minStepMs = 1_000;

/** What came of asking the sources for a chart. */
export interface AskedChart {
  readonly chart: Chart | null;
  /** Why there is none. */
  readonly reason: string;
  /** Those that did not answer, though they might have: what is kept of them may. */
  readonly away: readonly { readonly name: string; readonly reason: string }[];
  /** Whether one refused the query itself. */
  readonly isRefused: boolean;
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
): Promise<AskedChart> {
  const { drawn } = drawnExpression(request.expression);
  const range = rangeOf(request, nowMs());
  const away: { name: string; reason: string }[] = [];
  let [reason, isRefused] = ['', false];
  let empty: Chart | null = null;
  for (const source of sourcesFor(request.generatorUrl, sources)) {
    if (!source.isFresh()) {
      reason = `${source.name} does not answer`;
      away.push({ name: source.name, reason });
      continue;
    }
    const answer = await source.queryRange(drawn, range, signal);
    if (!answer.ok) {
      reason = describe(source.name, answer.failure);
      if (isOfTheQuery(answer.failure)) isRefused = true;
      else away.push({ name: source.name, reason });
      continue;
    }
    const chart = drawnChart(request, answer.value, {
      kind: 'live',
      source: source.name,
      atMs: nowMs(),
    });
    if (chart.series.length > 0) return { chart, reason: '', away, isRefused };
    empty ??= chart;
  }
  if (empty !== null && reason === '') return { chart: empty, reason, away, isRefused };
  return { chart: null, reason: reason === '' ? 'no Prometheus is configured' : reason, away, isRefused };
}

export function drawnChart(request: ChartRequest, series: readonly Series[], origin: Origin): Chart {
  const { drawn, threshold } = drawnExpression(request.expression);
  return {
    origin,
    expression: request.expression,
    drawn,
    threshold,
    fromMs: request.fromMs,
    toMs: request.toMs,
    stepMs: stepFor(request),
    series: mostTelling(series, threshold).slice(0, maxSeries),
    seriesTotal: series.length,
  };
}

/** What is asked for a chart: nothing is there yet of times to come. */
export function rangeOf(
  request: ChartRequest,
  nowMs: number,
): { readonly fromMs: number; readonly toMs: number; readonly stepMs: number } {
  return { fromMs: request.fromMs, toMs: Math.min(request.toMs, nowMs), stepMs: stepFor(request) };
}

/** The range that is kept of an open incident: an hour before its start until now. */
export function evidenceRange(
  startsAtMs: number,
  nowMs: number,
): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: Math.max(startsAtMs - hourMs, nowMs - 24 * hourMs), toMs: nowMs };
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

/** What a server says of the query itself holds for what is kept as well. */
function isOfTheQuery({ code }: SourceFailure): boolean {
  return code === 'bad-query' || code === 'cancelled';
}
