import type { Silence, SilencePost } from '#core/sources/alertmanager/model.ts';
import type { OutboxRequest, SilenceDraft, SilenceMatcher } from '#shared/model/silence.ts';
import { formatDateTime, secondMs } from '#shared/time.ts';

/**
 * What is to be done about a change, by what the server has now: send it, call it done because it is so already,
 * or ask a person because the silence is another one than they saw. Pure.
 */
export type Judgement =
  | { readonly kind: 'post'; readonly post: SilencePost }
  | { readonly kind: 'expire' }
  | { readonly kind: 'done'; readonly silence: Silence }
  | { readonly kind: 'conflict'; readonly sentence: string; readonly there: Silence };

export interface JudgedAt {
  /** Who asked for the change. */
  readonly by: string;
  /** When they asked. */
  readonly askedAtMs: number;
  readonly nowMs: number;
  /** Versions that this console itself made of the silence: they are no surprise to the person before it. */
  readonly ownVersions: ReadonlySet<number>;
}

type Edit = Extract<OutboxRequest, { kind: 'edit' }>;
type Expire = Extract<OutboxRequest, { kind: 'expire' }>;

export function judgeEdit(request: Edit, there: Silence, at: JudgedAt): Judgement {
  if (isAsWanted(there, request.draft, at)) return { kind: 'done', silence: there };
  // It may have been expired when the person opened it: then they mean to bring it back.
  const endedSince = there.state === 'expired' && there.endsAtMs > at.askedAtMs;
  if (endedSince || isAnother(request, there, at))
    return { kind: 'conflict', sentence: sentenceOf(there), there };
  return { kind: 'post', post: postOf(request.draft, there, at) };
}

export function judgeExpire(request: Expire, there: Silence, at: JudgedAt): Judgement {
  if (there.state === 'expired') return { kind: 'done', silence: there };
  if (isAnother(request, there, at)) return { kind: 'conflict', sentence: sentenceOf(there), there };
  return { kind: 'expire' };
}

/** A silence that no server has yet. */
export function newPost(draft: SilenceDraft, by: string): SilencePost {
  const { matchers, startsAtMs, endsAtMs, comment } = draft;
  return { id: null, matchers, startsAtMs, endsAtMs, comment, createdBy: by, annotations: {} };
}

/**
 * The silence that came of a change whose answer never came, in what the server has now: same matchers, words
 * and author, made since, and not known to have come of another change.
 * @param sinceMs by the server's clock.
 */
export function findMade(
  silences: readonly Silence[],
  draft: SilenceDraft,
  by: string,
  sinceMs: number,
  isTaken: (id: string) => boolean,
): Silence | undefined {
  return silences.find(
    (silence) =>
      silence.createdBy === by &&
      silence.comment === draft.comment &&
      // Somebody may have ended it since.
      (silence.endsAtMs === draft.endsAtMs || silence.state === 'expired') &&
      silence.updatedAtMs >= sinceMs &&
      areSame(silence.matchers, draft.matchers) &&
      !isTaken(silence.id),
  );
}

/** Whether it is as the change makes it. */
function isAsWanted(
  silence: Silence,
  draft: SilenceDraft,
  { by, nowMs }: Pick<JudgedAt, 'by' | 'nowMs'>,
): boolean {
  return (
    silence.state !== 'expired' &&
    silence.createdBy === by &&
    silence.comment === draft.comment &&
    silence.endsAtMs === draft.endsAtMs &&
    isStartKept(silence, draft, nowMs) &&
    areSame(silence.matchers, draft.matchers)
  );
}

function isAnother(request: Edit | Expire, there: Silence, { ownVersions }: JudgedAt): boolean {
  return there.updatedAtMs !== request.seenUpdatedAtMs && !ownVersions.has(there.updatedAtMs);
}

/**
 * A silence keeps its id only where it comes back with its matchers in the server's order and, once it has
 * begun, with the start that the server has.
 */
function postOf(draft: SilenceDraft, there: Silence, { by, nowMs }: JudgedAt): SilencePost {
  return {
    id: there.id,
    matchers: areSame(there.matchers, draft.matchers) ? there.matchers : draft.matchers,
    startsAtMs: isStartKept(there, draft, nowMs) ? there.startsAtMs : draft.startsAtMs,
    endsAtMs: draft.endsAtMs,
    comment: draft.comment,
    createdBy: by,
    annotations: there.annotations,
  };
}

/** To the second, as servers compare; what has begun has begun, whenever that was. */
function isStartKept({ startsAtMs }: Silence, draft: SilenceDraft, nowMs: number): boolean {
  const haveBegun = startsAtMs <= nowMs && draft.startsAtMs <= nowMs;
  return haveBegun || Math.abs(startsAtMs - draft.startsAtMs) < secondMs;
}

function areSame(left: readonly SilenceMatcher[], right: readonly SilenceMatcher[]): boolean {
  const rest = right.map(textOf);
  return (
    left.length === right.length &&
    left.every((matcher) => {
      const index = rest.indexOf(textOf(matcher));
      if (index >= 0) rest.splice(index, 1);
      return index >= 0;
    })
  );
}

function textOf({ name, value, isRegex, isEqual }: SilenceMatcher): string {
  return JSON.stringify([name, value, isRegex, isEqual]);
}

/** What is there instead, as a person reads it. */
function sentenceOf(there: Silence): string {
  if (there.state === 'expired') return `It ended at ${formatDateTime(there.endsAtMs)}.`;
  const changed = `${there.createdBy} changed it at ${formatDateTime(there.updatedAtMs)}`;
  return `${changed}: it ends at ${formatDateTime(there.endsAtMs)} now (“${there.comment}”).`;
}
