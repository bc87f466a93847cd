import type { RawSeries } from '#shared/promql/model/samples.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { QueryError } from '#shared/promql/problem.ts';
import type { SqliteDatabase } from '../../database.ts';
import { firstAt } from './columns.ts';
import { wordsOf } from './frame-codec.ts';
import { CacheSampleSource, readerDefaults } from './sample-reader.ts';
import type { SeriesToKeep } from './sample-writer.ts';
import { readSelector } from './selector.ts';
import type { Window } from './windows.ts';

/** What is kept of a selector, cut to where it is complete. Used by `Cache`. */
export interface KeptSamples {
  readonly series: readonly SeriesToKeep[];
  /** Where within the asked range the series are complete. Outside of these nothing is known. */
  readonly covered: readonly Window[];
  /** The last fetch that contributed; null where nothing is covered. */
  readonly fetchedAtMs: number | null;
}

export const nothingKept: KeptSamples = { series: [], covered: [], fetchedAtMs: null };

/** Most samples in one answer: 32 MB of columns. */
const maxSamples = 2_000_000;

/** @returns a sentence where the text is no selector, or the range holds more than one answer may carry. */
export function readSelection(
  database: SqliteDatabase,
  source: string,
  selector: string,
  fromMs: number,
  toMs: number,
): Result<KeptSamples, string> {
  const read = readSelector(selector);
  if (!read.ok) return read;
  const { matchers } = read.value;
  const samples = new CacheSampleSource(database, source, { ...readerDefaults, decodedBytes: 0, maxSamples });
  const covered = samples.covered(matchers, fromMs, toMs);
  if (covered.length === 0) return success(nothingKept);
  try {
    const series = samples.select(matchers, fromMs, toMs).map((one): SeriesToKeep => {
      const kept = seriesWithin(one, covered);
      if (one.histogramTimesMs === null) return kept;
      const histograms = covered.flatMap((window) =>
        samples.histograms(one.labels, window.fromMs, window.toMs),
      );
      return { ...kept, histograms };
    });
    return success({
      series: series.filter(({ timesMs, histograms = [] }) => timesMs.length + histograms.length > 0),
      covered,
      fetchedAtMs: Math.max(...covered.map((window) => window.fetchedAtMs)),
    });
  } catch (error) {
    if (error instanceof QueryError) return failed(error.message);
    throw error;
  }
}

function seriesWithin({ labels, timesMs, values }: RawSeries, covered: readonly Window[]): SeriesToKeep {
  const ranges = covered.map(
    ({ fromMs, toMs }) => [firstAt(timesMs, fromMs), firstAt(timesMs, toMs + 1)] as const,
  );
  const length = ranges.reduce((sum, [first, end]) => sum + end - first, 0);
  const series = {
    labels: labels.toLabels(),
    timesMs: new Float64Array(length),
    values: new Float64Array(length),
  };
  let to = 0;
  for (const [first, end] of ranges) {
    series.timesMs.set(timesMs.subarray(first, end), to);
    wordsOf(series.values).set(wordsOf(values.subarray(first, end)), to * 2);
    to += end - first;
  }
  return series;
}
