import type { CompiledFilter, FilterAnswer } from '#shared/filter/compile.ts';
import type { InboxLedger, LedgerEntry } from './inbox-ledger.ts';

/** How many open incidents match a filter, counted anew only for those that changed. */
export class FilterTally {
  readonly #filter: CompiledFilter;
  readonly #answers = new Map<number, FilterAnswer>();
  #matching = 0;
  #unknown = 0;
  #atMs: number | undefined;

  constructor(filter: CompiledFilter) {
    this.#filter = filter;
  }

  get counts(): { readonly matching: number; readonly unknown: number } {
    return { matching: this.#matching, unknown: this.#unknown };
  }

  /** @param isAnew what changed is not known; then all are asked. */
  update(ledger: InboxLedger, isAnew: boolean, nowMs: number): void {
    const atMs = this.#filter.usesAge ? nowMs : 0;
    if (isAnew || atMs !== this.#atMs) {
      this.#atMs = atMs;
      for (const id of this.#answers.keys()) this.#put(id, undefined, atMs);
      for (const entry of ledger.entries()) this.#put(entry.id, entry, atMs);
      return;
    }
    for (const id of ledger.changed) this.#put(id, ledger.entry(id), atMs);
  }

  #put(id: number, entry: LedgerEntry | undefined, atMs: number): void {
    this.#count(this.#answers.get(id), -1);
    this.#answers.delete(id);
    if (entry === undefined || entry.row.resolvedAtMs !== null) return;
    const answer = this.#filter.answer(entry.row, entry.alerts, atMs);
    if (answer === 'fails') return;
    this.#answers.set(id, answer);
    this.#count(answer, 1);
  }

  #count(answer: FilterAnswer | undefined, by: 1 | -1): void {
    if (answer === 'matches') this.#matching += by;
    if (answer === 'unknown') this.#unknown += by;
  }
}
