import { minuteMs, secondMs } from '#shared/time.ts';
import { drop } from '#shared/result.ts';

/**
 * Fetches what surrounds the start of an incident, several times: at once, for the servers may be gone in
 * a minute, and again until what came after the start is there too. One incident at a time, so that a
 * storm of incidents does not become a storm of queries.
 */
export interface CaptureSubject {
  readonly incidentId: number;
  readonly startsAtMs: number;
}

export interface CaptureRoundsOptions<Subject extends CaptureSubject> {
  readonly nowMs: () => number;
  /** Fetches and keeps once; its failures are its own. */
  readonly capture: (subject: Subject, signal: AbortSignal) => Promise<void>;
}

/** After the first fetch; the last is when the window after the start has passed. */
const roundsAfterMs = [15 * secondMs, minuteMs, 3 * minuteMs, 5.5 * minuteMs] as const;
/** An incident that began longer ago has nothing new around its start. */
const captureWithinMs = 10 * minuteMs;
/** Most incidents that wait at a time; of a larger storm the first are kept. */
const maxWaiting = 50;

export class CaptureRounds<Subject extends CaptureSubject> {
  readonly #options: CaptureRoundsOptions<Subject>;
  readonly #stopping = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #waiting = new Map<number, Subject>();
  #working = false;

  constructor(options: CaptureRoundsOptions<Subject>) {
    this.#options = options;
  }

  /** Begins the rounds of incidents that are new, or that were new when the core before this one ended. */
  begin(subjects: readonly Subject[]): void {
    const since = this.#options.nowMs() - captureWithinMs;
    const young = subjects.filter((subject) => subject.startsAtMs >= since);
    // What fires long before it is seen has its start behind it: one look is all there is to have.
    this.#queue(subjects);
    if (young.length === 0) return;
    for (const afterMs of roundsAfterMs) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#queue(young);
      }, afterMs);
      this.#timers.add(timer);
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.clear();
    this.#stopping.abort();
  }

  #queue(subjects: readonly Subject[]): void {
    for (const subject of subjects) {
      if (this.#waiting.size >= maxWaiting && !this.#waiting.has(subject.incidentId)) continue;
      this.#waiting.set(subject.incidentId, subject);
    }
    if (!this.#working) drop(this.#work(), 'each capture handles its own failures');
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next())
        await this.#options.capture(next, this.#stopping.signal);
    } finally {
      this.#working = false;
    }
  }

  #next(): Subject | undefined {
    if (this.#stopping.signal.aborted) return undefined;
    const [subject] = this.#waiting.values();
    if (subject !== undefined) this.#waiting.delete(subject.incidentId);
    return subject;
  }
}
