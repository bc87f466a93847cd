import type { NotificationRecord } from '#core/store/records.ts';
import { worstFirst } from './intents.ts';

/** Which of the notifications that wait are told now, and how. Pure. */

export interface Room {
  /** How many may be shown on their own. */
  readonly singles: number;
  readonly summary: boolean;
}

export interface Delivery {
  /** Each on its own, the worst first. */
  readonly alone: readonly NotificationRecord[];
  /** In one summary, the worst first; empty for none. */
  readonly together: readonly NotificationRecord[];
}

/**
 * @param isGathered of one that was held while nothing of it was to be shown (a pause, quiet hours, a machine
 *   that slept): those are one notification, however many incidents it is about.
 */
export function deliver(
  waiting: readonly NotificationRecord[],
  room: Room,
  isGathered: (record: NotificationRecord) => boolean,
): Delivery {
  const order = waiting.toSorted(worstFirst);
  const gathered = order.filter(isGathered);
  const singles = gathered.length > 1 ? order.filter((record) => !isGathered(record)) : order;
  const alone = new Set(singles.slice(0, room.singles));
  const isKept = (record: NotificationRecord): boolean => !room.summary || alone.has(record);
  return { alone: [...alone], together: order.filter((record) => !isKept(record)) };
}
