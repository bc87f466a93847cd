import type { SqliteDatabase } from '../database.ts';
import type { StatementCache } from '../statement-cache.ts';
import { LogEviction } from './logs/log-eviction.ts';
import { columnTimeAt } from './logs/spans.ts';
import { lastOfBlock } from './sample-store.ts';
import * as sql from './statements.ts';
import type { TraceStore } from './traces/trace-store.ts';
import { cutWindows, type Window } from './windows.ts';

/**
 * Lets go of what no incident holds: what is past its retention, and the oldest of samples, log lines and
 * traces once the cache is over its size. What is dropped is no longer covered. Called by `Cache` in idle
 * time, in steps small enough not to keep a write waiting.
 */
export interface Evicted {
  /** Blocks of samples, log lines and traces that were dropped. */
  readonly dropped: number;
  /** Start of the oldest that was not dropped by size; null where none was. */
  readonly oldestKeptMs: number | null;
  /** Whether there is more to drop than one step takes. */
  readonly isMore: boolean;
}

export interface Retention {
  readonly samplesBeforeMs: number;
  readonly logsBeforeMs: number;
  readonly tracesBeforeMs: number;
}

export const nothingEvicted: Evicted = { dropped: 0, oldestKeptMs: null, isMore: false };
/** Of one step: about 50 ms. */
const blocksPerStep = 64;
const linesPerStep = 2_000;
const tracesPerStep = 100;
/** Dropped together before the size is looked at again. */
const linesTogether = 500;
const tracesTogether = 10;
const shrinkPragma = 'incremental_vacuum(2048)';

/** One kind of what can be dropped, the oldest first. */
interface Kind {
  readonly oldestMs: () => number | null;
  readonly drop: (beforeMs: number, limit: number) => number;
  readonly perStep: number;
  readonly together: number;
}

export class Eviction {
  readonly #database: SqliteDatabase;
  readonly #statements: StatementCache;
  readonly #samples: Kind;
  readonly #logs: Kind;
  readonly #traces: Kind;
  readonly #compactLogs: () => boolean;
  readonly #cutLogCoverage: (beforeMs: number) => void;

  constructor(database: SqliteDatabase, statements: StatementCache, traces: TraceStore) {
    this.#database = database;
    this.#statements = statements;
    this.#samples = {
      oldestMs: () => this.#oldestUnpinned()?.blockStartMs ?? null,
      drop: (beforeMs, limit) => this.#dropBlocks(beforeMs, limit),
      perStep: blocksPerStep,
      together: 1,
    };
    const logs = new LogEviction(statements);
    this.#compactLogs = () => logs.compact();
    this.#cutLogCoverage = (beforeMs) => logs.cutCoverage(columnTimeAt(beforeMs));
    this.#logs = {
      oldestMs: () => logs.oldestMs(),
      drop: (beforeMs, limit) => logs.drop(beforeMs, limit),
      perStep: linesPerStep,
      together: linesTogether,
    };
    this.#traces = {
      oldestMs: () => traces.oldestMs(),
      drop: (beforeMs, limit) => traces.drop(beforeMs, limit),
      perStep: tracesPerStep,
      together: tracesTogether,
    };
  }

  /** Drops what no incident holds and ended before its time. */
  retain({ samplesBeforeMs, logsBeforeMs, tracesBeforeMs }: Retention): Evicted {
    return this.#step(() => {
      const dropped = [
        [this.#samples, this.#samples.drop(samplesBeforeMs, blocksPerStep)] as const,
        [this.#logs, this.#logs.drop(logsBeforeMs, linesPerStep)] as const,
        [this.#traces, this.#traces.drop(tracesBeforeMs, tracesPerStep)] as const,
      ];
      this.#statements.run(sql.removeOldCoverage, { beforeMs: samplesBeforeMs });
      this.#cutLogCoverage(logsBeforeMs);
      return {
        dropped: dropped.reduce((sum, [, count]) => sum + count, 0),
        oldestKeptMs: null,
        isMore: dropped.some(([kind, count]) => count === kind.perStep),
      };
    });
  }

  /**
   * Drops the oldest that no incident holds until the content takes at most `maxBytes`. Room that earlier
   * drops left in the index of lines is won back first, so that no more is dropped than needed.
   */
  evict(maxBytes: number): Evicted {
    if (this.usedBytes() <= maxBytes) return nothingEvicted;
    if (this.#compactLogs()) {
      this.#shrink();
      return { ...nothingEvicted, isMore: true };
    }
    return this.#step(() => {
      let [dropped, share] = [0, 0];
      let oldest = this.#oldest();
      while (share < 1 && oldest !== null && this.usedBytes() > maxBytes) {
        const { kind } = oldest;
        const count = kind.drop(Number.MAX_SAFE_INTEGER, kind.together);
        if (count === 0) break;
        dropped += count;
        share += kind.together / kind.perStep;
        oldest = this.#oldest();
      }
      const isMore = dropped > 0 && this.usedBytes() > maxBytes;
      return { dropped, oldestKeptMs: dropped > 0 ? (oldest?.oldestMs ?? null) : null, isMore };
    });
  }

  /** What the content takes, without pages that are free to be used again. */
  usedBytes(): number {
    const pageSize = Number(this.#database.pragma('page_size', { simple: true }));
    const pages = Number(this.#database.pragma('page_count', { simple: true }));
    const free = Number(this.#database.pragma('freelist_count', { simple: true }));
    return (pages - free) * pageSize;
  }

  #oldest(): { readonly kind: Kind; readonly oldestMs: number } | null {
    let oldest: { readonly kind: Kind; readonly oldestMs: number } | null = null;
    for (const kind of [this.#samples, this.#logs, this.#traces]) {
      const oldestMs = kind.oldestMs();
      if (oldestMs !== null && oldestMs < (oldest?.oldestMs ?? Number.POSITIVE_INFINITY))
        oldest = { kind, oldestMs };
    }
    return oldest;
  }

  #step(drop: () => Evicted): Evicted {
    const step = this.#database.transaction((): Evicted => {
      const evicted = drop();
      if (evicted.dropped > 0) this.#statements.run(sql.removeEmptySeries);
      this.#statements.run(sql.removeEmptySelections);
      return evicted;
    });
    const evicted = step.immediate();
    if (evicted.dropped > 0) this.#shrink();
    return evicted;
  }

  /** Blocks that end before `beforeMs`. */
  #dropBlocks(beforeMs: number, limit: number): number {
    let blocks = 0;
    let oldest = this.#oldestUnpinned();
    while (blocks < limit && oldest !== undefined && lastOfBlock(oldest.blockStartMs) < beforeMs) {
      this.#forget(oldest);
      blocks++;
      oldest = this.#oldestUnpinned();
    }
    return blocks;
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
