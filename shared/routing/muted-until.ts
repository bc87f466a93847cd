import type { Route } from './model.ts';
import { nextTurn } from './time/next-change.ts';
import { holdsNamed, type NamedInterval } from './time/time-interval.ts';
import { localZone } from './time/zone.ts';

/** Whether a route is kept quiet by the time now. */
export interface MuteNow {
  readonly isMuted: boolean;
  /** The mute intervals that hold now; where none does and it is muted, the active ones, of which none holds. */
  readonly by: readonly string[];
  readonly cause: 'in-mute-interval' | 'outside-active-intervals' | null;
}

/** The same, and when that turns. */
export interface TimeMute extends MuteNow {
  /** When `isMuted` turns next, Unix milliseconds; null where never, or in more than ten years. */
  readonly turnsAtMs: number | null;
  /** The intervals follow the server's own zone, which is taken to be the one here. */
  readonly isInServerZone: boolean;
}

/** The names by which time keeps a route quiet. */
type TimedRoute = Pick<Route, 'muteTimeIntervals' | 'activeTimeIntervals'>;

/**
 * A route is muted while one of its mute intervals holds, or while it has active intervals and none of them
 * holds. Names that the configuration does not define hold never.
 */
export function mutedNow(route: TimedRoute, timeIntervals: readonly NamedInterval[], atMs: number): MuteNow {
  const holding = named(timeIntervals, route.muteTimeIntervals).filter((interval) =>
    holdsNamed(interval, atMs),
  );
  if (holding.length > 0)
    return { isMuted: true, by: holding.map(({ name }) => name), cause: 'in-mute-interval' };
  const active = named(timeIntervals, route.activeTimeIntervals);
  const isInactive =
    route.activeTimeIntervals.length > 0 && !active.some((interval) => holdsNamed(interval, atMs));
  return isInactive
    ? { isMuted: true, by: route.activeTimeIntervals, cause: 'outside-active-intervals' }
    : { isMuted: false, by: [], cause: null };
}

export function mutedUntil(
  route: TimedRoute,
  timeIntervals: readonly NamedInterval[],
  atMs: number,
): TimeMute {
  const used = named(timeIntervals, [...route.muteTimeIntervals, ...route.activeTimeIntervals]);
  const intervals = used.flatMap((interval) => interval.intervals);
  const isMutedAt = (momentMs: number): boolean => mutedNow(route, used, momentMs).isMuted;
  return {
    ...mutedNow(route, used, atMs),
    turnsAtMs: nextTurn(isMutedAt, intervals, atMs),
    isInServerZone: intervals.some(({ zone }) => zone === localZone),
  };
}

function named(timeIntervals: readonly NamedInterval[], names: readonly string[]): readonly NamedInterval[] {
  return timeIntervals.filter(({ name }) => names.includes(name));
}
