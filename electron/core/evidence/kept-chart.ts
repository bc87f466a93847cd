import type { EvaluatedRange } from '#core/metrics/query-desk.ts';
import { joined } from '#core/metrics/query-words.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { Chart, Series } from '#shared/model/series.ts';
import { drawnChart, rangeOf, unknownChart, type AskedChart, type ChartRequest } from './chart.ts';
import { drawnExpression } from './expression.ts';
import type { MetricSource } from './metric-source.ts';

/**
 * A chart whose source does not answer: computed from the samples that are kept of it as far as these reach,
 * else as it was drawn last, else unknown. It never mixes the two, so that one chart is of one origin.
 */
export interface KeptEvaluation {
  evaluateKept(
    source: string,
    query: string,
    times: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
    signal: AbortSignal,
  ): Promise<EvaluatedRange>;
}

/** What a chart is made with: the sources, what evaluates over what is kept of them, and the time. */
export interface ChartServices {
  readonly sources: readonly MetricSource[];
  readonly queries: KeptEvaluation;
  readonly nowMs: () => number;
}

/** As a share of the range. */
const muchMore = 0.1;

/**
 * @param drawing reads how it was drawn last, if it was.
 * @returns a cached or unknown chart, whose reason begins with why the source did not answer.
 */
export async function keptChart(
  request: ChartRequest,
  asked: AskedChart,
  drawing: () => Promise<Chart | null>,
  services: ChartServices,
  signal: AbortSignal,
): Promise<Chart> {
  const { computed, missing } = await compute(request, asked, services, signal);
  if (computed?.isWhole === true) return computed.chart;
  const drawn = await drawing();
  // What was drawn is of another range, with steps of its own: a little more of it is not worth that.
  const leastMs = computed === null ? 0 : computed.knownMs + muchMore * (request.toMs - request.fromMs);
  if (drawn !== null && overlapMs(drawn, request) > leastMs) return cachedChart(request, drawn, asked.reason);
  if (computed !== null) return computed.chart;
  const why = missing === '' && drawn !== null ? 'outside of what was kept' : missing;
  return unknownChart(request, why === '' ? asked.reason : joined(asked.reason, why));
}

interface Computed {
  readonly chart: Chart;
  readonly isWhole: boolean;
  /** How much of the range it shows. */
  readonly knownMs: number;
}

/** The first source that has something to draw; that there is nothing is believed where all of them know it. */
async function compute(
  request: ChartRequest,
  { away, isRefused }: AskedChart,
  { queries, nowMs }: ChartServices,
  signal: AbortSignal,
): Promise<{ readonly computed: Computed | null; readonly missing: string }> {
  const { drawn } = drawnExpression(request.expression);
  const { fromMs, toMs, stepMs } = rangeOf(request, nowMs());
  const times = { fromMs: Math.round(fromMs), toMs: Math.round(toMs), stepMs };
  let empty: Computed | null = null;
  let missing = '';
  for (const { name, reason } of away) {
    const answer = await queries.evaluateKept(name, drawn, times, signal);
    if (answer.kind === 'unknown') {
      missing ||= answer.reason;
      continue;
    }
    const origin: Origin = {
      kind: 'cache',
      source: name,
      atMs: answer.atMs,
      reason: reasonOf(answer, reason, times.fromMs),
    };
    const computed = {
      chart: drawnChart(request, answer.series, origin),
      isWhole: answer.missing === '',
      knownMs: answer.runs.reduce((sum, run) => sum + run.lastMs + stepMs - run.firstMs, 0),
    };
    if (answer.series.length > 0) return { computed, missing };
    if (computed.isWhole) empty ??= computed;
    else missing ||= answer.missing;
  }
  return { computed: missing === '' && !isRefused ? empty : null, missing };
}

/** That nothing is known after the source was lost is seen on the chart itself; any other gap is said. */
function reasonOf(
  { runs, missing }: Extract<EvaluatedRange, { kind: 'evaluated' }>,
  reason: string,
  fromMs: number,
): string {
  const how = joined(reason, 'computed from kept samples');
  const onlyEndIsMissing = runs.length === 1 && runs[0]?.firstMs === fromMs;
  return missing === '' || onlyEndIsMissing ? how : `${how}, but ${missing}`;
}

function overlapMs(drawing: Chart, request: ChartRequest): number {
  if (drawing.origin.kind === 'unknown') return 0;
  return Math.min(drawing.toMs, request.toMs) - Math.max(drawing.fromMs, request.fromMs);
}

function cachedChart(request: ChartRequest, drawing: Chart, reason: string): Chart {
  const seen = drawing.origin.kind === 'unknown' ? { source: '', atMs: 0 } : drawing.origin;
  return {
    ...drawing,
    origin: { kind: 'cache', source: seen.source, atMs: seen.atMs, reason },
    fromMs: request.fromMs,
    toMs: request.toMs,
    series: drawing.series.map((series) => within(series, request.fromMs, request.toMs)),
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
