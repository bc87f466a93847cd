import { metricNameLabel } from '#shared/promql/model/label-set.ts';
import { MemorySource } from '#shared/promql/model/memory-source.ts';
import type { LoadedSeries, LoadStatement } from './script.ts';

/** The samples that a script has loaded so far. */
export function loadInto(
  source: MemorySource,
  { stepMs, series, addsNativeHistograms }: LoadStatement,
): void {
  // A series that one statement gives twice is what it was given last.
  const last = new Map(series.map((one) => [source.labels.of(one.labels), one]));
  for (const [labels, { samples, startOffsetsMs }] of last) {
    const growing = source.series(labels);
    samples.forEach((sample, index) => {
      const timeMs = index * stepMs;
      if (sample.kind === 'number')
        growing.append(timeMs, sample.value, timeMs + (startOffsetsMs[index] ?? NaN));
      else if (sample.kind === 'stale') growing.appendStale(timeMs);
      else if (sample.kind === 'histogram') growing.appendHistogram(timeMs);
    });
  }
  if (addsNativeHistograms) for (const one of last.values()) addHistogramsOf(source, one, stepMs);
}

const classicSuffix = /^(.*)_(bucket|count|sum)$/;

/** Wherever a classic histogram has a bucket, count or sum there is one native histogram of its base name. */
function addHistogramsOf(source: MemorySource, { labels, samples }: LoadedSeries, stepMs: number): void {
  const [, base, suffix] = classicSuffix.exec(labels.get(metricNameLabel) ?? '') ?? [];
  if (base === undefined) return;
  if (suffix === 'bucket' && !isBound(labels.get('le') ?? '')) return;
  const own = [...labels].filter(([name]) => name !== 'le' && name !== metricNameLabel);
  const growing = source.series(source.labels.of([...own, [metricNameLabel, base]]));
  samples.forEach(({ kind }, index) => {
    if (kind === 'number' || kind === 'stale') growing.appendHistogram(index * stepMs);
  });
}

function isBound(text: string): boolean {
  return /^[+-]?inf$/i.test(text) || (text !== '' && !Number.isNaN(Number(text)));
}
