import type { SqliteDatabase } from '../../database.ts';
import type { StatementCache } from '../../statement-cache.ts';
import { blockMs } from './blocks.ts';
import { addPart, joinedColumns } from './part-store.ts';
import * as sql from './statements.ts';

/**
 * Joins what was appended in small parts. While a block grows, eight parts of a level become one of the
 * next, so that each sample is written a few times and not with every scrape; a block that is past becomes
 * one part a bucket. Only the newest parts of a bucket are joined, so that the order of parts stays the
 * order in which they were written. Called by `Cache` in idle time.
 */
const partsTogether = 8;
/** After its end a block may still get samples: scrapes come late, and a tail overlaps. */
const settlesAfterMs = 600_000;
/** Of one step: about 40 ms. */
const bucketsPerStep = 1;

/** More stay in several parts: joining holds all of them in memory, 16 bytes each. */
const mostSamples = 4_000_000;

interface Crowded {
  readonly sourceId: number;
  readonly blockStartMs: number;
  readonly bucket: number;
}

interface PartRow {
  readonly id: number;
  readonly level: number;
  readonly isPared: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export class Compaction {
  readonly #database: SqliteDatabase;
  readonly #statements: StatementCache;

  constructor(database: SqliteDatabase, statements: StatementCache) {
    this.#database = database;
    this.#statements = statements;
  }

  /** @returns whether there may be more to join. */
  step(nowMs: number): boolean {
    const bounds = {
      partsTogether,
      settledBeforeMs: nowMs - blockMs - settlesAfterMs,
      limit: bucketsPerStep,
      mostSamples,
    };
    const crowded = this.#statements.all(sql.crowdedBuckets, bounds) as Crowded[];
    for (const bucket of crowded) {
      const isSettled = bucket.blockStartMs < bounds.settledBeforeMs;
      this.#database.transaction(() => this.#join(bucket, isSettled)).immediate();
    }
    return crowded.length > 0;
  }

  #join(of: Crowded, isSettled: boolean): void {
    const rows = this.#statements.all(sql.partsOfBucket, of) as PartRow[];
    const level = isSettled ? Number.POSITIVE_INFINITY : crowdedLevel(rows);
    const joined = rows.filter((row) => row.level <= level);
    const columns = joinedColumns(this.#statements, of.bucket, joined);
    const own = Math.max(...joined.map((row) => row.level)) + 1;
    for (const { id } of joined) this.#statements.run(sql.removePart, { id });
    const isPared = joined.every((row) => row.isPared === 1) ? 1 : 0;
    addPart(this.#statements, { ...of, level: own, isPared, columns });
  }
}

/** The highest level of which there are enough: with it all lower ones, which are newer, are joined. */
function crowdedLevel(rows: readonly PartRow[]): number {
  const counts = new Map<number, number>();
  for (const { level } of rows) counts.set(level, (counts.get(level) ?? 0) + 1);
  return Math.max(0, ...[...counts].filter(([, count]) => count >= partsTogether).map(([level]) => level));
}
