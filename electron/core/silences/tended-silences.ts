import type { JournalChange, TendedSilenceRecord } from '#core/store/records.ts';
import type { CommandFailure } from '#shared/failure.ts';
import { success, type Result } from '#shared/result.ts';
import type { Entry } from './outbox-entry.ts';
import type { Tended } from './silence-rows.ts';

/**
 * The silences that the console looks after: which they are, over starts of the core and over the new ids that
 * servers give to edited silences. What is done for them is decided elsewhere.
 */
export class TendedSilences {
  readonly #commit: (changes: readonly JournalChange[]) => Promise<Result<void, CommandFailure>>;
  readonly #records = new Map<string, TendedSilenceRecord>();

  constructor(commit: (changes: readonly JournalChange[]) => Promise<Result<void, CommandFailure>>) {
    this.#commit = commit;
  }

  restore(records: readonly TendedSilenceRecord[]): void {
    for (const record of records) this.#records.set(record.id, record);
  }

  /** Those that are still looked after. */
  all(): readonly TendedSilenceRecord[] {
    return [...this.#records.values()];
  }

  find(id: string): TendedSilenceRecord | undefined {
    return this.#records.get(id);
  }

  cares(): ReadonlyMap<string, Tended> {
    return this.#records;
  }

  /** Replaces what is known of one; with an end it is looked after no more. Holds once it is durable. */
  async put(record: TendedSilenceRecord): Promise<Result<void, CommandFailure>> {
    const before = this.#records.get(record.id);
    const written = await this.#commit([{ kind: 'tended-silence', record }]);
    if (!written.ok) return written;
    // What a change that was done meanwhile made of it is newer, in the journal too.
    if (this.#records.get(record.id) === before) this.#take(record);
    return success(undefined);
  }

  /** What a change that is done makes of it. @returns what belongs into the transaction of that change. */
  follow(entry: Entry, nowMs: number): readonly JournalChange[] {
    const records = this.#after(entry, nowMs);
    for (const record of records) this.#take(record);
    return records.map((record) => ({ kind: 'tended-silence', record }));
  }

  #after(entry: Entry, nowMs: number): readonly TendedSilenceRecord[] {
    const { request, silenceId, cluster } = entry.shown;
    const before = request.kind === 'create' ? undefined : this.#records.get(request.id);
    const ended = before === undefined ? [] : [{ ...before, endedAtMs: nowMs }];
    if (request.kind === 'expire' || silenceId === null) return ended;
    // An acknowledgement's silence stays one, whatever else is changed of it.
    const care = before?.care === 'acknowledgement' ? before : entry.care;
    if (care === null) return ended;
    const next: TendedSilenceRecord = {
      id: silenceId,
      cluster,
      care: care.care,
      incidentId: care.incidentId,
      endsAfterQuietMs: care.endsAfterQuietMs,
      quietSinceMs: before?.quietSinceMs ?? null,
      createdAtMs: before?.createdAtMs ?? nowMs,
      endedAtMs: null,
    };
    return before === undefined || before.id === silenceId ? [next] : [...ended, next];
  }

  #take(record: TendedSilenceRecord): void {
    if (record.endedAtMs === null) this.#records.set(record.id, record);
    else this.#records.delete(record.id);
  }
}
