import type { StatementCache } from '../../statement-cache.ts';
import { labelTest } from '#shared/promql/model/matching.ts';
import { lastOfBlock } from './blocks.ts';
import { Coverage, keptSelection, type KeptSelection } from './coverage.ts';
import { addPart, joinedColumns } from './part-store.ts';
import { seriesPerPart } from './part-codec.ts';
import { pairsOfText } from './series-table.ts';
import * as sql from './statements.ts';
import { cutWindows } from './windows.ts';

/**
 * Drops samples, the oldest first and one bucket of a block at a time, and that the block was covered. What
 * an incident holds stays: the bucket is pared down to the series that its selectors select. Used by
 * `Eviction`.
 */
interface Bucket {
  readonly sourceId: number;
  readonly source: string;
  readonly blockStartMs: number;
  /** Null where a block has native histograms and nothing else. */
  readonly bucket: number | null;
}

interface PartRow {
  readonly id: number;
  readonly level: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export class SampleEviction {
  readonly #statements: StatementCache;
  readonly #coverage: Coverage;

  constructor(statements: StatementCache) {
    this.#statements = statements;
    this.#coverage = new Coverage(statements);
  }

  /** Start of the oldest block of which there is something to drop. */
  oldestMs(): number | null {
    return this.#oldest()?.blockStartMs ?? null;
  }

  /** Drops buckets of blocks that end before a time. @returns how many. */
  drop(beforeMs: number, limit: number): number {
    let dropped = 0;
    let oldest = this.#oldest();
    while (dropped < limit && oldest !== undefined && lastOfBlock(oldest.blockStartMs) < beforeMs) {
      this.#forget(oldest);
      dropped++;
      const next = this.#oldest();
      if (next?.blockStartMs !== oldest.blockStartMs) this.#forgetSeries(oldest.sourceId);
      oldest = next;
    }
    return dropped;
  }

  #oldest(): Bucket | undefined {
    return this.#statements.get(sql.oldestUnpared) as Bucket | undefined;
  }

  #forget(of: Bucket): void {
    const { source, blockStartMs, bucket } = of;
    const rows = this.#statements.all(sql.pinnedSelections, { source, blockStartMs }) as {
      readonly id: number;
      readonly selector: string;
    }[];
    const pinned = rows.map(keptSelection);
    this.#uncover(of, new Set(pinned.map(({ id }) => id)));
    if (bucket === null) return this.#forgetHistograms(of, pinned);
    const parts = this.#statements.all(sql.partsOfBucket, of) as PartRow[];
    if (pinned.length > 0) this.#keepHeld(of, bucket, parts, pinned);
    for (const { id } of parts) this.#statements.run(sql.removePart, { id });
  }

  /** Writes what is held of a bucket as a part of its own. */
  #keepHeld(of: Bucket, bucket: number, parts: readonly PartRow[], pinned: readonly KeptSelection[]): void {
    const firstId = bucket * seriesPerPart;
    const held = this.#heldSeries(of.sourceId, firstId, firstId + seriesPerPart - 1, pinned);
    const columns = joinedColumns(this.#statements, bucket, parts, (id) => held.has(id));
    const level = Math.max(...parts.map((part) => part.level));
    if (columns.length > 0) addPart(this.#statements, { ...of, bucket, level, isPared: 1, columns });
  }

  #forgetHistograms(of: Bucket, pinned: readonly KeptSelection[]): void {
    if (pinned.length > 0) this.#heldSeries(of.sourceId, 0, Number.MAX_SAFE_INTEGER, pinned);
    this.#statements.run(pinned.length > 0 ? sql.removeUnheldHistograms : sql.removeHistogramsOfBlock, of);
    this.#statements.run(sql.pareHistograms, of);
  }

  /** Series between two numbers that a selector selects; they are marked, so that their labels stay. */
  #heldSeries(
    sourceId: number,
    firstId: number,
    lastId: number,
    pinned: readonly KeptSelection[],
  ): Set<number> {
    const selections = pinned.map(({ matchers }) => matchers.map((matcher) => labelTest(matcher, 'v3')));
    const rows = this.#statements.all(sql.seriesBetween, { sourceId, firstId, lastId }) as {
      readonly id: number;
      readonly labels: string;
    }[];
    const held = new Set<number>();
    for (const { id, labels } of rows) {
      const values = new Map(pairsOfText(labels));
      const isHeld = selections.some((tests) =>
        tests.every(({ name, test }) => test(values.get(name) ?? '')),
      );
      if (!isHeld) continue;
      held.add(id);
      this.#statements.run(sql.holdSeries, { id });
    }
    return held;
  }

  /** Those of which nothing is left but their labels. */
  #forgetSeries(sourceId: number): void {
    const oldestMs = this.#statements.number(sql.oldestOfSource, { sourceId });
    this.#statements.run(sql.removeUnusedSeries, { sourceId, oldestMs });
  }

  #uncover({ source, blockStartMs }: Bucket, pinned: ReadonlySet<number>): void {
    const toMs = lastOfBlock(blockStartMs);
    for (const { id } of this.#coverage.selections(source)) {
      if (pinned.has(id)) continue;
      const around = this.#coverage.around(id, blockStartMs, toMs);
      this.#coverage.replace(id, around, cutWindows(around, blockStartMs, toMs));
    }
  }
}
