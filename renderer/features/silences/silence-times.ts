import { failed, success, type Result } from '#shared/result.ts';
import { dayMs, formatDateTime, hourMs, minuteMs, secondMs } from '#shared/time.ts';
import type { EndChoice } from '../../stores/silences.ts';

/** When a silence starts and ends, as people write it. Times of day are those of this machine. Pure. */

export interface DurationChip {
  readonly word: string;
  readonly choice: EndChoice;
}

export const durationChips: readonly DurationChip[] = [
  { word: '15m', choice: { kind: 'span', ms: 15 * minuteMs } },
  { word: '1h', choice: { kind: 'span', ms: hourMs } },
  { word: '4h', choice: { kind: 'span', ms: 4 * hourMs } },
  { word: '8h', choice: { kind: 'span', ms: 8 * hourMs } },
  { word: 'until morning', choice: { kind: 'morning' } },
  { word: '1d', choice: { kind: 'span', ms: dayMs } },
];

/** Longer than any work that is planned; what is to be silent for ever belongs into the configuration. */
const mostMs = 366 * dayMs;
const morningHour = 8;
const unitMs = { w: 7 * dayMs, d: dayMs, h: hourMs, m: minuteMs, s: secondMs } as const;
const spanText = /^(?:(\d{1,4})w)?\s*(?:(\d{1,4})d)?\s*(?:(\d{1,5})h)?\s*(?:(\d{1,6})m)?\s*(?:(\d{1,7})s)?$/;
const clockText = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const dateText = /^(\d{4})-(\d{2})-(\d{2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/** @returns milliseconds; undefined where it is no span, or none at all. */
export function spanOf(text: string): number | undefined {
  const parts = spanText.exec(text.trim());
  if (parts === null) return undefined;
  const [, w, d, h, m, s] = parts;
  const counts = { w, d, h, m, s };
  const ms = (Object.keys(unitMs) as (keyof typeof unitMs)[]).reduce(
    (sum, unit) => sum + Number(counts[unit] ?? 0) * unitMs[unit],
    0,
  );
  return ms > 0 ? ms : undefined;
}

/** The next time it is so late of the day, over a change of the clocks too. */
function nextTimeOfDay(afterMs: number, hours: number, minutes: number, seconds: number): number {
  const next = new Date(afterMs);
  next.setHours(hours, minutes, seconds, 0);
  if (next.getTime() > afterMs) return next.getTime();
  next.setDate(next.getDate() + 1);
  next.setHours(hours, minutes, seconds, 0);
  return next.getTime();
}

/** @returns a moment that is written as a time of day, a date, or both; undefined where it is none. */
function momentOf(text: string, afterMs: number): number | undefined {
  const clock = clockText.exec(text);
  if (clock !== null) {
    const [hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map((part) => Number(part ?? 0));
    return isTimeOfDay(hours, minutes, seconds) ? nextTimeOfDay(afterMs, hours, minutes, seconds) : undefined;
  }
  const date = dateText.exec(text);
  if (date === null) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = date
    .slice(1)
    .map((part) => Number(part ?? 0));
  const at = new Date(year, month - 1, day, hours, minutes, seconds);
  // A date that there is not becomes another one.
  const isReal = at.getFullYear() === year && at.getMonth() === month - 1 && at.getDate() === day;
  return isReal && isTimeOfDay(hours, minutes, seconds) ? at.getTime() : undefined;
}

function isTimeOfDay(hours: number, minutes: number, seconds: number): boolean {
  return hours < 24 && minutes < 60 && seconds < 60;
}

const momentForms = '14:30, 2026-11-22 14:30 or a span such as 2h30m';

/** @returns when it is to start, or what is wrong with what is written. */
export function startOf(text: string, nowMs: number): Result<number, string> {
  const span = spanOf(text);
  const at = span === undefined ? momentOf(text.trim(), nowMs) : nowMs + span;
  if (at === undefined) return failed(`Write when it starts: ${momentForms}.`);
  if (at <= nowMs) return failed('That is over: choose “now”, or write a later time.');
  return at - nowMs > mostMs ? failed('It has to start within a year.') : success(at);
}

/**
 * @param startsAtMs what spans are counted from.
 * @param nowMs it has to end after this, whenever it started.
 */
export function endOf(choice: EndChoice, startsAtMs: number, nowMs: number): Result<number, string> {
  const fromMs = Math.max(startsAtMs, nowMs);
  const at = endMoment(choice, fromMs);
  if (at === undefined) return failed(`Write when it ends: ${momentForms}.`);
  if (at <= nowMs) return failed('That is over: write a later time.');
  if (at <= startsAtMs) return failed('It would end before it starts.');
  return at - fromMs > mostMs ? failed('It has to end within a year.') : success(at);
}

function endMoment(choice: EndChoice, fromMs: number): number | undefined {
  if (choice.kind === 'span') return fromMs + choice.ms;
  if (choice.kind === 'morning') return nextTimeOfDay(fromMs, morningHour, 0, 0);
  const span = spanOf(choice.text);
  return span === undefined ? momentOf(choice.text.trim(), fromMs) : fromMs + span;
}

/** As it can be typed again. */
export function typedMoment(atMs: number): string {
  return formatDateTime(atMs);
}

export function isSameChoice(left: EndChoice, right: EndChoice): boolean {
  if (left.kind !== right.kind) return false;
  return left.kind !== 'span' || right.kind !== 'span' || left.ms === right.ms;
}
