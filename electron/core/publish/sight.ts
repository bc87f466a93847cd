import type { Sight } from '#shared/model/console.ts';
import type { SourceHealth } from '#shared/model/source.ts';

/** How far the console sees alerts, from the health of the sources of alerts. Pure. */

/** Whether a source's last word still counts: it has spoken, and has not missed two polls since. */
export function isFresh(health: SourceHealth | undefined): boolean {
  if (health === undefined || health.lastSuccessAtMs === null) return false;
  return health.state === 'fresh' || health.state === 'late';
}

export function sightOf(sources: readonly SourceHealth[], safeMode: boolean): Sight {
  const watched = sources.filter((source) => source.kind === 'alertmanager');
  const lastSeen = Math.max(...watched.map((source) => source.lastSuccessAtMs ?? 0), 0);
  const lastSeenAtMs = lastSeen === 0 ? null : lastSeen;
  if (safeMode) return { kind: 'blind', lastSeenAtMs, cause: 'Safe mode: no source is asked.' };
  if (watched.length === 0)
    return { kind: 'unwatched', lastSeenAtMs: null, cause: 'No Alertmanager is configured.' };
  const fresh = watched.filter((source) => isFresh(source));
  if (fresh.length === watched.length) return { kind: 'live', lastSeenAtMs, cause: '' };
  const lost = watched.filter((source) => source.state === 'stale');
  // One that has not spoken yet may know of what the others do not.
  if (lost.length === 0) return { kind: 'starting', lastSeenAtMs, cause: '' };
  const cause = causeOf(lost);
  return {
    kind: fresh.length > 0 ? 'partial' : lost.length === watched.length ? 'blind' : 'starting',
    lastSeenAtMs,
    cause,
  };
}

function causeOf(lost: readonly SourceHealth[]): string {
  const [first] = lost;
  const why = first?.failure?.message ?? 'it does not answer';
  return lost.length === 1
    ? `${first?.name ?? ''}: ${why}`
    : `${lost.length} sources of alerts do not answer. ${first?.name ?? ''}: ${why}`;
}
