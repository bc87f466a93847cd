import type { VectorFunction } from '../evaluate/context.ts';
import { mapped, unlabelled, valuesOfTimes, vectorOf } from './evaluated-values.ts';

/** Functions of the evaluation's time, and of values that are Unix seconds. All days are UTC's. */

export const time: VectorFunction = (_values, site) => ({
  kind: 'scalar',
  values: valuesOfTimes(site, (timeMs) => timeMs / 1000),
});

/** When the values were computed: samples of a selector, which have times of their own, are read otherwise. */
export const timestamp: VectorFunction = (values, site) => {
  const seconds = valuesOfTimes(site, (timeMs) => timeMs / 1000);
  return mapped(vectorOf(values[0]), site, (_value, step) => seconds[step] ?? 0);
};

interface Day {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const secondsOfDay = 86_400;

/**
 * The civil date of a day since 1970, by counting in years that begin in March, so that a leap day is the
 * last. JavaScript's dates end in the year 275,760; values need not.
 */
function dayOf(days: number): Day {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const leapDays = Math.floor(ofEra / 1460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096);
  const yearOfEra = Math.floor((ofEra - leapDays) / 365);
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function lengthOfMonth({ year, month }: Day): number {
  return month === 2 && isLeap(year) ? 29 : (monthLengths[month - 1] ?? 0);
}

function dayOfYear(date: Day): number {
  const before = monthLengths.slice(0, date.month - 1).reduce((sum, length) => sum + length, 0);
  return before + date.day + (date.month > 2 && isLeap(date.year) ? 1 : 0);
}

/**
 * What Go makes of a number as seconds: whole ones, and for NaN or what 64 bits do not hold the least there
 * is, which its dates then wrap around to the greatest. Source: measured with promtool.
 */
function secondsOf(value: number): number {
  return value >= -(2 ** 63) && value < 2 ** 63 ? Math.trunc(value) : 2 ** 63;
}

/** @param compute of whole Unix seconds. Without an argument a date function takes the evaluation's time. */
function momentFunction(compute: (seconds: number) => number): VectorFunction {
  return (values, site) => {
    if (values.length === 0) {
      return unlabelled(
        site,
        valuesOfTimes(site, (timeMs) => compute(Math.trunc(timeMs / 1000))),
      );
    }
    return mapped(vectorOf(values[0]), site, (value) => compute(secondsOf(value)));
  };
}

function dateFunction(compute: (date: Day) => number): VectorFunction {
  return momentFunction((seconds) => compute(dayOf(daysOf(seconds))));
}

function daysOf(seconds: number): number {
  // Rounded, for past 2^53 the difference is no longer exact.
  return Math.round((seconds - remainder(seconds, secondsOfDay)) / secondsOfDay);
}

/** Never negative, and never -0. */
function remainder(value: number, divisor: number): number {
  const rest = value % divisor;
  return rest < 0 ? rest + divisor : Math.abs(rest);
}

export const dateFunctions: readonly (readonly [string, VectorFunction])[] = [
  ['minute', momentFunction((seconds) => Math.floor(remainder(seconds, 3600) / 60))],
  ['hour', momentFunction((seconds) => Math.floor(remainder(seconds, secondsOfDay) / 3600))],
  // The first of January 1970 was a Thursday.
  ['day_of_week', momentFunction((seconds) => remainder(daysOf(seconds) + 4, 7))],
  ['day_of_month', dateFunction(({ day }) => day)],
  ['day_of_year', dateFunction(dayOfYear)],
  ['days_in_month', dateFunction(lengthOfMonth)],
  ['month', dateFunction(({ month }) => month)],
  ['year', dateFunction(({ year }) => year)],
];
