import type { Sight } from '#shared/model/console.ts';
import type { RulesView } from '#shared/model/rule.ts';
import type { SourceHealth } from '#shared/model/source.ts';

/** How far the console sees alerts, from the health of the sources of alerts and of its own rules. Pure. */

/** Whether a source's last word still counts: it has spoken, and has not missed two polls since. */
export function isFresh(health: SourceHealth | undefined): boolean {
  if (health === undefined || health.lastSuccessAtMs === null) return false;
  return health.state === 'fresh' || health.state === 'late';
}

/** Local rules whose last evaluation failed. */
export interface FailingRules {
  readonly count: number;
  /** Why the first of them does. */
  readonly cause: string;
}

export function failingRulesIn({ groups }: RulesView): FailingRules {
  const failing = groups.flatMap(({ rules }) => rules.filter(({ health }) => health === 'error'));
  return { count: failing.length, cause: failing[0]?.lastError ?? '' };
}

export function sightOf(
  sources: readonly SourceHealth[],
  safeMode: boolean,
  failing: FailingRules = { count: 0, cause: '' },
): Sight {
  const sight = sightOfSources(sources, safeMode);
  if (failing.count === 0 || safeMode) return sight;
  const rules = failing.count === 1 ? 'A local rule' : `${failing.count} local rules`;
  const said = `${rules} cannot be evaluated: ${failing.cause}`;
  return {
    ...sight,
    kind: sight.kind === 'live' ? 'partial' : sight.kind,
    cause: sight.cause === '' ? said : `${sight.cause} ${said}`,
  };
}

function sightOfSources(sources: readonly SourceHealth[], safeMode: boolean): Sight {
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
