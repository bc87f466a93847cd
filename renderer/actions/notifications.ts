import { formatClock, minuteMs } from '#shared/time.ts';
import type { App } from '../app.ts';
import { tell, tellFailure } from './toasts.ts';

/** What a person asks of notifications: none for a while. */

/** @param minutes null to be notified again from now on. */
export async function pauseNotifications(app: App, minutes: number | null): Promise<void> {
  const answer = await app.core.call('notifications.pause', { minutes });
  if (!answer.ok)
    return tellFailure(
      app,
      minutes === null ? 'resume notifications' : 'pause notifications',
      answer.failure,
    );
  const text =
    minutes === null
      ? 'Notifications are shown again'
      : `No notification until ${formatClock(Date.now() + minutes * minuteMs).slice(0, 5)}`;
  tell(app, { tone: 'plain', text, undo: null });
}

const morningHour = 8;

/** Whole minutes until the next eight in the morning here, over a change of the clocks too. */
export function minutesUntilMorning(nowMs: number): number {
  const morning = new Date(nowMs);
  if (morning.getHours() >= morningHour) morning.setDate(morning.getDate() + 1);
  morning.setHours(morningHour, 0, 0, 0);
  return Math.max(1, Math.min(24 * 60, Math.round((morning.getTime() - nowMs) / minuteMs)));
}
