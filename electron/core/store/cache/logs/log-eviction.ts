import { millisecondsOf } from '#shared/model/log.ts';
import type { StatementCache } from '../../statement-cache.ts';
import { columnTimeAt } from './spans.ts';
import * as sql from './statements.ts';

/**
 * Lets go of the oldest log lines that no incident holds, out of the table and the index at once; what is
 * dropped is no longer covered. Called by `Eviction`, within its transaction.
 */
export class LogEviction {
  readonly #statements: StatementCache;

  constructor(statements: StatementCache) {
    this.#statements = statements;
  }

  /** Of the oldest line that may be dropped; null where there is none. */
  oldestMs(): number | null {
    const row = this.#statements.get(sql.oldestLine) as { readonly timeNs: string } | undefined;
    return row === undefined ? null : millisecondsOf(row.timeNs);
  }

  /** @returns how many of the oldest lines before `beforeMs` were dropped, at most `limit`. */
  drop(beforeMs: number, limit: number): number {
    const beforeNs = columnTimeAt(beforeMs);
    const lines = this.#statements.all(sql.oldestLines, { beforeNs, limit }) as {
      readonly id: number;
      readonly streamId: number;
      readonly timeNs: string;
    }[];
    const last = lines.at(-1);
    if (last === undefined) return 0;
    for (const { id, streamId } of lines) {
      this.#statements.run(sql.removeLine, { id });
      this.#statements.run(sql.removeLineText, { id });
      this.#statements.run(sql.countIntoStream, { streamId, lines: -1 });
    }
    this.cutCoverage(BigInt(last.timeNs) + 1n);
    this.#statements.run(sql.removeEmptyStreams);
    return lines.length;
  }

  /**
   * Rewrites some of the index without what was dropped from it: only that gives its room back, once a tenth
   * of a part of it is gone.
   * @returns whether there was anything to rewrite.
   */
  compact(): boolean {
    const before = this.#statements.number(sql.totalChanges);
    this.#statements.run(sql.mergeLineText, { pages: pagesMerged });
    // By SQLite's documentation a merge that did nothing changes less than two rows.
    return this.#statements.number(sql.totalChanges) - before >= 2;
  }

  /** Before this time nothing is complete any more. */
  cutCoverage(beforeNs: bigint): void {
    this.#statements.run(sql.endLogCoverage, { beforeNs });
    this.#statements.run(sql.cutLogCoverage, { beforeNs });
    this.#statements.run(sql.removeEmptyScopes);
  }
}

/** Of the index, rewritten at once: a few ten milliseconds. */
const pagesMerged = 256;
