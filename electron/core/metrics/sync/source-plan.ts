import type { SourceFailure } from '#shared/failure.ts';
import type { SyncedSelector } from '#shared/model/sample-sync.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time.ts';
import type { Demand, WatchPriority } from './demands.ts';
import { SelectorPlan } from './selector-plan.ts';
import type { Span } from './spans.ts';
import { WiderSelectors } from './wider-selectors.ts';

/**
 * What to ask of one source next, one question at a time: a state machine that is told what was wanted and
 * what was answered, and when. It asks no server and keeps no time, so that its properties can be tried.
 */

/** Nobody follows a selector of more. */
export const maxSeries = 20_000;

const recountMs = 10 * minuteMs;
const recallMs = 10 * minuteMs;
const refusedMs = hourMs;
/** After a question that took a second nothing is asked for four: a fifth of one thread of the server at most. */
const restPerWork = 4;
const shortestRestMs = 50;
const longestRestMs = 30 * secondMs;
/** In a row, of one selector while others are answered, until it is left alone for a while. */
const mostFailures = 5;
const firstPauseMs = 5 * secondMs;
const longestPauseMs = 5 * minuteMs;
/** Of the windows while there is history to fill, one in so many fills it, however busy it is to follow. */
const fillEvery = 4;
const idleMs = 2 * secondMs;
/** How much faster a selector that waits becomes the next one. Nobody waits for ever. */
const weights: Readonly<Record<WatchPriority, number>> = { incident: 4, shown: 2, rule: 1 };

export type Step =
  | { readonly kind: 'recall'; readonly plan: SelectorPlan; readonly span: Span }
  | { readonly kind: 'count'; readonly plan: SelectorPlan; readonly atMs: number }
  | {
      readonly kind: 'fetch';
      readonly plan: SelectorPlan;
      readonly span: Span;
      /** Whether it follows now, rather than fills what is missing before. */
      readonly isTail: boolean;
    };

export type Turn =
  | { readonly kind: 'ask'; readonly step: Step }
  | { readonly kind: 'wait'; readonly untilMs: number };

export interface Pause {
  readonly why: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Whether the server itself told how long. */
  readonly isAsked: boolean;
}

interface Candidate {
  readonly plan: SelectorPlan;
  readonly piece: Span;
  readonly isTail: boolean;
  readonly score: number;
}

export class SourcePlan {
  readonly #plans = new Map<string, SelectorPlan>();
  #pause: Pause | null = null;
  #failures = 0;
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #tailsInARow = 0;
  #answeredAtMs = Number.NEGATIVE_INFINITY;

  /** What is wanted from now on; of what nobody wants any more nothing is remembered. */
  want(demands: readonly Demand[]): void {
    const wanted = new Set(demands.map(({ selector }) => selector.text));
    for (const text of this.#plans.keys()) if (!wanted.has(text)) this.#plans.delete(text);
    for (const { selector } of demands)
      if (!this.#plans.has(selector.text)) this.#plans.set(selector.text, new SelectorPlan(selector));
    const selectors = new WiderSelectors(this.#plans.values());
    for (const demand of demands)
      this.#plans.get(demand.selector.text)?.want(demand, selectors.of(demand.selector));
  }

  isFollowed(selector: string, nowMs: number): boolean {
    return (this.#plans.get(selector)?.refusal(nowMs) ?? null) === null;
  }

  find(selector: string): SelectorPlan | undefined {
    return this.#plans.get(selector);
  }

  pause(nowMs: number): Pause | null {
    const pause = this.#pause;
    // A clock that was set back does not make it longer.
    return pause !== null && pause.sinceMs <= nowMs && pause.untilMs > nowMs ? pause : null;
  }

  /** @param settledMs up to when nothing more is expected to be appended at the source. */
  next(nowMs: number, settledMs: number): Turn {
    const restMs = Math.min(this.#restUntilMs, nowMs + longestRestMs);
    const untilMs = Math.max(restMs, this.pause(nowMs)?.untilMs ?? Number.NEGATIVE_INFINITY);
    if (untilMs > nowMs) return { kind: 'wait', untilMs };
    const followed = [...this.#plans.values()].filter((plan) => plan.refusal(nowMs) === null);
    const unknown = followed.find((plan) => isOlder(plan.recalledAtMs, recallMs, nowMs));
    if (unknown !== undefined) {
      const fromMs = unknown.wanted[0]?.fromMs ?? settledMs;
      return { kind: 'ask', step: { kind: 'recall', plan: unknown, span: { fromMs, toMs: settledMs } } };
    }
    const chosen = this.#choose(followed, nowMs, settledMs);
    if (chosen === null) return { kind: 'wait', untilMs: nowMs + idleMs };
    const { plan, piece, isTail } = chosen;
    if (isOlder(plan.countedAtMs, recountMs, nowMs))
      return { kind: 'ask', step: { kind: 'count', plan, atMs: settledMs } };
    return { kind: 'ask', step: { kind: 'fetch', plan, span: plan.windowOf(piece), isTail } };
  }

  #choose(plans: readonly SelectorPlan[], nowMs: number, settledMs: number): Candidate | null {
    let [tail, fill]: [Candidate | null, Candidate | null] = [null, null];
    for (const plan of plans) {
      const due = plan.due(settledMs);
      const score = (nowMs - plan.servedAtMs) * weights[plan.priority];
      if (due.tail !== null) tail = nextOf(tail, { plan, score, piece: due.tail, isTail: true });
      if (due.fill !== null) fill = nextOf(fill, { plan, score, piece: due.fill, isTail: false });
    }
    if (tail === null || (fill !== null && this.#tailsInARow >= fillEvery - 1)) return fill ?? tail;
    return tail;
  }

  recalled(step: Step, covered: readonly Span[], nowMs: number): void {
    if (step.kind === 'recall') step.plan.recalled(step.span, covered, nowMs);
  }

  counted({ plan }: Step, series: number, tookMs: number, nowMs: number): void {
    this.#went(tookMs, nowMs);
    plan.size.counted(series);
    plan.countedAtMs = nowMs;
    if (series > maxSeries)
      plan.refuse(`selects ${series} series; at most ${maxSeries} are followed`, nowMs + refusedMs);
  }

  /** A window is in the cache. */
  kept(step: Step, series: number, samples: number, tookMs: number, nowMs: number): void {
    if (step.kind !== 'fetch') return;
    const { plan, span } = step;
    this.#went(tookMs, nowMs);
    this.#tailsInARow = step.isTail ? this.#tailsInARow + 1 : 0;
    plan.cover(span);
    plan.servedAtMs = nowMs;
    if (plan.size.answered(span.toMs - span.fromMs + 1, series, samples)) plan.countedAtMs = null;
  }

  /** This selector cannot be followed, for whatever it is. */
  refused({ plan }: Step, why: string, nowMs: number): void {
    plan.refuse(why, nowMs + refusedMs);
  }

  /** The cache could not take a window: nothing is asked for what nobody can keep. */
  notKept(why: string, nowMs: number): void {
    this.#pause = { why, sinceMs: nowMs, untilMs: nowMs + minuteMs, isAsked: false };
  }

  failed(step: Step, failure: SourceFailure, tookMs: number, nowMs: number): void {
    this.#rest(tookMs, nowMs);
    if (failure.code === 'cancelled') return;
    const { plan } = step;
    // Whatever it was, others come first now: no selector that fails holds up the rest.
    plan.servedAtMs = nowMs;
    this.#tailsInARow = 0;
    const isTooMuch = failure.code === 'too-large' || failure.code === 'bad-query';
    const canBeLess =
      (isTooMuch || failure.code === 'timeout') &&
      step.kind === 'fetch' &&
      plan.size.refused(step.span.toMs - step.span.fromMs + 1);
    if (isTooMuch) {
      if (!canBeLess) plan.refuse(failure.message, nowMs + refusedMs);
      return;
    }
    plan.failures++;
    const isAlone = this.#answeredAtMs > plan.failedSinceMs(nowMs);
    if (isAlone && plan.failures >= mostFailures) plan.refuse(failure.message, nowMs + recountMs);
    this.backOff(failure, nowMs);
  }

  /** It failed for no fault of a question: nothing is asked of it for a while, each time a longer one. */
  backOff({ code, message, retryAfterMs }: SourceFailure, nowMs: number): void {
    if (code === 'cancelled') return;
    const waitMs = Math.min(firstPauseMs * 2 ** this.#failures, longestPauseMs);
    this.#failures = Math.min(this.#failures + 1, 20);
    const untilMs = nowMs + Math.max(waitMs, retryAfterMs ?? 0);
    this.#pause = { why: message, sinceMs: nowMs, untilMs, isAsked: retryAfterMs !== null };
  }

  /** The source or the machine is back: nothing is waited for any more but what the server asked for. */
  resume(): void {
    if (this.#pause?.isAsked !== true) this.#pause = null;
    this.#failures = 0;
  }

  selectors(nowMs: number, settledMs: number): SyncedSelector[] {
    return [...this.#plans.values()].map((plan) => plan.state(settledMs, nowMs));
  }

  #went(tookMs: number, nowMs: number): void {
    this.#pause = null;
    this.#failures = 0;
    this.#answeredAtMs = nowMs;
    this.#rest(tookMs, nowMs);
  }

  #rest(tookMs: number, nowMs: number): void {
    this.#restUntilMs = nowMs + Math.min(Math.max(shortestRestMs, tookMs * restPerWork), longestRestMs);
  }
}

function nextOf(best: Candidate | null, candidate: Candidate): Candidate {
  return best === null || order(candidate, best) > 0 ? candidate : best;
}

/** One that failed waits for all that did not; of those that were never served the most urgent comes first. */
function order(left: Candidate, right: Candidate): number {
  const byHealth = Number(left.plan.failures === 0) - Number(right.plan.failures === 0);
  if (byHealth !== 0) return byHealth;
  if (left.score !== right.score) return left.score - right.score;
  return weights[left.plan.priority] - weights[right.plan.priority];
}

function isOlder(atMs: number | null, ageMs: number, nowMs: number): boolean {
  // A clock that was set back makes nothing young for ever.
  return atMs === null || nowMs - atMs >= ageMs || atMs > nowMs;
}
