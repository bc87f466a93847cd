import type { CommandFailure } from '#shared/failure.ts';
import { success, type Result } from '#shared/result.ts';
import type { JournalChange } from '#core/store/records.ts';

/**
 * Writes to the journal so that neither truth nor data is lost when the disk refuses. What a person
 * asked for is done only once it is durable; what a source told is shown at once and kept here until the
 * disk takes it.
 */
export interface Journal {
  commit(changes: readonly JournalChange[]): Promise<Result<void, CommandFailure>>;
}

export interface DurableWriterOptions {
  readonly journal: Journal;
  /** Called when writing begins to fail, and with null when it works again. */
  readonly onTrouble: (failure: CommandFailure | null) => void;
  /** The journal will never take this change: it is shown but not kept, and holds up nothing else. */
  readonly onRefused: (failure: CommandFailure, change: JournalChange) => void;
}

const retryMs = 2_000;

export class DurableWriter {
  readonly #options: DurableWriterOptions;
  /** Changes that are shown but not written, oldest first; a record that changed again counts once. */
  #unsaved: readonly JournalChange[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(options: DurableWriterOptions) {
    this.#options = options;
  }

  /** Writes or fails; for what a person asked for. What waits is written with it, so order is kept. */
  commit(changes: readonly JournalChange[]): Promise<Result<void, CommandFailure>> {
    return this.#inTurn(() => this.#write(changes));
  }

  /** Writes, or keeps for later; for what a source told. */
  commitOrKeep(changes: readonly JournalChange[]): Promise<void> {
    return this.#inTurn(async () => {
      const written = await this.#write(changes);
      if (written.ok) return;
      this.#unsaved = withoutOverwritten([...this.#unsaved, ...changes]);
      if (isRefusal(written.failure) && (await this.#writeOneByOne())) return;
      this.#options.onTrouble(written.failure);
      this.#retryTimer ??= setInterval(() => void this.commit([]), retryMs);
    });
  }

  stop(): void {
    clearInterval(this.#retryTimer);
    this.#retryTimer = undefined;
  }

  async #write(changes: readonly JournalChange[]): Promise<Result<void, CommandFailure>> {
    const written = await this.#commit([...this.#unsaved, ...changes]);
    if (written.ok || this.#unsaved.length === 0 || !isRefusal(written.failure)) return written;
    // Something that waits may be what is refused: it must not take down what comes after it.
    return (await this.#writeOneByOne()) ? this.#commit(changes) : written;
  }

  /** Writes what waits change by change and puts aside what the journal refuses. @returns whether nothing waits. */
  async #writeOneByOne(): Promise<boolean> {
    for (const [index, change] of this.#unsaved.entries()) {
      const written = await this.#options.journal.commit([change]);
      if (written.ok) continue;
      if (!isRefusal(written.failure)) {
        this.#unsaved = this.#unsaved.slice(index);
        return false;
      }
      this.#options.onRefused(written.failure, change);
    }
    this.#saved();
    return true;
  }

  async #commit(changes: readonly JournalChange[]): Promise<Result<void, CommandFailure>> {
    const written = changes.length === 0 ? success(undefined) : await this.#options.journal.commit(changes);
    if (written.ok) this.#saved();
    return written;
  }

  #saved(): void {
    this.#unsaved = [];
    if (this.#retryTimer === undefined) return;
    this.stop();
    this.#options.onTrouble(null);
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** The journal's word that a change is not of a kind it can keep; any other failure may pass. */
function isRefusal(failure: CommandFailure): boolean {
  return failure.code === 'invalid-input';
}

/** Drops records that a later change in the list overwrites whole; what only adds stays. */
function withoutOverwritten(changes: readonly JournalChange[]): JournalChange[] {
  const last = new Map<string, number>();
  changes.forEach((change, index) => {
    const key = overwriteKey(change);
    if (key !== undefined) last.set(key, index);
  });
  return changes.filter((change, index) => {
    const key = overwriteKey(change);
    return key === undefined || last.get(key) === index;
  });
}

function overwriteKey(change: JournalChange): string | undefined {
  switch (change.kind) {
    case 'incident':
      return `incident ${change.record.id}`;
    case 'alert':
      return `alert ${change.record.incidentId} ${change.record.fingerprint}`;
    case 'alert-moved':
      return `alert ${change.incidentId} ${change.fingerprint}`;
    case 'watch':
      return `watch ${change.record.source}`;
    case 'notification':
      return `notification ${change.record.id}`;
    case 'setting':
      return `setting ${change.key}`;
    default:
      return undefined;
  }
}
