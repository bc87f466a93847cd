import { failed, success, type Result } from '#shared/result.ts';
import { readHistogram, type NotedHistogram } from './histogram-notation.ts';
import { readMetric } from './metric-text.ts';
import { readNumber } from './numbers.ts';

/**
 * The notation of series that Prometheus' engine tests and promtool's rule tests share: a metric, then
 * values at even distances. Facts: promql/parser/generated_parser.y, `series_description`.
 */
export interface NotedSeries {
  readonly labels: ReadonlyMap<string, string>;
  readonly samples: readonly NotedSample[];
}

export type NotedSample =
  | { readonly kind: 'gap' }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'histogram';
      readonly histogram: NotedHistogram;
      /** What is to be added to it, or taken away, and how many times; null where nothing is. */
      readonly change: HistogramChange | null;
    };

export interface HistogramChange {
  readonly operator: '+' | '-';
  readonly histogram: NotedHistogram;
  readonly times: number;
}

/** A line of a rule test may say `0x1000000`; more values than this are a mistake. */
const mostSamples = 1_000_000;
const gap: NotedSample = { kind: 'gap' };
const stale: NotedSample = { kind: 'stale' };

/** One item: a histogram's braces may hold spaces, nothing else does. */
const item = /\s*((?:\{\{.*?\}\}|[^\s{])+)/y;
const numberText = String.raw`(?:[Ii]nf|INF|[Nn]a[Nn]|NAN|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![a-wyz])|(?:\d+(?:ms|[ywdhms]))+)`;
const gapItem = /^_(?:x(\d+))?$/;
const numberItem = new RegExp(
  `^([+-]?${numberText}|stale)(?:(?<!stale)([+-]${numberText})x(\\d+)|x(\\d+))?$`,
);
const histogramItem = /^\{\{(.*?)\}\}(?:([+-])\{\{(.*?)\}\}x(\d+)|x(\d+))?$/;

/** A whole line: metric and values. */
export function readSeriesLine(line: string): Result<NotedSeries, string> {
  const metric = readMetric(line);
  if (!metric.ok) return metric;
  const { labels, end } = metric.value;
  if (end < line.length && !/\s/.test(line[end] ?? '')) return failed(`"${line[end]}" is not expected here`);
  const samples = readSamples(line.slice(end));
  return samples.ok ? success({ labels, samples: samples.value }) : samples;
}

/** The values alone, as a rule test writes them. */
export function readSamples(text: string): Result<readonly NotedSample[], string> {
  const samples: NotedSample[] = [];
  const body = text.trimEnd();
  let at = 0;
  while (at < body.length) {
    item.lastIndex = at;
    const match = item.exec(body);
    if (match === null) return failed(`"${body.slice(at).trim()}" is no value`);
    const read = readItem(match[1] ?? '', mostSamples - samples.length);
    if (!read.ok) return read;
    for (const sample of read.value) samples.push(sample);
    at = item.lastIndex;
  }
  return success(samples);
}

function readItem(text: string, most: number): Result<readonly NotedSample[], string> {
  const ofGap = gapItem.exec(text);
  const ofNumber = ofGap === null ? numberItem.exec(text) : null;
  const ofHistogram = ofGap === null && ofNumber === null ? histogramItem.exec(text) : null;
  const match = ofGap ?? ofNumber ?? ofHistogram;
  if (match === null) return failed(`"${text}" is no value`);
  const times = Number(ofGap === null ? (match.at(-2) ?? match.at(-1) ?? 0) : (ofGap[1] ?? 1));
  const count = ofGap === null ? times + 1 : times;
  if (count > most) return failed(`more than ${mostSamples} values`);
  if (ofGap !== null) return success(repeated(gap, count));
  if (ofNumber !== null) return success(numbers(ofNumber, count));
  return histograms(ofHistogram ?? [], count);
}

function numbers([, first = '', step]: readonly (string | undefined)[], count: number): NotedSample[] {
  if (first === 'stale') return repeated(stale, count);
  let value = readNumber(first) ?? Number.NaN;
  const increment = step === undefined ? 0 : (readNumber(step) ?? Number.NaN);
  const samples: NotedSample[] = [];
  for (let index = 0; index < count; index++) {
    samples.push({ kind: 'number', value });
    // One addition after the other: that is what Prometheus does, and it rounds each.
    value += increment;
  }
  return samples;
}

function histograms(
  [, first = '', operator, second]: readonly (string | undefined)[],
  count: number,
): Result<readonly NotedSample[], string> {
  const histogram = readHistogram(first);
  if (!histogram.ok) return histogram;
  if (second === undefined) return success(repeated(histogramSample(histogram.value, null), count));
  const change = readHistogram(second);
  if (!change.ok) return change;
  if (histogram.value.schema > change.value.schema)
    return failed('a histogram is changed by one of lower resolution');
  return success(
    Array.from({ length: count }, (_, times) =>
      histogramSample(histogram.value, {
        operator: operator === '-' ? '-' : '+',
        histogram: change.value,
        times,
      }),
    ),
  );
}

function histogramSample(histogram: NotedHistogram, change: HistogramChange | null): NotedSample {
  return { kind: 'histogram', histogram, change };
}

function repeated(sample: NotedSample, count: number): NotedSample[] {
  return Array.from({ length: count }, () => sample);
}
