import { randomUUID } from 'node:crypto';
import type { OutboxEntry, OutboxRequest } from '#shared/model/silence.ts';
import type { Delivery } from './delivery.ts';
import { shownAs, subjectOf, targeted, type Care, type Entry } from './outbox-entry.ts';
import type { ServerPlace } from './server-place.ts';

/** From which state of an entry to which: pure. */

export interface PutOptions {
  readonly cluster: string;
  readonly by: string;
  readonly holdMs: number;
  /** Incidents that the change was made from. */
  readonly incidentIds?: readonly number[];
  readonly care?: Care | null;
}

export function newEntry(
  request: OutboxRequest,
  { cluster, by, holdMs, incidentIds = [], care = null }: PutOptions,
  meant: readonly ServerPlace[],
  nowMs: number,
): Entry {
  return {
    shown: {
      id: randomUUID(),
      cluster,
      by,
      createdAtMs: nowMs,
      dueAtMs: nowMs + holdMs,
      request,
      state: holdMs > 0 ? 'held' : 'waiting',
      targets: meant.map(({ source }) => waitingFor(source)),
      conflict: '',
      isDisplaced: false,
      silenceId: request.kind === 'create' ? null : request.id,
    },
    meant: [...meant],
    isRedirected: false,
    sent: null,
    isTakenBack: false,
    conflictWithMs: null,
    madeUpdatedAtMs: null,
    settledAtMs: null,
    incidentIds: [...incidentIds],
    care,
  };
}

/** As it is after a start: what was under way is tried again. */
export function resumed(entry: Entry, nowMs: number): Entry {
  const { state, dueAtMs } = entry.shown;
  if (state !== 'held' && state !== 'waiting' && state !== 'sending') return entry;
  return shownAs(entry, { state: dueAtMs > nowMs ? 'held' : 'waiting' });
}

export function settled(entry: Entry, state: 'done' | 'failed' | 'withdrawn', nowMs: number): Entry {
  return shownAs({ ...entry, sent: null, settledAtMs: nowMs }, { state, conflict: '', isDisplaced: false });
}

/** @param source that the delivery was tried at. */
export function delivered(entry: Entry, source: string, delivery: Delivery, nowMs: number): Entry {
  switch (delivery.kind) {
    case 'done': {
      const made = { ...entry, madeUpdatedAtMs: delivery.silence?.updatedAtMs ?? null };
      const told = targeted(made, source, 'confirmed', '', nowMs);
      return settled(shownAs(told, { silenceId: delivery.silenceId }), 'done', nowMs);
    }
    case 'absent':
      if (entry.isRedirected && entry.shown.request.kind === 'expire')
        return settled(targeted(entry, source, 'failed', noSuchThere, nowMs), 'failed', nowMs);
      if (entry.shown.request.kind === 'expire') return settled(entry, 'done', nowMs);
      return disputed(entry, 'The server no longer has this silence.', null);
    case 'conflict': {
      const { sentence, there } = delivery;
      return disputed(entry, sentence, there.state === 'expired' ? null : there.updatedAtMs);
    }
    case 'failed':
      return settled(targeted(entry, source, 'failed', delivery.reason, nowMs), 'failed', nowMs);
    case 'withdrawn':
      return settled(entry, 'withdrawn', nowMs);
    case 'not-sent':
    case 'uncertain':
      return shownAs(targeted(entry, source, 'waiting', delivery.reason, null), { state: 'waiting' });
  }
}

/** What a person decided of a conflict, or that what was refused is tried once more. */
export function reopened(entry: Entry): Entry {
  const request = entry.shown.state === 'conflict' ? overridden(entry) : entry.shown.request;
  const targets = entry.shown.targets.map(({ source }) => waitingFor(source));
  const open = { ...entry, settledAtMs: null, conflictWithMs: null };
  const silenceId = subjectOf(shownAs(open, { request }));
  return shownAs(open, { request, targets, silenceId, state: 'waiting', conflict: '' });
}

const noSuchThere = 'It has no such silence: whether it ended where it was is not known.';

export function waitingFor(source: string): OutboxEntry['targets'][number] {
  return { source, state: 'waiting', detail: '', atMs: null };
}

/** The same change over what is there now: of this version and no later one; made anew where it is gone. */
function overridden({ shown: { request }, conflictWithMs }: Entry): OutboxRequest {
  if (request.kind === 'create') return request;
  if (conflictWithMs !== null) return { ...request, seenUpdatedAtMs: conflictWithMs };
  return request.kind === 'edit' ? { kind: 'create', draft: request.draft } : request;
}

/** @param conflictWithMs the version that the person is told of; null where there is none any more. */
function disputed(entry: Entry, sentence: string, conflictWithMs: number | null): Entry {
  return shownAs({ ...entry, sent: null, conflictWithMs }, { state: 'conflict', conflict: sentence });
}
