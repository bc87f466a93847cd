import type { StatementCache } from '../../statement-cache.ts';
import { labelTest } from '#shared/promql/model/matching.ts';
import { lastOfBlock } from './blocks.ts';
import { Coverage, keptSelection, type KeptSelection } from './coverage.ts';
import { addPart, joinedColumns } from './part-store.ts';
import { pairsOfText } from './series-table.ts';
import * as sql from './statements.ts';
import { cutWindows } from './windows.ts';

/**
 * Drops blocks of samples, the oldest first, and that they were covered. What an incident holds stays: the
 * block is pared down to the series that its selectors select. Used by `Eviction`.
 */
interface Block {
  readonly sourceId: number;
  readonly source: string;
  readonly blockStartMs: number;
}

interface PartRow {
  readonly id: number;
  readonly bucket: number;
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

  /** Drops blocks that end before a time. @returns how many. */
  drop(beforeMs: number, limit: number): number {
    let blocks = 0;
    let oldest = this.#oldest();
    while (blocks < limit && oldest !== undefined && lastOfBlock(oldest.blockStartMs) < beforeMs) {
      this.#forget(oldest);
      blocks++;
      oldest = this.#oldest();
    }
    if (blocks > 0) this.#statements.run(sql.removeUnusedSeries);
    return blocks;
  }

  #oldest(): Block | undefined {
    return this.#statements.get(sql.oldestUnpared) as Block | undefined;
  }

  #forget(block: Block): void {
    const { source, blockStartMs } = block;
    const rows = this.#statements.all(sql.pinnedSelections, { source, blockStartMs }) as {
      readonly id: number;
      readonly selector: string;
    }[];
    const pinned = rows.map(keptSelection);
    if (pinned.length === 0) {
      this.#statements.run(sql.removeBlock, block);
      this.#statements.run(sql.removeHistogramsOfBlock, block);
    } else this.#pare(block, pinned);
    this.#uncover(block, new Set(pinned.map(({ id }) => id)));
  }

  #pare(block: Block, pinned: readonly KeptSelection[]): void {
    const held = this.#heldSeries(block.sourceId, pinned);
    const rows = this.#statements.all(sql.partsOfBlock, block) as PartRow[];
    const buckets = Map.groupBy(rows, ({ bucket }) => bucket);
    for (const [bucket, parts] of buckets) {
      const columns = joinedColumns(this.#statements, bucket, parts, (id) => held.has(id));
      for (const { id } of parts) this.#statements.run(sql.removePart, { id });
      const level = Math.max(...parts.map((part) => part.level));
      if (columns.length > 0) addPart(this.#statements, { ...block, bucket, level, isPared: 1, columns });
    }
    for (const id of held) this.#statements.run(sql.holdSeries, { id });
    this.#statements.run(sql.removeUnheldHistograms, block);
    this.#statements.run(sql.pareHistograms, block);
  }

  #heldSeries(sourceId: number, pinned: readonly KeptSelection[]): Set<number> {
    const selections = pinned.map(({ matchers }) => matchers.map((matcher) => labelTest(matcher, 'v3')));
    const held = new Set<number>();
    for (const row of this.#statements.each(sql.seriesAfter, { sourceId, afterId: 0 })) {
      const { id, labels } = row as { readonly id: number; readonly labels: string };
      const values = new Map(pairsOfText(labels));
      const isHeld = selections.some((tests) =>
        tests.every(({ name, test }) => test(values.get(name) ?? '')),
      );
      if (isHeld) held.add(id);
    }
    return held;
  }

  #uncover({ source, blockStartMs }: Block, pinned: ReadonlySet<number>): void {
    const toMs = lastOfBlock(blockStartMs);
    for (const { id } of this.#coverage.selections(source)) {
      if (pinned.has(id)) continue;
      const around = this.#coverage.around(id, blockStartMs, toMs);
      this.#coverage.replace(id, around, cutWindows(around, blockStartMs, toMs));
    }
  }
}
