import { zonedTime, type ZonedTime } from './zone.ts';

/**
 * Alertmanager's time intervals: a moment is inside where each part that is given has a range that holds it,
 * by the calendar and the clock of the interval's zone. Source: prometheus/alertmanager
 * timeinterval/timeinterval.go. A month has the days of its calendar also where clocks go forward in it: measured
 * on 0.25 and 0.33.
 */
export interface NamedInterval {
  readonly name: string;
  readonly line: number;
  /** A moment in one of them is in the named interval. */
  readonly intervals: readonly TimeInterval[];
}

/** A part that is null holds every moment; one without ranges holds none. */
export interface TimeInterval {
  /** Minutes of the day, the end not included. */
  readonly times: readonly Range[] | null;
  /** 0 is Sunday. */
  readonly weekdays: readonly Range[] | null;
  /** -1 is the month's last day. */
  readonly daysOfMonth: readonly Range[] | null;
  /** 1 is January. */
  readonly months: readonly Range[] | null;
  readonly years: readonly Range[] | null;
  /** A name of the tz database; `local` is the zone of whoever asks, as the server's own cannot be known. */
  readonly zone: string;
}

/** Both ends belong to it, but for times. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export function holdsNamed({ intervals }: NamedInterval, atMs: number): boolean {
  return intervals.some((interval) => holds(interval, atMs));
}

export function holds(interval: TimeInterval, atMs: number): boolean {
  const time = zonedTime(interval.zone, atMs);
  const { times } = interval;
  if (times !== null && !times.some(({ from, to }) => time.minute >= from && time.minute < to)) return false;
  return holdsDay(interval, time);
}

/** Whether the interval has anything to do with this day, times aside. */
export function holdsDay(interval: TimeInterval, day: Pick<ZonedTime, 'year' | 'month' | 'day'>): boolean {
  const { year, month } = day;
  const inside = (ranges: readonly Range[] | null, value: number): boolean =>
    ranges === null || ranges.some(({ from, to }) => value >= from && value <= to);
  return (
    inside(interval.years, year) &&
    inside(interval.months, month) &&
    inside(interval.weekdays, weekdayOf(day)) &&
    isDayOfMonth(interval.daysOfMonth, day)
  );
}

function weekdayOf({ year, month, day }: Pick<ZonedTime, 'year' | 'month' | 'day'>): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

function isDayOfMonth(
  ranges: readonly Range[] | null,
  { year, month, day }: Pick<ZonedTime, 'year' | 'month' | 'day'>,
): boolean {
  if (ranges === null) return true;
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const fromStart = (value: number): number => (value < 0 ? length + value + 1 : value);
  // A range that begins after the month's end is not moved into it: `31` is no day of June.
  return ranges.some(({ from, to }) => day >= fromStart(from) && day <= fromStart(to));
}
