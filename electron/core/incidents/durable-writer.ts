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
      this.#options.onTrouble(written.failure);
      this.#retryTimer ??= setInterval(() => void this.commit([]), retryMs);
    });
  }

  stop(): void {
    clearInterval(this.#retryTimer);
    this.#retryTimer = undefined;
  }

  async #write(changes: readonly JournalChange[]): Promise<Result<void, CommandFailure>> {
    const all = [...this.#unsaved, ...changes];
    const written = all.length === 0 ? success(undefined) : await this.#options.journal.commit(all);
    if (written.ok && this.#retryTimer !== undefined) {
      this.#unsaved = [];
      this.stop();
      this.#options.onTrouble(null);
    }
    return written;
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
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
    case 'watch':
      return `watch ${change.record.source}`;
    case 'notification':
      return `notification ${change.record.id}`;
    default:
      return undefined;
  }
}
