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

const nothing: Delivery = { alone: [], together: [] };

/**
 * @param inOne what gathered while nothing was to be shown (a pause, a machine that slept) is one
 *   notification, however many incidents it is about.
 */
export function deliver(waiting: readonly NotificationRecord[], room: Room, inOne: boolean): Delivery {
  const order = waiting.toSorted(worstFirst);
  if (inOne && order.length > 1) return room.summary ? { alone: [], together: order } : nothing;
  const alone = order.slice(0, room.singles);
  const rest = order.slice(room.singles);
  return { alone, together: room.summary ? rest : [] };
}
