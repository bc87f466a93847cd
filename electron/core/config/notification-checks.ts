import { severityLevels, type SeverityLevel } from '#shared/model/severity.ts';
import { intervalsOf } from '#shared/notify/daily-times.ts';
import { nextTurn } from '#shared/routing/time/next-change.ts';
import { holds, type Range, type TimeInterval } from '#shared/routing/time/time-interval.ts';
import { error } from './key-readers.ts';
import type { Place } from './key-readers.ts';

/** What can be wrong between the keys of notifications where each alone is right. Called by their table. */

/** As written: minutes of the day, null where nothing is; no weekdays for every day. */
interface Times {
  readonly from: number | null;
  readonly to: number | null;
  readonly weekdays: readonly Range[];
}

export function checkTimes(given: Times, place: Place): void {
  const { from, to } = given;
  const missing = from === null ? 'from' : 'to';
  if ((from === null) !== (to === null))
    error(
      { ...place, path: `${place.path}.${missing}` },
      'missing, and the other needs it',
      'a time from "00:00" to "24:00"',
    );
  if (from !== null && from === to)
    error({ ...place, path: `${place.path}.to` }, 'the same as from', 'another time than from');
}

export function checkQuietTimes(given: Times, place: Place): void {
  const { from, to } = given;
  if (from === null && to === null)
    error({ ...place, path: `${place.path}.from` }, 'missing', 'a time from "00:00" to "24:00"');
  else checkTimes(given, place);
}

export function checkRule(
  { when, tell }: { readonly when: Times; readonly tell: string },
  place: Place,
): void {
  const isTimed = when.from !== null || when.weekdays.length > 0;
  if (tell !== 'held' || isTimed) return;
  const path = `${place.path}.tell`;
  error({ ...place, path }, 'held without times would never be told', 'times in when, or never');
}

interface QuietValues {
  readonly zone: string;
  readonly quietHours: readonly (Times & { readonly severities: readonly SeverityLevel[] })[];
}

/** What no person means: hours that never end would lose what they hold. */
export function checkQuietHours({ quietHours, zone }: QuietValues, place: Place): void {
  for (const level of severityLevels) {
    const intervals = quietHours
      .filter((quiet) => quiet.severities.includes(level))
      .flatMap((quiet) => timesOf(quiet, zone) ?? []);
    const isQuiet = (atMs: number): boolean => intervals.some((interval) => holds(interval, atMs));
    if (isQuiet(0) && nextTurn(isQuiet, intervals, 0) === null)
      error(
        { ...place, path: `${place.path}.quietHours` },
        `they never end for ${level}`,
        'hours that leave some time',
      );
  }
}

/** @returns null where no time is given: then it holds at any. */
export function timesOf({ from, to, weekdays: days }: Times, zone: string): readonly TimeInterval[] | null {
  if (from === null && days.length === 0) return null;
  return intervalsOf({ from: from ?? 0, to: to ?? 1_440, weekdays: days.length === 0 ? null : days, zone });
}
