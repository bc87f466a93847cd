import { nanosecondsOf, type Nanoseconds } from '#shared/model/log.ts';

/**
 * Spans of time in which the lines of a scope are all there are, in whole nanoseconds, start included and
 * end not. Pure arithmetic: joining and clipping never claim what was not covered.
 */
export interface Span {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** The last fetch that contributed. */
  readonly fetchedAtMs: number;
}

const maxNs = 2n ** 63n - 1n;
const nsOfMs = 1_000_000n;

/** The latest time that a column of whole numbers holds, for later ones: the year 2262. */
export function columnTime(timeNs: Nanoseconds): bigint {
  const time = BigInt(timeNs);
  return time > maxNs ? maxNs : time;
}

/** The first nanosecond of a millisecond, as a column holds it. */
export function columnTimeAt(ms: number): bigint {
  return columnTime(nanosecondsOf(ms));
}

/** Whether a column holds the time as it is. */
export function isColumnTime(timeNs: Nanoseconds): boolean {
  return BigInt(timeNs) < maxNs;
}

/** @returns the spans in order of time, those that overlap or touch as one. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((left, right) => (left.fromNs < right.fromNs ? -1 : 1))) {
    const last = joined.at(-1);
    if (last === undefined || span.fromNs > last.toNs) {
      joined.push(span);
      continue;
    }
    joined[joined.length - 1] = {
      fromNs: last.fromNs,
      toNs: last.toNs > span.toNs ? last.toNs : span.toNs,
      fetchedAtMs: Math.max(last.fetchedAtMs, span.fetchedAtMs),
    };
  }
  return joined;
}

/** @returns what of the spans lies within `fromNs` to `toNs`. */
export function clipSpans(spans: readonly Span[], fromNs: bigint, toNs: bigint): Span[] {
  return spans
    .map((span) => ({
      ...span,
      fromNs: span.fromNs > fromNs ? span.fromNs : fromNs,
      toNs: span.toNs < toNs ? span.toNs : toNs,
    }))
    .filter((span) => span.fromNs < span.toNs);
}

/** The milliseconds that lie within a span as a whole, both ends included; null where there is none. */
export function wholeMilliseconds({ fromNs, toNs }: Pick<Span, 'fromNs' | 'toNs'>): {
  readonly fromMs: number;
  readonly toMs: number;
} | null {
  const fromMs = Number((fromNs + nsOfMs - 1n) / nsOfMs);
  const toMs = Number(toNs / nsOfMs) - 1;
  return fromMs <= toMs ? { fromMs, toMs } : null;
}
