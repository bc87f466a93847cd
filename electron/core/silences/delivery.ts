import type { Silence } from '#core/sources/alertmanager/model.ts';
import type { CommandFailure, SourceFailure } from '#shared/failure.ts';
import type { SilenceDraft } from '#shared/model/silence.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import { findMade, judgeEdit, judgeExpire, newPost, type JudgedAt, type Judgement } from './judgement.ts';
import { subjectOf, type Entry } from './outbox-entry.ts';
import type { SilenceServer } from './silence-server.ts';

/**
 * One attempt to make a change at one server. A change whose answer never came is first looked for, at the
 * server that it went to: what was made is not made again. Knows no timers and keeps nothing; the outbox does.
 */
export type Delivery =
  /** `silence` is the version that came of it, where the server still told. */
  | { readonly kind: 'done'; readonly silenceId: string; readonly silence: Silence | null }
  | { readonly kind: 'conflict'; readonly sentence: string; readonly there: Silence }
  /** The server has no such silence; another one of the cluster may. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** Not made here: another server of the cluster may be tried, or this one later. */
  | { readonly kind: 'not-sent'; readonly reason: string }
  /** It may have been made, and must not go to another server before that is known. */
  | { readonly kind: 'uncertain'; readonly reason: string }
  /** It was taken back in time: it has not arrived. */
  | { readonly kind: 'withdrawn' };

export interface DeliveryOptions extends Omit<JudgedAt, 'by' | 'askedAtMs'> {
  /** Whether a silence is known to have come of another change. */
  readonly isTaken: (id: string) => boolean;
  /** Writes down, before anything leaves the machine, that it goes to this server now, or that it did not. */
  readonly mark: (isSent: boolean) => Promise<Result<void, CommandFailure>>;
}

export const endPassed = 'Its end passed while it waited: it was not sent.';

/** How much earlier than sent a silence may seem to be made: the clocks of servers are told by the second. */
const clockToleranceMs = 10 * secondMs;

export async function deliver(
  entry: Entry,
  server: SilenceServer,
  options: DeliveryOptions,
): Promise<Delivery> {
  const made = await lookForMade(entry, server, options);
  if (made !== 'not-made') return made;
  if (entry.isTakenBack) return { kind: 'withdrawn' };
  const judged = await judge(entry, server, options);
  if (!judged.ok) return { kind: 'not-sent', reason: saidBy(server, judged.failure) };
  const judgement = judged.value;
  switch (judgement.kind) {
    case 'absent':
    case 'conflict':
      return judgement;
    case 'done':
      return { kind: 'done', silenceId: judgement.silence.id, silence: judgement.silence };
    default:
      return await send(entry, server, judgement, options);
  }
}

/** @returns `not-made` where it has certainly not been made, or was never sent. */
async function lookForMade(
  entry: Entry,
  server: SilenceServer,
  options: DeliveryOptions,
): Promise<Delivery | 'not-made'> {
  const { sent, shown } = entry;
  if (sent === null) return 'not-made';
  if (shown.request.kind === 'expire') return await lookForEnded(entry, server);
  const silences = await server.silences();
  if (!silences.ok) return { kind: 'not-sent', reason: saidBy(server, silences.failure) };
  const sinceMs = sent.atMs + (server.clockSkewMs() ?? 0) - clockToleranceMs;
  const own = subjectOf(entry);
  const isTaken = (id: string): boolean => id !== own && options.isTaken(id);
  const made = findMade(silences.value, shown.request.draft, shown.by, sinceMs, isTaken);
  if (made !== undefined) return { kind: 'done', silenceId: made.id, silence: made };
  if (isAt(sent, server)) return 'not-made';
  const reason = `It may have reached ${sent.source}, which has to be asked first.`;
  return { kind: 'not-sent', reason };
}

function isAt(sent: NonNullable<Entry['sent']>, { source, identity }: SilenceServer): boolean {
  return sent.identity === '' ? sent.source === source : sent.identity === identity;
}

/** What expires a silence can be sent twice: it is looked for only where it must not be sent again. */
async function lookForEnded(entry: Entry, server: SilenceServer): Promise<Delivery | 'not-made'> {
  const id = subjectOf(entry);
  if (!entry.isTakenBack || id === null) return 'not-made';
  const there = await server.silence(id);
  if (!there.ok) return { kind: 'not-sent', reason: saidBy(server, there.failure) };
  if (there.value === null) return { kind: 'absent' };
  if (there.value.state === 'expired') return { kind: 'done', silenceId: id, silence: there.value };
  if (entry.sent !== null && isAt(entry.sent, server)) return 'not-made';
  return {
    kind: 'not-sent',
    reason: `It may have reached ${entry.sent?.source}, which has to be asked first.`,
  };
}

async function judge(
  { shown }: Entry,
  server: SilenceServer,
  options: DeliveryOptions,
): Promise<Result<Judgement | { readonly kind: 'absent' }, SourceFailure>> {
  const { request, by, createdAtMs: askedAtMs } = shown;
  if (request.kind === 'create') return success({ kind: 'post', post: newPost(request.draft, by) });
  const there = await server.silence(request.id);
  if (!there.ok) return there;
  if (there.value === null) return success({ kind: 'absent' });
  const at = { ...options, by, askedAtMs };
  return success(
    request.kind === 'edit' ? judgeEdit(request, there.value, at) : judgeExpire(request, there.value, at),
  );
}

async function send(
  entry: Entry,
  server: SilenceServer,
  judgement: Extract<Judgement, { kind: 'post' | 'expire' }>,
  { mark, nowMs }: DeliveryOptions,
): Promise<Delivery> {
  const draft = draftOf(entry);
  if (draft !== null && draft.endsAtMs <= nowMs) return { kind: 'failed', reason: endPassed };
  const marked = await mark(true);
  if (!marked.ok) {
    const reason = `Nothing is sent that cannot be written down first: ${marked.failure.message}`;
    return { kind: 'not-sent', reason };
  }
  const answer = await change(entry, server, judgement);
  if (answer.ok) {
    const told = await server.silence(answer.value);
    // Somebody may have changed it again by now: that version is not the one that came of this.
    const isOurs = told.ok && told.value !== null && isMadeBy(judgement, told.value);
    return { kind: 'done', silenceId: answer.value, silence: isOurs ? told.value : null };
  }
  const { kind, failure } = answer.failure;
  const reason = saidBy(server, failure);
  if (kind === 'uncertain') return { kind, reason };
  if (kind === 'unsent') {
    await mark(false);
    return { kind: 'not-sent', reason };
  }
  // It was there a moment ago: the next attempt finds out what has become of it.
  if (kind === 'unknown') return { kind: 'not-sent', reason };
  return { kind: 'failed', reason: `${reason} ${failure.nextStep}` };
}

function isMadeBy(
  judgement: Extract<Judgement, { kind: 'post' | 'expire' }>,
  { comment, createdBy, endsAtMs, state }: Silence,
): boolean {
  if (judgement.kind === 'expire') return state === 'expired';
  const { post } = judgement;
  return comment === post.comment && createdBy === post.createdBy && endsAtMs === post.endsAtMs;
}

async function change(
  entry: Entry,
  server: SilenceServer,
  judgement: Extract<Judgement, { kind: 'post' | 'expire' }>,
): ReturnType<SilenceServer['putSilence']> {
  if (judgement.kind === 'post') return await server.putSilence(judgement.post);
  const id = subjectOf(entry) ?? '';
  const ended = await server.expireSilence(id);
  return ended.ok ? success(id) : failed(ended.failure);
}

export function draftOf({ shown: { request } }: Entry): SilenceDraft | null {
  return request.kind === 'expire' ? null : request.draft;
}

function saidBy({ source }: SilenceServer, { message }: SourceFailure): string {
  return `${source}: ${message}`;
}
