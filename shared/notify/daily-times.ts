import type { Range, TimeInterval } from '#shared/routing/time/time-interval.ts';

/** Times of day that may go over midnight, as intervals of the routing's calendar, which do not. */
export interface DailyTimes {
  /** Minutes of the day; where the end is not after the start it is on the next day. */
  readonly from: number;
  readonly to: number;
  /** The days on which they begin, 0 is Sunday; null for every day. */
  readonly weekdays: readonly Range[] | null;
  /** As `zoneNamed` gives it. */
  readonly zone: string;
}

const minutesOfDay = 1_440;

export function intervalsOf({ from, to, weekdays, zone }: DailyTimes): readonly TimeInterval[] {
  const on = (days: readonly Range[] | null, times: Range): TimeInterval => ({
    times: [times],
    weekdays: days,
    daysOfMonth: null,
    months: null,
    years: null,
    zone,
  });
  if (from < to) return [on(weekdays, { from, to })];
  const evening = on(weekdays, { from, to: minutesOfDay });
  return to === 0 ? [evening] : [evening, on(weekdays && dayAfter(weekdays), { from: 0, to })];
}

/** The same days, each one later; Sunday follows Saturday. */
function dayAfter(weekdays: readonly Range[]): readonly Range[] {
  return weekdays.flatMap(({ from, to }) => {
    if (to < 6) return [{ from: from + 1, to: to + 1 }];
    const sunday = { from: 0, to: 0 };
    return from === 6 ? [sunday] : [{ from: from + 1, to: 6 }, sunday];
  });
}
