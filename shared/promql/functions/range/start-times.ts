import type { FloatSamples } from '../../evaluate/columns.ts';
import type { CallSite } from '../../evaluate/context.ts';

/**
 * What the start times of counters tell (Prometheus' feature flag use-start-timestamps). A time of zero is
 * OpenMetrics' and OTLP's "not known", like our NaN.
 */

/** The start times to heed, or null where there are none or nobody asked for them. */
export function startTimesOf(samples: FloatSamples, site: CallSite): Float64Array | null {
  return site.context.options.startTimestamps ? samples.startTimesMs : null;
}

export function isKnownStart(startMs: number): boolean {
  return startMs !== 0 && !Number.isNaN(startMs);
}

/** Whether the counter began anew between the sample before `index` and the sample there. */
export function beginsAnew(timesMs: Float64Array, startTimesMs: Float64Array, index: number): boolean {
  const startMs = startTimesMs[index] ?? 0;
  const beforeMs = timesMs[index - 1] ?? 0;
  // A start at the sample itself is OTLP's mark of a counter whose start is not known.
  if (!isKnownStart(startMs) || startMs >= (timesMs[index] ?? 0)) return false;
  if (startMs !== beforeMs) return startMs > beforeMs;
  // Each start at the sample before: a series of deltas, or a counter that never knew its start.
  const startBeforeMs = startTimesMs[index - 1] ?? 0;
  return isKnownStart(startBeforeMs) && startBeforeMs < beforeMs;
}

/** Whether a sample claims to count from a moment that lies within the count of the one before. */
export function overlapsBefore(timesMs: Float64Array, startTimesMs: Float64Array, index: number): boolean {
  const startMs = startTimesMs[index] ?? 0;
  return (
    isKnownStart(startMs) && startMs < (timesMs[index - 1] ?? 0) && startMs !== (startTimesMs[index - 1] ?? 0)
  );
}
