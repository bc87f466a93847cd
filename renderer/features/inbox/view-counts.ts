import type { PatternCompiler } from '#shared/filter/compile.ts';
import type { SavedView } from '#shared/model/view.ts';
import { readFilter } from './filter.ts';
import { FilterTally } from './filter-tally.ts';
import type { InboxLedger } from './inbox-ledger.ts';

/** What each saved view counts, kept from one change of the ledger to the next. */

export type ViewCount =
  /** Open incidents that match, and those of which it is not known. */
  | { readonly kind: 'counted'; readonly matching: number; readonly unknown: number }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'wrong'; readonly message: string };

export class ViewCounts {
  #tallies = new Map<object, FilterTally>();

  /** Called after each update of the ledger. @param nowMs by which ages are judged. */
  update(
    ledger: InboxLedger,
    views: readonly SavedView[],
    compile: PatternCompiler | null,
    nowMs: number,
  ): readonly ViewCount[] {
    const tallies = new Map<object, FilterTally>();
    const counts = views.map((view): ViewCount => {
      const read = readFilter(view.filter, compile);
      if (read.kind === 'waiting') return { kind: 'waiting' };
      if (read.kind === 'wrong') return { kind: 'wrong', message: read.fault.message };
      const before = this.#tallies.get(read.filter);
      const tally = before ?? new FilterTally(read.filter);
      tallies.set(read.filter, tally);
      tally.update(ledger, before === undefined, nowMs);
      return { kind: 'counted', ...tally.counts };
    });
    this.#tallies = tallies;
    return counts;
  }
}

export function sameCounts(left: readonly ViewCount[], right: readonly ViewCount[]): boolean {
  return left.length === right.length && left.every((count, index) => isSame(count, right[index]));
}

function isSame(left: ViewCount, right: ViewCount | undefined): boolean {
  if (left.kind === 'counted' && right?.kind === 'counted') {
    return left.matching === right.matching && left.unknown === right.unknown;
  }
  if (left.kind === 'wrong' && right?.kind === 'wrong') return left.message === right.message;
  return left.kind === right?.kind && left.kind === 'waiting';
}
