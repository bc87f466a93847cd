import type { Sight } from '#shared/model/console.ts';
import type { RulesView } from '#shared/model/rule.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { formatClock } from '#shared/time.ts';

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

/** The alerting rules of the console's own that can be evaluated: they watch even where no Alertmanager does. */
export interface WatchingRules {
  readonly count: number;
  /** How many of them failed last. */
  readonly failing: number;
  /** Name of the Prometheus that they are asked of; empty where there is none. */
  readonly source: string;
  /** The newest slot in which any of them was evaluated; null if none was. */
  readonly lastSeenAtMs: number | null;
}

export function watchingRulesIn({ groups, source }: RulesView): WatchingRules {
  const watching = groups.flatMap(({ rules }) =>
    rules.filter(({ kind, health }) => kind === 'alerting' && health !== 'unsupported'),
  );
  const lastSeen = Math.max(0, ...watching.map(({ lastSuccessAtMs }) => lastSuccessAtMs ?? 0));
  return {
    count: watching.length,
    failing: watching.filter(({ health }) => health === 'error').length,
    source,
    lastSeenAtMs: lastSeen === 0 ? null : lastSeen,
  };
}

const noneFails: FailingRules = { count: 0, cause: '' };
const noneWatches: WatchingRules = { count: 0, failing: 0, source: '', lastSeenAtMs: null };

export function sightOf(
  sources: readonly SourceHealth[],
  safeMode: boolean,
  failing: FailingRules = noneFails,
  watching: WatchingRules = noneWatches,
): Sight {
  const ofSources = sightOfSources(sources, safeMode);
  const ofAll = ofSources.kind === 'unwatched' ? sightOfRules(sources, watching) : ofSources;
  const sight = safeMode ? ofAll : withoutWatchdogs(ofAll, sources);
  if (failing.count === 0 || safeMode) return sight;
  const rules = failing.count === 1 ? 'A local rule' : `${failing.count} local rules`;
  const said = `${rules} cannot be evaluated: ${failing.cause}`;
  return {
    ...sight,
    kind: sight.kind === 'live' || sight.kind === 'rules-only' ? 'partial' : sight.kind,
    cause: sight.cause === '' ? said : `${sight.cause} ${said}`,
  };
}

function sightOfSources(sources: readonly SourceHealth[], safeMode: boolean): Sight {
  const watched = sources.filter(({ tellsAlerts }) => tellsAlerts);
  const lastSeen = Math.max(...watched.map((source) => source.lastSuccessAtMs ?? 0), 0);
  const lastSeenAtMs = lastSeen === 0 ? null : lastSeen;
  if (safeMode) return { kind: 'blind', lastSeenAtMs, cause: 'Safe mode: no source is asked.' };
  if (watched.length === 0) return { kind: 'unwatched', lastSeenAtMs: null, cause: nobodyTells(sources) };
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

/** Where no Alertmanager is, each Prometheus is asked for its own alerts; servers like it may have none. */
function nobodyTells(sources: readonly SourceHealth[]): string {
  const mute = sources.find(({ kind }) => kind === 'prometheus');
  const own = mute === undefined ? '' : ` ${mute.name} has no alerts of its own to tell.`;
  return `No Alertmanager is configured.${own}`;
}

/** What is seen where only the console's own rules watch: as much as their Prometheus answers. */
function sightOfRules(sources: readonly SourceHealth[], watching: WatchingRules): Sight {
  const { count, failing, lastSeenAtMs } = watching;
  const asked = sources.find(({ name }) => name === watching.source);
  if (count === 0 || asked === undefined)
    return { kind: 'unwatched', lastSeenAtMs: null, cause: nobodyTells(sources) };
  if (asked.state === 'stale') return { kind: 'blind', lastSeenAtMs, cause: causeOf([asked]) };
  if (failing === count) return { kind: 'blind', lastSeenAtMs, cause: '' };
  if (lastSeenAtMs === null) return { kind: 'starting', lastSeenAtMs, cause: '' };
  return { kind: 'rules-only', lastSeenAtMs, cause: `${nobodyTells(sources)} Only the local rules watch.` };
}

/** A source that answers without what always fires there sees nothing of what else may fire. */
function withoutWatchdogs(sight: Sight, sources: readonly SourceHealth[]): Sight {
  const lacking = sources.flatMap(({ name, missingWatchdog }) =>
    missingWatchdog === null ? [] : [{ name, ...missingWatchdog }],
  );
  const [first] = lacking;
  if (first === undefined || sight.kind === 'unwatched') return sight;
  const watched = sources.filter(({ tellsAlerts }) => tellsAlerts);
  const isSeeing = (source: SourceHealth): boolean => isFresh(source) && source.missingWatchdog === null;
  const isBlind = sight.kind === 'rules-only' || (watched.length > 0 && !watched.some(isSeeing));
  const others = lacking.length === 1 ? '' : ` So it is with ${lacking.length - 1} more.`;
  const since = formatClock(first.sinceMs);
  const said = `${first.name} answers without its watchdog, ${first.matchers}, since ${since}: what fires may not reach it.${others}`;
  const kind = isBlind ? 'blind' : 'partial';
  return {
    kind: sight.kind === 'blind' || sight.kind === 'starting' ? sight.kind : kind,
    lastSeenAtMs: isBlind ? Math.max(...lacking.map(({ sinceMs }) => sinceMs)) : sight.lastSeenAtMs,
    cause: sight.cause === '' ? said : `${said} ${sight.cause}`,
  };
}

function causeOf(lost: readonly SourceHealth[]): string {
  const [first] = lost;
  const why = first?.failure?.message ?? 'it does not answer';
  return lost.length === 1
    ? `${first?.name ?? ''}: ${why}`
    : `${lost.length} sources of alerts do not answer. ${first?.name ?? ''}: ${why}`;
}
