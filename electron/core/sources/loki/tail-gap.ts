import type { SourceFailure } from '#shared/failure.ts';
import { compareNanoseconds, type Nanoseconds } from '#shared/model/log.ts';
import { drop } from '#shared/result.ts';
import { sourceFailure } from '../source-failure.ts';
import type { Clock } from '#core/clock/clock.ts';
import type { LokiClient } from './client.ts';
import type { LinesAnswer, LokiLines } from './model.ts';
import { nextNanosecond } from './paging.ts';

/**
 * What a tail has missed, and the fetching of it: a range of time, which grows while more is reported, and
 * the silences of the stream before it was opened. Fetched in pieces, one at a time. Used by `LokiTail`,
 * which leaves out what it has already.
 */

export interface Missing {
  /** `history`: from before the tail; `drop`: told by the server; `connection`: none knows how much. */
  readonly kind: 'history' | 'drop' | 'connection';
  readonly fromNs: Nanoseconds;
  /** Not included; null up to now. */
  readonly toNs: Nanoseconds | null;
}

/** A time in which no stream brought anything: what is later than its beginning was never given on. */
export interface Silence extends Missing {
  readonly toNs: Nanoseconds;
  readonly silentFromNs: Nanoseconds;
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
  #silences: Silence[] = [];
  #isSilenceNext = false;
  #current: Missing | Silence | null = null;
  #isOpen = false;
  #attempts = 0;
  #cancelTimer: (() => void) | null = null;
  /** From where to look once more when no report comes any more. */
  #settleFromNs: Nanoseconds | null = null;
  #cancelSettle: () => void = () => undefined;
  #cancelOpening: () => void = () => undefined;

  constructor(client: LokiClient, query: string, options: GapOptions, owner: GapOwner) {
    this.#client = client;
    this.#query = query;
    this.#options = options;
    this.#owner = owner;
  }

  /** Whether lines are missing that should have come with the stream. */
  get isRecovering(): boolean {
    return [this.#missing, this.#current, ...this.#silences].some(
      (one) => one !== null && one.kind !== 'history',
    );
  }

  /**
   * Fetching waits for the connection: what is missing without one is not over yet. A server begins to send
   * some time after it opened it, perhaps after it was asked for what was missing: it is asked once more.
   * @param lookFromNs where that second look begins.
   */
  open(lookFromNs: Nanoseconds): void {
    this.#isOpen = true;
    this.#schedule(0);
    this.#cancelOpening();
    this.#cancelOpening = this.#options.clock.after(this.#options.settleMs, () => {
      this.add({ kind: 'history', fromNs: lookFromNs, toNs: null });
    });
  }

  close(): void {
    this.#isOpen = false;
    this.#cancelOpening();
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelSettle();
    this.#cancelOpening();
    this.#cancelTimer = null;
    this.#isOpen = false;
    this.#stop.abort();
  }

  add(missing: Missing): void {
    this.#missing = merged(this.#missing, missing);
    if (missing.kind === 'drop') this.#cancelSettle();
    this.#schedule(missing.kind === 'drop' ? this.#options.fillAfterMs : 0);
  }

  /** Fetched after what is missing near to now, which is known again only as long as it is new. */
  addSilence(silence: Silence): void {
    if (compareNanoseconds(silence.fromNs, silence.toNs) < 0) this.#silences.push(silence);
    this.#schedule(0);
  }

  #schedule(delayMs: number): void {
    if (this.#cancelTimer !== null || this.#current !== null || this.#stop.signal.aborted) return;
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      this.#cancelTimer = null;
      const next = this.#isOpen ? this.#next() : undefined;
      if (next !== undefined) drop(this.#fill(next), 'failures are values here');
    });
  }

  /** What is near to now and a piece of a silence in turns: neither waits for all of the other. */
  #next(): Missing | Silence | undefined {
    const isSilence = this.#missing === null || (this.#isSilenceNext && this.#silences.length > 0);
    this.#isSilenceNext = !isSilence;
    if (isSilence) return this.#silences.shift();
    const missing = this.#missing ?? undefined;
    this.#missing = null;
    return missing;
  }

  async #fill(missing: Missing | Silence): Promise<void> {
    this.#current = missing;
    const { left, failure } = await this.#fetch(missing);
    if (this.#stop.signal.aborted) return;
    this.#current = null;
    if (left !== null) this.#keep(left);
    if (missing.kind === 'drop') this.#settleLater(missing);
    this.#attempts = failure === null ? 0 : this.#attempts + 1;
    this.#owner.onChange(failure);
    if (this.#missing === null && this.#silences.length === 0) return;
    const pauseMs = this.#silences.length > 0 ? 0 : this.#options.fillAfterMs;
    this.#schedule(failure === null ? pauseMs : this.#retryMs());
  }

  #keep(left: Missing | Silence): void {
    if ('silentFromNs' in left) this.#silences.unshift(left);
    else this.#missing = merged(this.#missing, left);
  }

  /** @returns what is left to fetch, and why if it could not be; of a silence one piece is fetched at a time. */
  async #fetch(
    missing: Missing | Silence,
  ): Promise<{ left: Missing | Silence | null; failure: SourceFailure | null }> {
    const toNs = missing.toNs ?? this.#owner.toNs();
    const floorNs = this.#owner.floorNs();
    const isForgotten = isGiven(missing.fromNs, missing, floorNs);
    let fromNs = isForgotten ? startOf(missing, floorNs) : missing.fromNs;
    // Other kinds begin early on purpose: what the stream itself brought there is not missing.
    let failure = isForgotten && missing.kind === 'drop' ? forgotten() : null;
    while (compareNanoseconds(fromNs, toNs) < 0) {
      const request = { query: this.#query, fromNs, toNs, limit: pieceLines, direction: 'forward' } as const;
      const answer = await this.#client.queryLines(request, { signal: this.#stop.signal });
      if (this.#stop.signal.aborted) break;
      if (!answer.ok) {
        const left = isPassing(answer.failure) ? { ...missing, fromNs } : null;
        return { left, failure: answer.failure };
      }
      if (answer.value.isIncomplete) failure = incomplete(answer.value);
      const last = answer.value.lines.at(-1);
      const isEnd = !answer.value.isMore || last === undefined;
      // The nanosecond that a piece ends in is given on with the next one, which begins with it.
      const nextNs = isEnd || last.timeNs === fromNs ? null : last.timeNs;
      const lines = answer.value.lines.filter(
        ({ timeNs }) => timeNs !== nextNs && !isGiven(timeNs, missing, this.#owner.floorNs()),
      );
      this.#owner.onLines({ ...answer.value, lines }, missing.kind === 'history');
      if (isEnd) break;
      fromNs = nextNs ?? nextNanosecond(fromNs);
      if ('silentFromNs' in missing) return { left: { ...missing, fromNs }, failure };
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

/** Past what is forgotten, and no further than where the stream fell silent. */
function startOf(missing: Missing | Silence, floorNs: Nanoseconds): Nanoseconds {
  if (!('silentFromNs' in missing)) return floorNs;
  return compareNanoseconds(missing.silentFromNs, floorNs) < 0 ? missing.silentFromNs : floorNs;
}

/** Whether a line of that time may have been given on and forgotten since. */
function isGiven(timeNs: Nanoseconds, missing: Missing | Silence, floorNs: Nanoseconds): boolean {
  if (compareNanoseconds(timeNs, floorNs) >= 0) return false;
  return !('silentFromNs' in missing) || compareNanoseconds(timeNs, missing.silentFromNs) <= 0;
}

/** Whether the same question may be answered later. */
function isPassing(failure: SourceFailure): boolean {
  return !['bad-query', 'too-large', 'not-this-api'].includes(failure.code);
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
