import type { SqliteDatabase } from '../database.ts';
import { StatementCache } from '../statement-cache.ts';
import { blockBounds, blockMs } from './samples/blocks.ts';
import { keptSelection } from './samples/coverage.ts';
import { CacheSampleSource, readerDefaults } from './samples/sample-reader.ts';
import * as sql from './samples/statements.ts';
import type { Window } from './samples/windows.ts';

/** What the cache covers, window by window, for a reader that only looks. */
export interface CoverageRow extends Window {
  readonly source: string;
  readonly selector: string;
  readonly series: number;
  readonly samples: number;
  /** What so many samples take on average in the blocks that it touches. */
  readonly bytes: number;
}

interface SelectionWindow extends Window {
  readonly selectionId: number;
  readonly source: string;
  readonly selector: string;
}

/** Since this version samples are kept by source. */
export const samplesBySourceVersion = 4;

/** By source, selector and time. Throws what SQLite throws, and `DamagedContent` for a damaged part. */
export function readCoverage(database: SqliteDatabase): CoverageRow[] {
  const statements = new StatementCache(database);
  const rows = statements.all(sql.allCoverage) as SelectionWindow[];
  const sources = new Map(
    rows.map(({ source }) => [source, new CacheSampleSource(database, source, readerDefaults)] as const),
  );
  return rows.map(({ selectionId, ...row }) => {
    const { matchers } = keptSelection({ id: selectionId, selector: row.selector });
    const series = new Set<unknown>();
    let samples = 0;
    const { firstBlockMs, lastBlockMs } = blockBounds(row);
    // Block by block: a window may hold more than one answer may carry.
    for (let startMs = firstBlockMs; startMs <= lastBlockMs; startMs += blockMs) {
      const fromMs = Math.max(row.fromMs, startMs);
      const toMs = Math.min(row.toMs, startMs + blockMs - 1);
      for (const { labels, timesMs } of sources.get(row.source)?.select(matchers, fromMs, toMs) ?? []) {
        samples += timesMs.length;
        series.add(labels);
      }
    }
    const bytesPerSample = statements.number(sql.bytesPerSample, {
      source: row.source,
      firstBlockMs,
      lastBlockMs,
    });
    return { ...row, series: series.size, samples, bytes: Math.round(samples * bytesPerSample) };
  });
}
