import type { Labels } from '#shared/model/labels.ts';
import type { Silence, SilenceMatcher } from '#shared/model/silence.ts';
import { compileSilence, silenceText } from '#shared/silences/compile-silence.ts';
import { exactMatchers } from '#shared/silences/exact-matchers.ts';
import { secondMs } from '#shared/time.ts';

/**
 * What to do next so that the alerts of an acknowledged incident are quiet at one cluster, and only while it is
 * acknowledged: short silences, renewed at half of their life. Nothing has to be done for them to end: a
 * console that sleeps, crashes or loses its network lets them run out. Pure; `acknowledgement-keeper.ts` does it.
 */
export interface Acknowledgement {
  /** Acknowledged with the wish for a silence, and not over. */
  readonly isHeld: boolean;
  /** Its open alerts that the cluster has. */
  readonly own: readonly Labels[];
  /** Whatever else is open there: none of it may be hidden. */
  readonly others: readonly Labels[];
  /** Silences that this console made for it and still looks after; no others are ever touched. */
  readonly silences: readonly HeldSilence[];
  /** Changes of them that are not settled. */
  readonly underway: readonly UnderwayChange[];
}

export interface HeldSilence {
  readonly id: string;
  /** As the servers told it last; null where none of them tells of it. */
  readonly told: Silence | null;
  /** It is nowhere, by all that is known: none tells of it though all should, or it has run out. */
  readonly isNone: boolean;
}

export interface UnderwayChange {
  readonly entryId: string;
  /** Asked for by the console itself; what a person asked for is waited for. */
  readonly isOwn: boolean;
  readonly kind: 'create' | 'edit' | 'expire';
  readonly state: 'held' | 'waiting' | 'sending' | 'conflict';
}

export interface AcknowledgementClock {
  /** By the clock of the servers, as their silences are dated. */
  readonly serverNowMs: number;
  readonly nowMs: number;
  /** How long a silence lasts. */
  readonly lengthMs: number;
}

export type AcknowledgementAction =
  | { readonly kind: 'create'; readonly matchers: readonly SilenceMatcher[] }
  | { readonly kind: 'renew'; readonly silence: Silence }
  | { readonly kind: 'expire'; readonly silence: Silence }
  /** A person ended it: the incident stays acknowledged, and holds no silence any more. */
  | { readonly kind: 'let-go'; readonly id: string }
  /** It has ended: nobody looks after it any more. */
  | { readonly kind: 'forget'; readonly id: string }
  /** For so many of its alerts there is no silence that would take nothing else: they are not quiet. */
  | { readonly kind: 'leave-out'; readonly count: number }
  /** What was asked for is not wanted any more and has not left. */
  | { readonly kind: 'withdraw'; readonly entryId: string }
  /** Somebody else changed the silence meanwhile: that holds, and is judged anew. */
  | { readonly kind: 'yield'; readonly entryId: string };

/** Ended by a person: then its end is the moment of its last change, and not where it was to end. */
const endedByHandMs = 2 * secondMs;

export function decideAcknowledgement(
  acknowledgement: Acknowledgement,
  clock: AcknowledgementClock,
): readonly AcknowledgementAction[] {
  const { isHeld, underway } = acknowledgement;
  if (underway.some(({ isOwn }) => !isOwn)) return [];
  const disputed = underway.filter(({ state }) => state === 'conflict');
  if (disputed.length > 0) return disputed.map(({ entryId }) => ({ kind: 'yield', entryId }));
  if (!isHeld) return ending(acknowledgement);
  if (underway.length > 0 || acknowledgement.own.length === 0) return [];
  return holding(acknowledgement, clock);
}

function ending({ silences, underway }: Acknowledgement): readonly AcknowledgementAction[] {
  const waiting = underway.filter(({ kind, state }) => kind !== 'expire' && state !== 'sending');
  if (waiting.length > 0) return waiting.map(({ entryId }) => ({ kind: 'withdraw', entryId }));
  if (underway.length > 0) return [];
  return silences.flatMap((held): readonly AcknowledgementAction[] => {
    if (isGone(held)) return [{ kind: 'forget', id: held.id }];
    return held.told === null ? [] : [{ kind: 'expire', silence: held.told }];
  });
}

function holding(
  { own, others, silences }: Acknowledgement,
  clock: AcknowledgementClock,
): readonly AcknowledgementAction[] {
  // Whoever ended it meant to: it is not placed again.
  const ended = silences.find(({ told }) => told !== null && isEndedByHand(told));
  if (ended !== undefined) return [{ kind: 'let-go', id: ended.id }];
  const gone = silences.filter(isGone);
  if (gone.length > 0) return gone.map(({ id }) => ({ kind: 'forget', id }));
  const inForce = silences.flatMap(({ told }) => (told === null ? [] : [told]));
  // What a server has just taken and did not tell yet may be what is missing.
  if (inForce.length < silences.length) return [];
  const compiled = inForce.map((silence) => ({ silence, compiled: compileSilence(silence.matchers) }));
  const takes = (labels: Labels): boolean =>
    compiled.some((one) => one.compiled.ok && one.compiled.value.matches(labels));
  const due = inForce.filter(({ endsAtMs }) => endsAtMs - clock.serverNowMs <= clock.lengthMs / 2);
  if (due.length === 0 && own.every(takes) && !others.some(takes)) return [];
  return adjusting(own, others, inForce, due);
}

/** Nothing is ended before what takes its place is there. */
function adjusting(
  own: readonly Labels[],
  others: readonly Labels[],
  inForce: readonly Silence[],
  due: readonly Silence[],
): readonly AcknowledgementAction[] {
  const { sets, leftOut } = exactMatchers(own, others);
  const wanted = new Map(sets.map((set) => [keyOf(set), set]));
  const told = leftOut > 0 ? [{ kind: 'leave-out', count: leftOut } as const] : [];
  const known = new Set(inForce.map(({ matchers }) => keyOf(matchers)));
  const missing = [...wanted].filter(([key]) => !known.has(key));
  if (missing.length > 0)
    return [...told, ...missing.map(([, matchers]) => ({ kind: 'create', matchers }) as const)];
  const isWanted = ({ matchers }: Silence): boolean => wanted.has(keyOf(matchers));
  return [
    ...told,
    ...due.filter(isWanted).map((silence) => ({ kind: 'renew', silence }) as const),
    ...inForce
      .filter((silence) => !isWanted(silence))
      .map((silence) => ({ kind: 'expire', silence }) as const),
  ];
}

/** Servers keep matchers in the order in which they got them. */
function keyOf(matchers: readonly SilenceMatcher[]): string {
  return matchers
    .map((matcher) => silenceText([matcher]))
    .toSorted()
    .join();
}

function isGone({ told, isNone }: HeldSilence): boolean {
  return isNone || told?.state === 'expired';
}

function isEndedByHand({ state, endsAtMs, updatedAtMs }: Silence): boolean {
  return state === 'expired' && endsAtMs - updatedAtMs < endedByHandMs;
}
