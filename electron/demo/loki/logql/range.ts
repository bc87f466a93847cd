import type { Labels } from '#shared/model/labels.ts';
import type { LogStore } from '../log-store.ts';
import { compileCondition, numberOf, type PipelineLine } from './pipeline.ts';
import { select } from './select.ts';
import { LogqlError, type Grouping, type MetricQuery } from './syntax.ts';

/** Range functions: from lines to one number for each series and step, over windows (T-R, T]. */
export interface MetricSeries {
  readonly labels: Labels;
  /** One for each step; NaN where there is none. */
  readonly values: Float64Array;
}

type RangeQuery = MetricQuery & { readonly kind: 'range' };

/** Samples of one series in order of time. */
interface Samples {
  readonly labels: Labels;
  readonly atMs: number[];
  readonly values: number[];
}

const mostSeries = 500;

/** @param pushed the grouping of the sum around it: it makes the same numbers with far fewer series. */
export function evaluateRange(
  store: LogStore,
  query: RangeQuery,
  stepsMs: readonly number[],
  pushed: Grouping | null,
): readonly MetricSeries[] {
  const first = (stepsMs[0] ?? 0) - query.rangeMs - query.offsetMs;
  const last = (stepsMs.at(-1) ?? 0) - query.offsetMs;
  const series = [...samplesOf(store, query, pushed, first, last).values()];
  if (series.length > mostSeries) {
    throw new LogqlError(`maximum of series (${mostSeries}) reached for a single query`);
  }
  return series.map((samples) => ({ labels: samples.labels, values: windows(query, samples, stepsMs) }));
}

function samplesOf(
  store: LogStore,
  query: RangeQuery,
  pushed: Grouping | null,
  firstMs: number,
  lastMs: number,
): ReadonlyMap<string, Samples> {
  const grouping = query.grouping ?? pushed;
  const valueOf = valueReader(query);
  const known = new Map<string, Samples>();
  // Windows are open at their start and closed at their end: one nanosecond later on both sides.
  const range = { fromNs: nanoseconds(firstMs) + 1n, toNs: nanoseconds(lastMs) + 1n };
  for (const { entry, line } of select(store, query.selection, range, 'forward')) {
    const value = valueOf(line);
    if (value === undefined) continue;
    refuseErrors(line);
    const labels = groupLabels(line, grouping, query.unwrap?.name);
    const key = JSON.stringify(labels);
    let samples = known.get(key);
    if (samples === undefined) known.set(key, (samples = { labels, atMs: [], values: [] }));
    samples.atMs.push(entry.atMs + entry.nano / 1e6);
    samples.values.push(value);
  }
  return known;
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms)) * 1_000_000n;
}

/** @returns a reader that has no value for a line without the label to unwrap. */
function valueReader({ name, unwrap }: RangeQuery): (line: PipelineLine) => number | undefined {
  if (unwrap === null) {
    const encoder = new TextEncoder();
    return name.startsWith('bytes') ? ({ line }) => encoder.encode(line).length : () => 1;
  }
  const conditions = unwrap.conditions.map(compileCondition);
  return (line) => {
    const text = line.get(unwrap.name);
    if (text === '') return undefined;
    const number = numberOf(text, unwrap.conversion);
    if (number === undefined) {
      line.parsed.set('__error__', 'SampleExtractionErr');
      const details = `strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`;
      line.parsed.set('__error_details__', details);
    }
    if (conditions.some((test) => !test(line))) line.parsed.delete('__error__');
    return unwrap.conversion === 'duration' ? (number ?? 0) / 1_000 : (number ?? 0);
  };
}

function refuseErrors(line: PipelineLine): void {
  const error = line.parsed.get('__error__');
  if (error === undefined) return;
  const labels = Object.entries(line.labels()).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  throw new LogqlError(
    `pipeline error: '${error}' for series: '{${labels.join(', ')}}'.\n` +
      `Use a label filter to intentionally skip this error. (e.g | __error__!="${error}").\n` +
      'To skip all potential errors you can match empty errors.(e.g __error__="")\n' +
      'The label filter can also be specified after unwrap. (e.g | unwrap latency | __error__="" )\n',
  );
}

function groupLabels(line: PipelineLine, grouping: Grouping | null, unwrapped: string | undefined): Labels {
  if (grouping !== null && !grouping.without) {
    const labels: Record<string, string> = {};
    for (const name of grouping.names) {
      const value = line.get(name);
      if (value !== '') labels[name] = value;
    }
    return labels;
  }
  const leftOut = new Set([...(grouping?.names ?? []), unwrapped ?? '']);
  return Object.fromEntries(Object.entries(line.labels()).filter(([name]) => !leftOut.has(name)));
}

function windows(query: RangeQuery, samples: Samples, stepsMs: readonly number[]): Float64Array {
  const values = new Float64Array(stepsMs.length).fill(Number.NaN);
  let from = 0;
  let to = 0;
  stepsMs.forEach((stepMs, index) => {
    const end = stepMs - query.offsetMs;
    while ((samples.atMs[to] ?? Infinity) <= end) to++;
    while (from < to && (samples.atMs[from] ?? Infinity) <= end - query.rangeMs) from++;
    if (to > from) values[index] = reduced(query, samples.values.slice(from, to));
  });
  return values;
}

function reduced({ name, rangeMs, parameter }: RangeQuery, window: readonly number[]): number {
  const total = (): number => window.reduce((sum, value) => sum + value, 0);
  switch (name) {
    case 'count_over_time':
      return window.length;
    case 'rate':
    case 'bytes_rate':
      return total() / (rangeMs / 1_000);
    case 'avg_over_time':
      return total() / window.length;
    case 'min_over_time':
      return Math.min(...window);
    case 'max_over_time':
      return Math.max(...window);
    case 'first_over_time':
      return window[0] ?? 0;
    case 'last_over_time':
      return window.at(-1) ?? 0;
    case 'quantile_over_time':
      return quantile(parameter, window);
    default:
      return total();
  }
}

function quantile(share: number, window: readonly number[]): number {
  const sorted = window.toSorted((left, right) => left - right);
  const rank = Math.min(Math.max(share, 0), 1) * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? 0;
  return below + ((sorted[Math.ceil(rank)] ?? below) - below) * (rank - Math.floor(rank));
}
