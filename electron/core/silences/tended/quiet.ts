import { minuteMs } from '#shared/time.ts';

/**
 * How long nothing has matched a silence that ends by itself. Counted is only what somebody has seen: time in
 * which every source of the cluster was fresh, look after look. What passes while one of them is away, while the
 * machine sleeps or the console does not run, is put on top.
 */
export interface QuietLook {
  readonly nowMs: number;
  /** When it was looked at before. */
  readonly lastLookMs: number;
  /** Every source of the cluster is fresh now, and was at the look before. */
  readonly wasSeen: boolean;
  /** Something open matches, or matched since the look before. */
  readonly isMatched: boolean;
}

/** Looks that are further apart have not seen what was in between. */
const longestBetweenLooksMs = minuteMs;

/** @returns since when it is quiet, moved on by what does not count; null where it is not. */
export function quietSince(beforeMs: number | null, look: QuietLook): number | null {
  const { nowMs, lastLookMs, wasSeen, isMatched } = look;
  if (isMatched) return null;
  const passedMs = nowMs - lastLookMs;
  const isCounted = wasSeen && passedMs >= 0 && passedMs <= longestBetweenLooksMs;
  if (beforeMs === null) return isCounted ? lastLookMs : nowMs;
  return isCounted ? beforeMs : Math.min(nowMs, beforeMs + Math.max(0, passedMs));
}

export function isQuietEnough(sinceMs: number | null, endsAfterQuietMs: number, nowMs: number): boolean {
  return sinceMs !== null && nowMs - sinceMs >= endsAfterQuietMs;
}
