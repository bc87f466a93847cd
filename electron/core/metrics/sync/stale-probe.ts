import type { SeriesToKeep } from '#core/store/cache/samples/sample-writer.ts';
import { keyOfLabels, type Labels } from '#shared/model/labels.ts';
import type { Span } from './spans.ts';

/**
 * Ends of series, found out by looking. A query answers no stale markers, so a series that ended would go on
 * here for as long as one looks back. Whoever has a sample within that time and yet is not in the answer of
 * an instant query at the window's end became stale in between, and is marked so at the window's end.
 *
 * What stays unsure: where within the window the marker was (at most a window too late); an end within the
 * window of a series that was back before it closed; in old windows, longer than the look-back, an end more
 * than the look-back before the window's end. Each shows a series for up to the look-back longer than the
 * server does, never shorter. Remote read has none of this.
 */

/** The bits 0x7ff0000000000002, moved as bytes: through a number they may become any NaN. Source: prometheus model/value/value.go. */
const staleMarker = new Float64Array(Uint8Array.of(2, 0, 0, 0, 0, 0, 0xf0, 0x7f).buffer);

interface LastSample {
  readonly labels: Labels;
  readonly atMs: number;
  /** Whether its end is marked already. */
  readonly isMarked: boolean;
}

/** The last samples of a selector that is followed window by window. */
export class LastSamples {
  #untilMs = Number.NEGATIVE_INFINITY;
  #last: ReadonlyMap<string, LastSample> = new Map();

  get size(): number {
    return this.#last.size;
  }

  /** The last sample of each series by the end of the window, as far as one looks back from there. */
  upTo({ fromMs, toMs }: Span, series: readonly SeriesToKeep[], lookbackMs: number): LastSampleMap {
    const follows = this.#untilMs >= fromMs - 1 && this.#untilMs <= toMs;
    const last = new Map(follows ? this.#last : []);
    for (const { labels, timesMs } of series) {
      const atMs = timesMs.findLast((timeMs) => timeMs >= fromMs && timeMs <= toMs);
      const key = keyOfLabels(labels);
      // What is fetched again because windows overlap ended no second time.
      if (atMs !== undefined && atMs !== last.get(key)?.atMs)
        last.set(key, { labels, atMs, isMarked: false });
    }
    for (const [key, { atMs }] of last) if (atMs <= toMs - lookbackMs) last.delete(key);
    return last;
  }

  /** The window is in the cache, with the ends of these. */
  remember(toMs: number, last: LastSampleMap, ended: readonly Labels[]): void {
    if (toMs < this.#untilMs) return;
    const marked = new Set(ended.map(keyOfLabels));
    this.#untilMs = toMs;
    this.#last = new Map(
      [...last].map(([key, one]) => [key, marked.has(key) ? { ...one, isMarked: true } : one] as const),
    );
  }
}

type LastSampleMap = ReadonlyMap<string, LastSample>;

/** Of whose series it must be looked whether they are still there: a marker may follow their last sample. */
export function mayHaveEnded(last: LastSampleMap, toMs: number): Labels[] {
  return [...last.values()]
    .filter(({ atMs, isMarked }) => atMs < toMs && !isMarked)
    .map(({ labels }) => labels);
}

/** @returns the series with a marker at `atMs` after each that ended. */
export function withStaleMarkers(
  series: readonly SeriesToKeep[],
  ended: readonly Labels[],
  atMs: number,
): SeriesToKeep[] {
  const left = new Map(ended.map((labels) => [keyOfLabels(labels), labels]));
  const marked = series.map((one) => {
    if (!left.delete(keyOfLabels(one.labels))) return one;
    const timesMs = new Float64Array(one.timesMs.length + 1);
    const values = new Float64Array(one.values.length + 1);
    timesMs.set(one.timesMs);
    values.set(one.values);
    timesMs[one.timesMs.length] = atMs;
    values.set(staleMarker, one.values.length);
    return { ...one, timesMs, values };
  });
  const alone = [...left.values()].map((labels) => ({
    labels,
    timesMs: Float64Array.of(atMs),
    values: staleMarker.slice(),
  }));
  return [...marked, ...alone];
}
