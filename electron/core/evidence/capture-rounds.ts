import { minuteMs, secondMs } from '#shared/time.ts';
import { drop } from '#shared/result.ts';

/**
 * Fetches one kind of what surrounds the start of an incident: at once, for the servers may be gone in a
 * minute, again until what came after the start is there too, and where a source was away, once it is back.
 * One incident at a time, so that a storm of incidents does not become a storm of queries.
 */
export interface CaptureSubject {
  readonly incidentId: number;
  readonly startsAtMs: number;
}

/**
 * What came of one look. `answered`: all there was is kept, or the sources have nothing of it or cannot
 * answer it. `away`: nothing was asked, for no source is in sight. `failed`: a source was asked in vain.
 */
export type CaptureOutcome = 'answered' | 'away' | 'failed';

export interface CaptureRoundsOptions<Subject extends CaptureSubject> {
  readonly nowMs: () => number;
  /** How long after the start there is something to fetch. */
  readonly windowMs?: number;
  /** Fetches and keeps once. */
  readonly capture: (subject: Subject, signal: AbortSignal) => Promise<CaptureOutcome>;
  /** An incident was answered when its window had passed: it is not looked at again. */
  readonly onSettled?: (incidentId: number) => void;
}

/** After the first look, while the window has not passed; the last look is when it has. */
const roundsAfterMs = [15 * secondMs, minuteMs, 3 * minuteMs] as const;
const defaultWindowMs = 5.5 * minuteMs;
/** After looks that failed one after another, or found nobody: doubled each time up to the longest. */
const firstRetryMs = 15 * secondMs;
const longestRetryMs = 15 * minuteMs;
/** Looks that failed until an incident is given up, about two hours later. */
const maxFailures = 12;
/** Looks in one turn at most: of a larger storm the rest waits for the next. */
const looksInTurn = 50;
const turnMs = 15 * secondMs;
/** Incidents that are remembered; of more the first are. Those that nobody can be asked about wait long. */
const maxFollowed = 2_000;

/** Most questions about one incident by one core, whatever its sources do. */
export const mostLooks = roundsAfterMs.length + 2 + maxFailures;

interface Followed<Subject> {
  readonly subject: Subject;
  readonly beganAtMs: number;
  dueAtMs: number;
  answers: number;
  failures: number;
  /** Looks in a row that were not answered. */
  misses: number;
}

export class CaptureRounds<Subject extends CaptureSubject> {
  readonly #options: CaptureRoundsOptions<Subject>;
  readonly #windowMs: number;
  readonly #stopping = new AbortController();
  readonly #followed = new Map<number, Followed<Subject>>();
  #turn = { beganAtMs: Number.NEGATIVE_INFINITY, looks: 0 };
  #timer: NodeJS.Timeout | undefined;
  #working = false;

  constructor(options: CaptureRoundsOptions<Subject>) {
    this.#options = options;
    this.#windowMs = options.windowMs ?? defaultWindowMs;
  }

  /** Begins the rounds of incidents that are new, or whose rounds the core before this one did not end. */
  begin(subjects: readonly Subject[]): void {
    const nowMs = this.#options.nowMs();
    for (const subject of subjects) {
      if (this.#followed.has(subject.incidentId) || this.#followed.size >= maxFollowed) continue;
      const counts = { answers: 0, failures: 0, misses: 0 };
      this.#followed.set(subject.incidentId, { subject, beganAtMs: nowMs, dueAtMs: nowMs, ...counts });
    }
    this.#proceed();
  }

  /** A source is in sight again: those that missed it are looked at now. */
  sourceReturned(): void {
    const nowMs = this.#options.nowMs();
    for (const followed of this.#followed.values())
      if (followed.misses > 0) followed.dueAtMs = Math.min(followed.dueAtMs, nowMs);
    this.#proceed();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#followed.clear();
    this.#stopping.abort();
  }

  #proceed(): void {
    if (!this.#working) drop(this.#work(), 'each capture handles its own failures');
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        this.#turn.looks++;
        const outcome = await this.#options.capture(next.subject, this.#stopping.signal);
        if (!this.#stopping.signal.aborted) this.#looked(next, outcome);
      }
    } finally {
      this.#working = false;
    }
    this.#sleep();
  }

  /** Of those that are due, one that has nothing yet before one that is looked at again. */
  #next(): Followed<Subject> | undefined {
    if (this.#isTurnOver()) return undefined;
    const nowMs = this.#options.nowMs();
    let next: Followed<Subject> | undefined;
    for (const followed of this.#followed.values()) {
      // One that is due later than any can be is of a clock that was set back.
      const inMs = followed.dueAtMs - nowMs;
      if (inMs > 0 && inMs <= longestRetryMs) continue;
      if (next === undefined || followed.answers < next.answers) next = followed;
    }
    return next;
  }

  #isTurnOver(): boolean {
    const nowMs = this.#options.nowMs();
    if (Math.abs(nowMs - this.#turn.beganAtMs) >= turnMs) this.#turn = { beganAtMs: nowMs, looks: 0 };
    return this.#turn.looks >= looksInTurn;
  }

  #looked(followed: Followed<Subject>, outcome: CaptureOutcome): void {
    const { subject, beganAtMs } = followed;
    const nowMs = this.#options.nowMs();
    if (outcome === 'answered') {
      followed.answers++;
      followed.misses = 0;
      // A start in the time to come is a clock that differs: the window is that of when it was seen.
      const passesAtMs = Math.min(subject.startsAtMs, beganAtMs) + this.#windowMs;
      const isSettled = nowMs >= passesAtMs;
      const round = roundsAfterMs.map((afterMs) => beganAtMs + afterMs).find((atMs) => atMs > nowMs);
      followed.dueAtMs = Math.min(round ?? passesAtMs, passesAtMs);
      if (isSettled) this.#followed.delete(subject.incidentId);
      if (isSettled) this.#options.onSettled?.(subject.incidentId);
      return;
    }
    if (outcome === 'failed' && ++followed.failures >= maxFailures) {
      this.#followed.delete(subject.incidentId);
      return;
    }
    followed.dueAtMs = nowMs + Math.min(firstRetryMs * 2 ** followed.misses++, longestRetryMs);
  }

  /** Until the next one is due. */
  #sleep(): void {
    clearTimeout(this.#timer);
    if (this.#stopping.signal.aborted || this.#followed.size === 0) return;
    let dueAtMs = Number.POSITIVE_INFINITY;
    for (const followed of this.#followed.values()) dueAtMs = Math.min(dueAtMs, followed.dueAtMs);
    if (this.#isTurnOver()) dueAtMs = Math.max(dueAtMs, this.#turn.beganAtMs + turnMs);
    const inMs = Math.min(dueAtMs - this.#options.nowMs(), longestRetryMs);
    this.#timer = setTimeout(() => this.#proceed(), Math.max(0, inMs));
  }
}
