import type { Clock } from '#core/clock/clock.ts';
import type { JournalChange } from '#core/store/records.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { Result } from '#shared/result.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import { changeOf, type Entry } from './outbox-entry.ts';

/**
 * One entry in memory and in the journal, one write at a time: what is decided holds once it is durable, what is
 * learned holds at once and is owed to the journal until that takes it. A write that comes late never puts an
 * older state over a newer one.
 */
export interface HeldEntryOptions {
  readonly clock: Clock;
  readonly commit: (changes: readonly JournalChange[]) => Promise<Result<void, CommandFailure>>;
  /** The entry is another one now. */
  readonly onShown: (entry: Entry) => void;
}

const journalPauseMs = 5 * secondMs;
const firstPauseMs = 2 * secondMs;
const longestPauseMs = minuteMs;

/**
 * Milliseconds until the next attempt after so many without an answer.
 * @param random from 0 to 1, so that a crowd of changes does not come back at one moment.
 */
export function pauseBefore(attempts: number, random: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1)) * (0.75 + random / 4);
}

export class HeldEntry {
  /** A step is under way: nothing else may begin. */
  isBusy = false;
  /** Without an answer, in a row. */
  attempts = 0;
  /** Takes the next attempt back. */
  cancel: () => void = () => undefined;
  readonly #options: HeldEntryOptions;
  #entry: Entry;
  #isOwed = false;
  #owed: readonly JournalChange[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #cancelPayment: () => void = () => undefined;

  constructor(entry: Entry, options: HeldEntryOptions) {
    this.#entry = entry;
    this.#options = options;
  }

  get entry(): Entry {
    return this.#entry;
  }

  /** Whether the journal has all of it. */
  get isKept(): boolean {
    return !this.#isOwed;
  }

  /** For windows alone: the journal need not know, for after a start it is found out anew. */
  show(entry: Entry): void {
    this.#entry = entry;
    this.#options.onShown(entry);
  }

  /** Holds only once it is durable. */
  decide(
    next: (entry: Entry) => Entry,
    more: readonly JournalChange[] = [],
  ): Promise<Result<void, CommandFailure>> {
    return this.#inTurn(async () => {
      const decided = next(this.#entry);
      const written = await this.#options.commit([...this.#owed, changeOf(decided), ...more]);
      if (!written.ok) return written;
      this.#isOwed = false;
      this.#owed = [];
      this.show(decided);
      return written;
    });
  }

  /** Holds at once: it has happened, whatever the journal says. */
  learn(entry: Entry, more: readonly JournalChange[] = []): void {
    this.#isOwed = true;
    this.#owed = [...this.#owed, ...more];
    this.show(entry);
    void this.#inTurn(() => this.#pay());
  }

  /** Gives its timers back; what is owed gets its last chance. */
  async stop(): Promise<void> {
    this.cancel();
    await this.#inTurn(() => this.#pay());
    this.#cancelPayment();
  }

  async #pay(): Promise<void> {
    if (!this.#isOwed) return;
    this.#cancelPayment();
    const paid = this.#entry;
    const owed = this.#owed;
    const written = await this.#options.commit([changeOf(paid), ...owed]);
    if (written.ok) {
      this.#owed = this.#owed.slice(owed.length);
      this.#isOwed = this.#entry !== paid || this.#owed.length > 0;
      return;
    }
    this.#cancelPayment = this.#options.clock.after(
      journalPauseMs,
      () => void this.#inTurn(() => this.#pay()),
    );
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
