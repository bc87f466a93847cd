import type { OutboxEntry } from '#shared/model/silence.ts';
import { draftOf } from './delivery.ts';
import type { Entry } from './outbox-entry.ts';

/** Changes that make the same silence, and which of them goes first. */

export function isBefore(left: OutboxEntry, right: OutboxEntry): boolean {
  if (left.createdAtMs !== right.createdAtMs) return left.createdAtMs < right.createdAtMs;
  return left.id < right.id;
}

export function isTwin(left: Entry, right: Entry): boolean {
  const [mine, theirs] = [draftOf(left), draftOf(right)];
  if (mine === null || theirs === null) return false;
  return mine.comment === theirs.comment && mine.endsAtMs === theirs.endsAtMs;
}
