import type { SqliteDatabase } from '../database.ts';
import type { StatementCache } from '../statement-cache.ts';
import { LogEviction } from './logs/log-eviction.ts';
import { columnTimeAt } from './logs/spans.ts';
import { Bands } from './samples/bands.ts';
import { SampleEviction } from './samples/sample-eviction.ts';
import * as sql from './samples/statements.ts';
import type { TraceStore } from './traces/trace-store.ts';

/**
 * Lets go of what no incident holds: what is past its retention, and the oldest of samples, log lines and
 * traces once the cache is over its size. What is dropped is no longer covered. Called by `Cache` in idle
 * time, in steps small enough not to keep a write waiting.
 */
export interface Evicted {
  /** Buckets of samples, log lines, traces and bands that were dropped. */
  readonly dropped: number;
  /** Start of the oldest that was not dropped by size; null where none was. */
  readonly oldestKeptMs: number | null;
  /** Whether there is more to drop than one step takes. */
  readonly isMore: boolean;
}

export interface Retention {
  /** From which bands have a time of their own. */
  readonly nowMs: number;
  readonly samplesBeforeMs: number;
  readonly logsBeforeMs: number;
  readonly tracesBeforeMs: number;
}

export const nothingEvicted: Evicted = { dropped: 0, oldestKeptMs: null, isMore: false };
/** Of one step: about 50 ms. */
const bucketsPerStep = 2;
const linesPerStep = 2_000;
const tracesPerStep = 100;
const bandsPerStep = 64;
/** Dropped together before the size is looked at again. */
const linesTogether = 500;
const tracesTogether = 10;
const bandsTogether = 16;
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
  readonly #bands: Kind;
  readonly #retainBands: (nowMs: number) => number;
  readonly #compactLogs: () => boolean;
  readonly #cutLogCoverage: (beforeMs: number) => void;

  constructor(database: SqliteDatabase, statements: StatementCache, traces: TraceStore) {
    this.#database = database;
    this.#statements = statements;
    const samples = new SampleEviction(statements);
    this.#samples = {
      oldestMs: () => samples.oldestMs(),
      drop: (beforeMs, limit) => samples.drop(beforeMs, limit),
      perStep: bucketsPerStep,
      together: 1,
    };
    const bands = new Bands(database, statements);
    this.#bands = {
      oldestMs: () => bands.oldestMs(),
      drop: (_beforeMs, limit) => bands.drop(limit),
      perStep: bandsPerStep,
      together: bandsTogether,
    };
    this.#retainBands = (nowMs) => bands.retain(nowMs, bandsPerStep);
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
  retain({ nowMs, samplesBeforeMs, logsBeforeMs, tracesBeforeMs }: Retention): Evicted {
    return this.#step(() => {
      const dropped = [
        [this.#samples, this.#samples.drop(samplesBeforeMs, bucketsPerStep)] as const,
        [this.#logs, this.#logs.drop(logsBeforeMs, linesPerStep)] as const,
        [this.#traces, this.#traces.drop(tracesBeforeMs, tracesPerStep)] as const,
        [this.#bands, this.#retainBands(nowMs)] as const,
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
    // Of the same age samples go before their bands, which are made of them.
    for (const kind of [this.#samples, this.#logs, this.#traces, this.#bands]) {
      const oldestMs = kind.oldestMs();
      if (oldestMs !== null && oldestMs < (oldest?.oldestMs ?? Number.POSITIVE_INFINITY))
        oldest = { kind, oldestMs };
    }
    return oldest;
  }

  #step(drop: () => Evicted): Evicted {
    const step = this.#database.transaction((): Evicted => {
      const evicted = drop();
      this.#statements.run(sql.removeEmptySelections);
      return evicted;
    });
    const evicted = step.immediate();
    if (evicted.dropped > 0) this.#shrink();
    return evicted;
  }

  /** Gives freed pages back to the disk, some at a time. */
  #shrink(): void {
    this.#database.pragma(shrinkPragma);
  }
}
