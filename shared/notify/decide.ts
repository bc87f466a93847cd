import type { FilterAnswer } from '#shared/filter/compile.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { SeverityLevel } from '#shared/model/severity.ts';
import { matchesAll } from '#shared/routing/matchers/label-matcher.ts';
import { nextTurn } from '#shared/routing/time/next-change.ts';
import { holds, type TimeInterval } from '#shared/routing/time/time-interval.ts';
import {
  notificationSounds,
  urgencies,
  type Manner,
  type NotificationPolicy,
  type NotificationSound,
  type PolicyRule,
  type Urgency,
} from './model.ts';

/** What a policy says of an incident at a moment. Pure. */

/** What is asked of an incident. */
export interface IncidentFacts {
  readonly level: SeverityLevel;
  /** Labels of each of its alerts that fire. */
  readonly alerts: readonly Labels[];
  /** Whether it is in the saved view of this name; `fails` where there is no such view. */
  readonly inView: (name: string) => FilterAnswer;
  /** Views say what is told, and it is in none of those. */
  readonly isOutsideViews: boolean;
}

export interface Decision extends Manner, Loudness {
  readonly tell: Telling;
}

export interface Loudness {
  readonly sound: NotificationSound;
  readonly urgency: Urgency;
}

export type Telling =
  | { readonly kind: 'now' }
  /** Told with the others when this ends; null where it does not within ten years. */
  | { readonly kind: 'held'; readonly untilMs: number | null; readonly cause: 'quiet hours' | 'a rule' }
  | { readonly kind: 'never' };

const urgencyOf = { critical: 'critical', warning: 'normal', info: 'low' } as const;

export function decisionOf(policy: NotificationPolicy, facts: IncidentFacts, nowMs: number): Decision {
  return policyAt(policy, nowMs)(facts);
}

/** Asked of thousands at one moment: what is told by the same rules is decided once. */
export function policyAt(policy: NotificationPolicy, nowMs: number): (facts: IncidentFacts) => Decision {
  const known = new Map<string, Decision>();
  return (facts) => {
    const candidates = policy.rules.filter((rule) => concerns(rule, facts));
    const { level, isOutsideViews } = facts;
    const numbers = candidates.map((rule) => policy.rules.indexOf(rule));
    const key = `${level} ${isOutsideViews} ${numbers.join()}`;
    let decision = known.get(key);
    if (decision === undefined) {
      decision = decide(policy, { candidates, level, isOutsideViews }, nowMs);
      known.set(key, decision);
    }
    return decision;
  };
}

/** The next moment at which the policy may say something else of anything; null for none in ten years. */
export function policyTurnsAt({ rules, quietHours }: NotificationPolicy, nowMs: number): number | null {
  const intervals = [...rules.flatMap(timesOf), ...quietHours.flatMap(({ times }) => times)];
  const turns = intervals.flatMap(
    (interval) => nextTurn((atMs) => holds(interval, atMs), [interval], nowMs) ?? [],
  );
  return turns.length === 0 ? null : Math.min(...turns);
}

/** A step above what is usual, for what nobody has taken. */
export function louder({ sound, urgency }: Loudness): Loudness {
  return { sound: above(notificationSounds, sound), urgency: above(urgencies, urgency) };
}

/** The louder of each, for one notification of several incidents. */
export function loudest(all: readonly Loudness[]): Loudness {
  return {
    sound: most(
      notificationSounds,
      all.map(({ sound }) => sound),
    ),
    urgency: most(
      urgencies,
      all.map(({ urgency }) => urgency),
    ),
  };
}

/** An incident as far as the time does not change it. */
interface Case {
  readonly candidates: readonly PolicyRule[];
  readonly level: SeverityLevel;
  readonly isOutsideViews: boolean;
}

function decide(policy: NotificationPolicy, one: Case, nowMs: number): Decision {
  const rule = ruleAt(one, nowMs);
  const usual = policy.usual[one.level];
  return {
    tell: tellingAt(policy, one, nowMs),
    sound: rule?.sound ?? usual.sound,
    urgency: urgencyOf[one.level],
    repeatMs: rule?.repeatMs ?? usual.repeatMs,
    louderAfterMs: rule?.louderAfterMs ?? usual.louderAfterMs,
  };
}

function tellingAt(policy: NotificationPolicy, one: Case, nowMs: number): Telling {
  const cause = holdAt(policy, one, nowMs);
  if (cause === null) return { kind: isNever(one, nowMs) ? 'never' : 'now' };
  const intervals = [...one.candidates.flatMap(timesOf), ...policy.quietHours.flatMap(({ times }) => times)];
  return {
    kind: 'held',
    cause,
    untilMs: nextTurn((atMs) => holdAt(policy, one, atMs) !== null, intervals, nowMs),
  };
}

function isNever(one: Case, atMs: number): boolean {
  const tell = ruleAt(one, atMs)?.tell ?? null;
  // Whoever looks after some services only still hears of what is critical elsewhere, unless a rule says no.
  return tell === null ? one.isOutsideViews && one.level !== 'critical' : tell === 'never';
}

function holdAt(policy: NotificationPolicy, one: Case, atMs: number): 'quiet hours' | 'a rule' | null {
  if (isNever(one, atMs)) return null;
  const rule = ruleAt(one, atMs);
  if (rule?.tell === 'held') return 'a rule';
  if (rule?.throughQuiet === true) return null;
  const isQuiet = policy.quietHours.some(
    ({ severities, times }) => severities.includes(one.level) && isInside(times, atMs),
  );
  return isQuiet ? 'quiet hours' : null;
}

function ruleAt({ candidates }: Case, atMs: number): PolicyRule | undefined {
  return candidates.find(({ conditions: { times } }) => times === null || isInside(times, atMs));
}

/** Whether all of its conditions but the time hold. */
function concerns(rule: PolicyRule, { level, alerts, inView }: IncidentFacts): boolean {
  const { severities, matchers, view } = rule.conditions;
  if (severities !== null && !severities.includes(level)) return false;
  if (matchers !== null && !alerts.some((labels) => matchesAll(matchers, labels))) return false;
  if (view === null) return true;
  const answer = inView(view);
  // What is not known holds nothing back.
  const holdsBack = rule.tell === 'held' || rule.tell === 'never';
  return answer === 'matches' || (answer === 'unknown' && !holdsBack);
}

function timesOf({ conditions }: PolicyRule): readonly TimeInterval[] {
  return conditions.times ?? [];
}

function isInside(times: readonly TimeInterval[], atMs: number): boolean {
  return times.some((interval) => holds(interval, atMs));
}

function above<Step>(steps: readonly Step[], step: Step): Step {
  return steps[steps.indexOf(step) + 1] ?? step;
}

function most<Step>(steps: readonly [Step, ...Step[]], all: readonly Step[]): Step {
  return steps[Math.max(0, ...all.map((step) => steps.indexOf(step)))] ?? steps[0];
}
