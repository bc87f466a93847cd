import type { Route } from './model.ts';
import { nextTurn } from './time/next-change.ts';
import { holdsNamed, type NamedInterval } from './time/time-interval.ts';
import { localZone } from './time/zone.ts';

/** Whether a route is kept quiet by the time, and when that turns. */
export interface TimeMute {
  readonly isMuted: boolean;
  /** The mute intervals that hold now; where none does and it is muted, the active ones, of which none holds. */
  readonly by: readonly string[];
  readonly cause: 'in-mute-interval' | 'outside-active-intervals' | null;
  /** When `isMuted` turns next, Unix milliseconds; null where never, or in more than ten years. */
  readonly turnsAtMs: number | null;
  /** The intervals follow the server's own zone, which is taken to be the one here. */
  readonly isInServerZone: boolean;
}

/**
 * A route is muted while one of its mute intervals holds, or while it has active intervals and none of them
 * holds. Names that the configuration does not define hold never.
 */
export function mutedUntil(route: Route, timeIntervals: readonly NamedInterval[], atMs: number): TimeMute {
  const named = (names: readonly string[]): readonly NamedInterval[] =>
    timeIntervals.filter(({ name }) => names.includes(name));
  const [mute, active] = [named(route.muteTimeIntervals), named(route.activeTimeIntervals)];
  const holding = (momentMs: number): readonly NamedInterval[] =>
    mute.filter((interval) => holdsNamed(interval, momentMs));
  const isInactive = (momentMs: number): boolean =>
    route.activeTimeIntervals.length > 0 && !active.some((interval) => holdsNamed(interval, momentMs));
  const isMutedAt = (momentMs: number): boolean => holding(momentMs).length > 0 || isInactive(momentMs);
  const intervals = [...mute, ...active].flatMap((interval) => interval.intervals);
  const holdingNow = holding(atMs).map(({ name }) => name);
  const isInactiveNow = isInactive(atMs);
  return {
    isMuted: isMutedAt(atMs),
    by: holdingNow.length > 0 || !isInactiveNow ? holdingNow : route.activeTimeIntervals,
    cause: holdingNow.length > 0 ? 'in-mute-interval' : isInactiveNow ? 'outside-active-intervals' : null,
    turnsAtMs: nextTurn(isMutedAt, intervals, atMs),
    isInServerZone: intervals.some(({ zone }) => zone === localZone),
  };
}
