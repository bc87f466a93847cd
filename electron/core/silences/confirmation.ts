import type { Silence } from '#core/sources/alertmanager/model.ts';
import { minuteMs } from '#shared/time.ts';
import { targeted, type Entry } from './outbox-entry.ts';

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

function hasReached({ shown, madeUpdatedAtMs }: Entry, silences: readonly Silence[]): boolean {
  const there = silences.find(({ id }) => id === shown.silenceId);
  if (shown.request.kind === 'expire') return there === undefined || there.state === 'expired';
  return there !== undefined && there.updatedAtMs >= (madeUpdatedAtMs ?? 0);
}
