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
const gapItem = /^_(?:x(\d+))?$/;
/** A number that ends where a repetition (`x`) or a sign may follow; a unit makes it a duration. */
const number =
  /[+-]?(?:[Ii]nf|INF|[Nn]a[Nn]|NAN|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\d.a-wyz])|(?:\d+(?:ms|[ywdhms]))+)/y;
const staleItem = /^stale(?:x(\d+))?$/;
const repetition = /^x(\d+)$/;
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
  if (ofGap !== null) return repeated(gap, Number(ofGap[1] ?? 1), most);
  const ofStale = staleItem.exec(text);
  if (ofStale !== null) return repeated(stale, Number(ofStale[1] ?? 0) + 1, most);
  const ofHistogram = histogramItem.exec(text);
  return ofHistogram === null ? numbers(text, most) : histograms(ofHistogram, most);
}

function numbers(text: string, most: number): Result<readonly NotedSample[], string> {
  const first = numberAt(text, 0);
  const step = numberAt(text, first.length);
  const rest = text.slice(first.length + step.length);
  const times = repetition.exec(rest)?.[1];
  const hasSign = step === '' || /^[+-]/.test(step);
  if (first === '' || !hasSign || (times === undefined && rest + step !== ''))
    return failed(`"${text}" is no value`);
  const count = Number(times ?? 0) + 1;
  if (count > most) return tooMany;
  let value = readNumber(first) ?? Number.NaN;
  const increment = step === '' ? 0 : (readNumber(step) ?? Number.NaN);
  const samples: NotedSample[] = [];
  for (let index = 0; index < count; index++) {
    samples.push({ kind: 'number', value });
    // One addition after the other: that is what Prometheus does, and it rounds each.
    value += increment;
  }
  return success(samples);
}

function numberAt(text: string, start: number): string {
  number.lastIndex = start;
  return number.exec(text)?.[0] ?? '';
}

function histograms(
  [, first = '', operator, second, changes, copies]: RegExpExecArray,
  most: number,
): Result<readonly NotedSample[], string> {
  const histogram = readHistogram(first);
  if (!histogram.ok) return histogram;
  const count = Number(changes ?? copies ?? 0) + 1;
  if (second === undefined) return repeated(histogramSample(histogram.value, null), count, most);
  const change = readHistogram(second);
  if (!change.ok) return change;
  if (histogram.value.schema > change.value.schema)
    return failed('a histogram is changed by one of lower resolution');
  if (count > most) return tooMany;
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

const tooMany: Result<never, string> = failed(`more than ${mostSamples} values`);

function repeated(sample: NotedSample, count: number, most: number): Result<readonly NotedSample[], string> {
  return count > most ? tooMany : success(Array.from({ length: count }, () => sample));
}
