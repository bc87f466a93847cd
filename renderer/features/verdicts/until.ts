import { dayMs, formatClock, formatDateTime, hourMs, minuteMs } from '#shared/time.ts';

/** Until when something is put off, in a person's words and in their own time zone. Pure. */

export interface SnoozePreset {
  readonly key: string;
  readonly title: string;
  /** Null: until it gets worse. */
  readonly untilMs: (nowMs: number) => number | null;
}

const morningHour = 9;

export const snoozePresets: readonly SnoozePreset[] = [
  { key: '1', title: '15 minutes', untilMs: (nowMs) => nowMs + 15 * minuteMs },
  { key: '2', title: '1 hour', untilMs: (nowMs) => nowMs + hourMs },
  { key: '3', title: '4 hours', untilMs: (nowMs) => nowMs + 4 * hourMs },
  { key: '4', title: 'Next morning', untilMs: (nowMs) => nextMorning(nowMs, () => true) },
  { key: '5', title: 'Monday morning', untilMs: (nowMs) => nextMorning(nowMs, (day) => day === 1) },
  { key: '0', title: 'Until it gets worse', untilMs: () => null },
];

/** By the calendar, so that a day of 23 or 25 hours still ends in the morning. */
function nextMorning(nowMs: number, suits: (weekday: number) => boolean): number {
  const morning = new Date(nowMs);
  morning.setHours(morningHour, 0, 0, 0);
  while (morning.getTime() <= nowMs || !suits(morning.getDay())) {
    morning.setDate(morning.getDate() + 1);
    morning.setHours(morningHour, 0, 0, 0);
  }
  return morning.getTime();
}

const unitMs = { m: minuteMs, h: hourMs, d: dayMs } as const;
const longestMs = 90 * dayMs;

/**
 * Reads `45m`, `2h`, `1d`, `1h30m`, or a time of day, `14:30`, which is the next one to come.
 * @returns null where it is none of these, or not within 90 days.
 */
export function readUntil(text: string, nowMs: number): number | null {
  const words = text.trim().toLowerCase();
  const clock = /^(\d{1,2})[:.](\d{2})$/.exec(words);
  if (clock !== null) return nextTimeOfDay(Number(clock[1]), Number(clock[2]), nowMs);
  if (!/^(\d{1,4}[mhd]){1,3}$/.test(words)) return null;
  const parts = [...words.matchAll(/(\d+)([mhd])/g)];
  const ms = parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitMs[unit as 'd' | 'h' | 'm'], 0);
  return ms > 0 && ms <= longestMs ? nowMs + ms : null;
}

function nextTimeOfDay(hours: number, minutes: number, nowMs: number): number | null {
  if (hours > 23 || minutes > 59) return null;
  const at = new Date(nowMs);
  at.setHours(hours, minutes, 0, 0);
  if (at.getTime() <= nowMs) {
    at.setDate(at.getDate() + 1);
    at.setHours(hours, minutes, 0, 0);
  }
  return at.getTime();
}

/** The moment as the toast and the list say it. */
export function untilWords(untilMs: number | null, nowMs: number): string {
  if (untilMs === null) return 'until it gets worse';
  return `until ${untilMs - nowMs < dayMs / 2 ? formatClock(untilMs).slice(0, 5) : formatDateTime(untilMs).slice(0, 16)}`;
}
