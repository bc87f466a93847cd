import type { SqliteDatabase } from '../database.ts';
import type { StatementCache } from '../statement-cache.ts';
import { lastOfBlock } from './sample-store.ts';
import * as sql from './statements.ts';
import { cutWindows, type Window } from './windows.ts';

/**
 * Lets go of samples that no incident holds: those past their retention, and the oldest ones once the
 * cache is over its size. What is dropped is no longer covered. Called by `Cache` in idle time, in steps
 * small enough not to keep a write waiting.
 */
export interface Evicted {
  /** Blocks of a selection that were dropped. */
  readonly blocks: number;
  /** Start of the oldest samples that were not dropped by size; null where none was. */
  readonly oldestKeptMs: number | null;
  /** Whether there is more to drop than one step takes. */
  readonly isMore: boolean;
}

export const nothingEvicted: Evicted = { blocks: 0, oldestKeptMs: null, isMore: false };
const blocksPerStep = 64;
const shrinkPragma = 'incremental_vacuum(2048)';

export class Eviction {
  readonly #database: SqliteDatabase;
  readonly #statements: StatementCache;

  constructor(database: SqliteDatabase, statements: StatementCache) {
    this.#database = database;
    this.#statements = statements;
  }

  /** Drops unpinned samples of blocks that end before `beforeMs`. */
  retain(beforeMs: number): Evicted {
    return this.#drop(({ blockStartMs }) => lastOfBlock(blockStartMs) < beforeMs, beforeMs);
  }

  /** Drops the oldest unpinned samples until the content takes at most `maxBytes`. */
  evict(maxBytes: number): Evicted {
    if (this.usedBytes() <= maxBytes) return nothingEvicted;
    return this.#drop(() => this.usedBytes() > maxBytes, null);
  }

  /** What the content takes, without pages that are free to be used again. */
  usedBytes(): number {
    const pageSize = Number(this.#database.pragma('page_size', { simple: true }));
    const pages = Number(this.#database.pragma('page_count', { simple: true }));
    const free = Number(this.#database.pragma('freelist_count', { simple: true }));
    return (pages - free) * pageSize;
  }

  #drop(isDropped: (block: Block) => boolean, coverageBeforeMs: number | null): Evicted {
    const step = this.#database.transaction((): Evicted => {
      let blocks = 0;
      let oldest = this.#oldestUnpinned();
      while (blocks < blocksPerStep && oldest !== undefined && isDropped(oldest)) {
        this.#forget(oldest);
        blocks++;
        oldest = this.#oldestUnpinned();
      }
      if (coverageBeforeMs !== null)
        this.#statements.run(sql.removeOldCoverage, { beforeMs: coverageBeforeMs });
      if (blocks > 0) this.#statements.run(sql.removeEmptySeries);
      this.#statements.run(sql.removeEmptySelections);
      const oldestKeptMs = blocks > 0 ? (oldest?.blockStartMs ?? null) : null;
      return { blocks, oldestKeptMs, isMore: oldest !== undefined && isDropped(oldest) };
    });
    const evicted = step.immediate();
    if (evicted.blocks > 0) this.#shrink();
    return evicted;
  }

  /** Gives freed pages back to the disk, some at a time. */
  #shrink(): void {
    this.#database.pragma(shrinkPragma);
  }

  #oldestUnpinned(): Block | undefined {
    return this.#statements.get(sql.oldestUnpinned) as Block | undefined;
  }

  #forget(block: Block): void {
    const { selectionId, blockStartMs } = block;
    this.#statements.run(sql.removeBlock, block);
    const ends = { fromMs: blockStartMs, toMs: lastOfBlock(blockStartMs) };
    const around = this.#statements.all(sql.coverageAround, { selectionId, ...ends }) as Window[];
    for (const { fromMs } of around) this.#statements.run(sql.removeCoverage, { selectionId, fromMs });
    for (const left of cutWindows(around, ends.fromMs, ends.toMs)) {
      this.#statements.run(sql.addCoverage, { selectionId, ...left });
    }
  }
}

interface Block {
  readonly selectionId: number;
  readonly blockStartMs: number;
}
