import type { Silence } from '#core/sources/alertmanager/model.ts';
import { minuteMs } from '#shared/time.ts';
import { targeted, type Entry } from './outbox-entry.ts';
import { isSamePlace, type ServerPlace } from './server-place.ts';

/**
 * Whether a change that one server took has reached the others. Silences are gossiped between the peers of a
 * cluster within seconds, and exchanged whole every minute.
 */
const longestGossipMs = 2 * minuteMs;

/** @returns the entry itself where nothing is new. */
export function confirmed(
  entry: Entry,
  source: string,
  silences: readonly Silence[],
  askedAtMs: number,
  nowMs: number,
): Entry {
  const { state, targets } = entry.shown;
  const target = targets.find((one) => one.source === source);
  if (state !== 'done' || target?.state !== 'waiting') return entry;
  if (hasReached(entry, silences)) return targeted(entry, source, 'confirmed', '', nowMs);
  const sinceMs = askedAtMs - (entry.settledAtMs ?? askedAtMs);
  if (sinceMs < longestGossipMs) return entry;
  const reason = 'It has not heard of it from its peers within two minutes: see whether they still gossip.';
  return targeted(entry, source, 'failed', reason, nowMs);
}

/**
 * Names mean other servers than they did, or none: of a peer that is not asked any more nobody will hear.
 * @returns the entry itself where all are asked still.
 */
export function unaskedSince(entry: Entry, asked: readonly ServerPlace[]): Entry {
  if (entry.shown.state !== 'done') return entry;
  const isAsked = (place: ServerPlace): boolean => asked.some((one) => isSamePlace(one, place));
  const unasked = entry.shown.targets.filter(
    ({ source, state }) =>
      state === 'waiting' && entry.meant.some((place) => place.source === source && !isAsked(place)),
  );
  const reason = 'It is not asked any more: whether its peers have told it is not known.';
  return unasked.reduce((told, { source }) => targeted(told, source, 'sent', reason, null), entry);
}

function hasReached({ shown, madeUpdatedAtMs }: Entry, silences: readonly Silence[]): boolean {
  const there = silences.find(({ id }) => id === shown.silenceId);
  if (shown.request.kind === 'expire') return there === undefined || there.state === 'expired';
  return there !== undefined && there.updatedAtMs >= (madeUpdatedAtMs ?? 0);
}
