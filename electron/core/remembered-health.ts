import type { WatchRecord } from '#core/store/records.ts';
import type { SourceHealth } from '#shared/model/source.ts';

/** What the cores before this one knew of the sources, for the time until each has answered this one. */

/** When each source was last seen, by its kept health and by its last good poll. */
export function lastSeenOf(
  health: readonly SourceHealth[],
  watches: readonly WatchRecord[],
): Map<string, number> {
  const seen = new Map<string, number>();
  for (const { name, lastSuccessAtMs } of health)
    if (lastSuccessAtMs !== null) seen.set(name, lastSuccessAtMs);
  for (const { source, lastSuccessAtMs } of watches) {
    seen.set(source, Math.max(lastSuccessAtMs, seen.get(source) ?? 0));
  }
  return seen;
}

/** A source that has not answered this core yet is as old as it was, and not merely late. */
export function remembering(health: SourceHealth, lastSeenAtMs: number | undefined): SourceHealth {
  if (health.lastSuccessAtMs !== null || lastSeenAtMs === undefined) return health;
  return {
    ...health,
    lastSuccessAtMs: lastSeenAtMs,
    state: health.state === 'late' ? 'starting' : health.state,
  };
}
