import { failed, success, type Result } from '#shared/result.ts';
import type { Range } from './time-interval.ts';

/** How ranges are written in a time interval: `monday:friday`, `-3:-1`, `may`, times of day as `08:30`. */
export type RangeKind = 'weekdays' | 'days_of_month' | 'months' | 'years';
export const rangeKinds = ['weekdays', 'days_of_month', 'months', 'years'] as const;

export const acceptedRanges: Readonly<Record<RangeKind, string>> = {
  weekdays: 'sunday to saturday, or a range in this order such as monday:friday',
  days_of_month: '1 to 31, -1 for the last day to -31, or a range such as 1:7 or -3:-1',
  months: 'january to december or 1 to 12, or a range such as may:july',
  years: 'a year, or a range such as 2026:2027',
};

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** @returns a sentence about what is wrong with it. */
export function readRange(kind: RangeKind, text: string): Result<Range, string> {
  const ends = text.toLowerCase().split(':');
  const [from, to = from] = ends.map((end) => readEnd(kind, end));
  if (ends.length > 2 || from === undefined || from === null || to === undefined || to === null)
    return failed('this is no range');
  const problem =
    kind === 'days_of_month' ? wrongDays(from, to) : from > to ? 'it ends before it begins' : null;
  return problem === null ? success({ from, to }) : failed(problem);
}

function readEnd(kind: RangeKind, text: string): number | null {
  const names = kind === 'weekdays' ? weekdays : kind === 'months' ? months : [];
  const index = names.indexOf(text);
  if (kind === 'weekdays') return index === -1 ? null : index;
  if (index !== -1) return index + 1;
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}

/** The shortest month decides what never holds a day. */
const shortestMonth = 28;

function wrongDays(from: number, to: number): string | null {
  if ([from, to].some((day) => day === 0 || Math.abs(day) > 31)) return 'no month has this day';
  if (from < 0 && to > 0) return 'a range that begins from the end has to end so too';
  const ascending = (day: number): number => (day < 0 ? shortestMonth + day : day);
  return ascending(from) > ascending(to) ? 'it ends before it begins' : null;
}

/** @returns the minute of the day, 1440 for 24:00; null where it is no time of day. */
export function readTimeOfDay(text: string): number | null {
  const [, hours = '', minutes = ''] = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.exec(text) ?? [];
  if (text === '24:00') return 1440;
  return hours === '' ? null : Number(hours) * 60 + Number(minutes);
}
