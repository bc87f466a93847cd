import type { Notice } from '#shared/model/console.ts';
import type { Silence } from '#shared/model/silence.ts';
import { silenceText } from '#shared/silences/compile-silence.ts';
import { plainText } from '#shared/text.ts';
import { formatClock, formatSpan, minuteMs } from '#shared/time.ts';

/**
 * Told once before a silence ends that hides something: what would come back. An end that was moved is another
 * end. Silences that the console renews have none; those of other people are theirs to look after.
 */
export interface ReminderQuestion {
  readonly operator: string;
  readonly leadMs: number;
  /** Ends that were told, by `endOf`. */
  readonly told: ReadonlySet<string>;
  /** By the clock of the silence's servers. */
  readonly serverNowMs: (silence: Silence) => number;
}

export function endOf({ key, endsAtMs }: Silence): string {
  return `${key} ${endsAtMs}`;
}

export function dueReminders(
  silences: readonly Silence[],
  { operator, leadMs, told, serverNowMs }: ReminderQuestion,
): readonly Silence[] {
  return silences.filter((silence) => {
    const { state, care, createdBy, silencedCount, startsAtMs, endsAtMs } = silence;
    if (state !== 'active' || care === 'acknowledgement' || createdBy !== operator) return false;
    if (silencedCount === 0 || told.has(endOf(silence))) return false;
    // Of a short one nobody wants to hear when it has just begun.
    const leftMs = endsAtMs - serverNowMs(silence);
    return leftMs > 0 && leftMs <= Math.min(leadMs, (endsAtMs - startsAtMs) / 2);
  });
}

const mostNamed = 5;

/** @param names of the open alerts that it hides. */
export function reminderOf(
  silence: Silence,
  names: readonly string[],
  nowMs: number,
  leftMs: number,
): Notice {
  const what = plainText(silenceText(silence.matchers), 200);
  const shown = names.slice(0, mostNamed).map((name) => plainText(name, 100));
  const more = names.length - shown.length;
  const list = more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
  const alerts = names.length === 1 ? '1 alert' : `${names.length} alerts`;
  return {
    id: noticeIdOf(silence.key),
    severity: 'info',
    message: `The silence ${what} ends in ${leftText(leftMs)}, at ${formatClock(nowMs + leftMs)}. ${alerts} would come back: ${list}.`,
    nextStep: 'Extend it under Silences, or let it end.',
    atMs: nowMs,
  };
}

const noticePrefix = 'silence-ends ';

export function noticeIdOf(key: string): string {
  return `${noticePrefix}${key}`;
}

export function isReminder({ id }: Notice): boolean {
  return id.startsWith(noticePrefix);
}

function leftText(leftMs: number): string {
  return leftMs < minuteMs ? formatSpan(leftMs) : formatSpan(Math.round(leftMs / minuteMs) * minuteMs);
}
