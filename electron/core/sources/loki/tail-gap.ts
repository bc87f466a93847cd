import type { SourceFailure } from '#shared/failure.ts';
import { compareNanoseconds, type Nanoseconds } from '#shared/model/log.ts';
import { drop } from '#shared/result.ts';
import { sourceFailure } from '../source-failure.ts';
import type { Clock } from '#core/clock/clock.ts';
import type { LokiClient } from './client.ts';
import type { LinesAnswer, LokiLines } from './model.ts';
import { nextNanosecond } from './paging.ts';

/**
 * What a tail has missed, and the fetching of it: one range of time, which grows while more is reported
 * and is fetched in pieces, one at a time. Used by `LokiTail`, which leaves out what it has already.
 */

export interface Missing {
  /** `history`: from before the tail; `drop`: told by the server; `connection`: none knows how much. */
  readonly kind: 'history' | 'drop' | 'connection';
  readonly fromNs: Nanoseconds;
  /** Not included; null up to now. */
  readonly toNs: Nanoseconds | null;
}

interface GapOptions {
  readonly clock: Clock;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  readonly fillAfterMs: number;
  readonly settleMs: number;
}

interface GapOwner {
  /** Before this the owner cannot leave out what it has: that is not fetched again. */
  floorNs(): Nanoseconds;
  /** The end of what can be there by now, with a margin for clocks that differ. */
  toNs(): Nanoseconds;
  onLines(lines: LokiLines, isHistory: boolean): void;
  /** Something began or ended; the failure is of the last attempt. */
  onChange(failure: SourceFailure | null): void;
}

/** Lines of one piece. */
const pieceLines = 10_000;

export class Gap {
  readonly #client: LokiClient;
  readonly #query: string;
  readonly #options: GapOptions;
  readonly #owner: GapOwner;
  readonly #stop = new AbortController();
  #missing: Missing | null = null;
  #current: Missing | null = null;
  #isOpen = false;
  #attempts = 0;
  #cancelTimer: (() => void) | null = null;
  /** From where to look once more when no report comes any more. */
  #settleFromNs: Nanoseconds | null = null;
  #cancelSettle: () => void = () => undefined;

  constructor(client: LokiClient, query: string, options: GapOptions, owner: GapOwner) {
    this.#client = client;
    this.#query = query;
    this.#options = options;
    this.#owner = owner;
  }

  /** Whether lines are missing that should have come with the stream. */
  get isRecovering(): boolean {
    return [this.#missing, this.#current].some((one) => one !== null && one.kind !== 'history');
  }

  /** Fetching waits for the connection: what is missing without one is not over yet. */
  open(): void {
    this.#isOpen = true;
    this.#schedule(0);
  }

  close(): void {
    this.#isOpen = false;
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelSettle();
    this.#cancelTimer = null;
    this.#isOpen = false;
    this.#stop.abort();
  }

  add(missing: Missing): void {
    this.#missing = merged(this.#missing, missing);
    if (missing.kind === 'drop') this.#cancelSettle();
    this.#schedule(missing.kind === 'drop' ? this.#options.fillAfterMs : 0);
  }

  #schedule(delayMs: number): void {
    if (this.#cancelTimer !== null || this.#current !== null || this.#stop.signal.aborted) return;
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      this.#cancelTimer = null;
      if (this.#isOpen && this.#missing !== null) drop(this.#fill(this.#missing), 'failures are values here');
    });
  }

  async #fill(missing: Missing): Promise<void> {
    this.#missing = null;
    this.#current = missing;
    const { left, failure } = await this.#fetch(missing);
    if (this.#stop.signal.aborted) return;
    this.#current = null;
    if (left !== null && isPassing(failure)) this.#missing = merged(this.#missing, left);
    if (missing.kind === 'drop') this.#settleLater(missing);
    this.#attempts = failure === null ? 0 : this.#attempts + 1;
    this.#owner.onChange(failure);
    if (this.#missing !== null)
      this.#schedule(failure === null ? this.#options.fillAfterMs : this.#retryMs());
  }

  /** @returns what could not be fetched, and why. */
  async #fetch(missing: Missing): Promise<{ left: Missing | null; failure: SourceFailure | null }> {
    const toNs = missing.toNs ?? this.#owner.toNs();
    const floorNs = this.#owner.floorNs();
    let fromNs = compareNanoseconds(missing.fromNs, floorNs) < 0 ? floorNs : missing.fromNs;
    // Other kinds begin early on purpose: what the stream itself brought there is not missing.
    let failure = fromNs !== missing.fromNs && missing.kind === 'drop' ? forgotten() : null;
    while (compareNanoseconds(fromNs, toNs) < 0) {
      const request = { query: this.#query, fromNs, toNs, limit: pieceLines, direction: 'forward' } as const;
      const answer = await this.#client.queryLines(request, { signal: this.#stop.signal });
      if (this.#stop.signal.aborted) break;
      if (!answer.ok) return { left: { ...missing, fromNs }, failure: answer.failure };
      this.#owner.onLines(answer.value, missing.kind === 'history');
      if (answer.value.isIncomplete) failure = incomplete(answer.value);
      const last = answer.value.lines.at(-1);
      if (!answer.value.isMore || last === undefined) break;
      fromNs = last.timeNs === fromNs ? nextNanosecond(fromNs) : last.timeNs;
    }
    return { left: null, failure };
  }

  /** A report comes with the next frame: what is dropped last may never be told. */
  #settleLater({ fromNs, toNs }: Missing): void {
    this.#settleFromNs = fromNs;
    this.#cancelSettle();
    if (toNs === null) return;
    this.#cancelSettle = this.#options.clock.after(this.#options.settleMs, () => {
      if (this.#settleFromNs === null) return;
      this.add({ kind: 'drop', fromNs: this.#settleFromNs, toNs: null });
      this.#settleFromNs = null;
    });
  }

  #retryMs(): number {
    const { firstRetryMs, longestRetryMs } = this.#options;
    return Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(this.#attempts, 16));
  }
}

function merged(left: Missing | null, right: Missing): Missing {
  if (left === null) return right;
  const { fromNs } = compareNanoseconds(left.fromNs, right.fromNs) <= 0 ? left : right;
  const toNs =
    left.toNs === null || right.toNs === null
      ? null
      : compareNanoseconds(left.toNs, right.toNs) >= 0
        ? left.toNs
        : right.toNs;
  return { kind: left.kind === 'history' ? right.kind : left.kind, fromNs, toNs };
}

/** Whether the same question may be answered later. */
function isPassing(failure: SourceFailure | null): boolean {
  return failure === null || !['bad-query', 'too-large', 'not-this-api'].includes(failure.code);
}

function incomplete(answer: LinesAnswer): SourceFailure {
  return sourceFailure(
    'too-large',
    answer.warnings.find((warning) => warning.startsWith('Incomplete')) ?? 'Some lines cannot be fetched.',
    'Raise max_entries_limit_per_query of the server, or follow fewer streams.',
  );
}

function forgotten(): SourceFailure {
  return sourceFailure(
    'too-large',
    'More lines came than the tail remembers: those before cannot be told apart and are not fetched again.',
    'Search the time in question to see all of its lines, or follow fewer streams.',
  );
}
