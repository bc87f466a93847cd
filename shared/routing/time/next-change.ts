import { dayMs } from '#shared/time.ts';
import { holds, holdsDay, type TimeInterval } from './time-interval.ts';
import { jumpsOf, momentsOf, zonedTime } from './zone.ts';

/** Nothing is looked for beyond it: an interval may name a year that is far, or past. */
const horizonDays = 4_000;
/** Changes of single intervals that are looked at for one of a name: overlapping ones change without effect. */
const mostSteps = 2_000;

/**
 * The first moment at which what is asked of the intervals together is answered otherwise than at `atMs`, or
 * null where that is beyond ten years.
 * @param state nothing but what is inside of the intervals may change it.
 */
export function nextTurn(
  state: (atMs: number) => boolean,
  intervals: readonly TimeInterval[],
  atMs: number,
): number | null {
  const now = state(atMs);
  const next = intervals.map((interval) => nextChange(interval, atMs));
  for (let step = 0; step < mostSteps; step++) {
    const soonest = Math.min(...next.map((momentMs) => momentMs ?? Infinity));
    if (soonest === Infinity || soonest > atMs + horizonDays * dayMs) return null;
    if (state(soonest) !== now) return soonest;
    for (const [index, interval] of intervals.entries())
      if (next[index] === soonest) next[index] = nextChange(interval, soonest);
  }
  return null;
}

/**
 * Walks the days of the zone's calendar. Inside a day only the ends of times, midnight and a jump of the
 * clock can change anything; what they do is asked of the interval itself.
 */
function nextChange(interval: TimeInterval, atMs: number): number | null {
  const now = holds(interval, atMs);
  const { year, month, day } = zonedTime(interval.zone, atMs);
  const firstDayMs = Date.UTC(year, month - 1, day);
  const isWhole = interval.times === null;
  // A day before: where clocks go back over midnight, the calendar does too.
  for (let index = -1; index < horizonDays; index++) {
    const dayStartMs = firstDayMs + index * dayMs;
    const isHeld = holdsDay(interval, dayAt(dayStartMs));
    if (index > 1 && (isHeld ? now && isWhole : !now)) continue;
    const change = momentsIn(interval, dayStartMs).find((ms) => ms > atMs && holds(interval, ms) !== now);
    if (change !== undefined) return change;
  }
  return null;
}

function momentsIn({ zone, times }: TimeInterval, dayStartMs: number): readonly number[] {
  const minutes = [0, 1440, ...(times ?? []).flatMap(({ from, to }) => [from, to])];
  const atMinutes = minutes.flatMap((minute) => momentsOf(zone, dayStartMs, minute));
  return [...atMinutes, ...jumpsOf(zone, dayStartMs)].sort((left, right) => left - right);
}

function dayAt(dayStartMs: number): { readonly year: number; readonly month: number; readonly day: number } {
  const date = new Date(dayStartMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
