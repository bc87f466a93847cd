import type { SqliteDatabase } from '../database.ts';
import { StatementCache } from '../statement-cache.ts';
import { blockBounds, decoded } from './sample-store.ts';
import { slice } from './samples.ts';
import * as sql from './statements.ts';
import type { Window } from './windows.ts';

/** What the cache covers, window by window, for a reader that only looks. */
export interface CoverageRow extends Window {
  readonly source: string;
  readonly selector: string;
  readonly series: number;
  readonly samples: number;
  /** Of the chunks that it touches, as stored. */
  readonly bytes: number;
}

interface SelectionWindow extends Window {
  readonly selectionId: number;
  readonly source: string;
  readonly selector: string;
  /** How many windows its selection has. */
  readonly windows: number;
}

interface Size {
  readonly series: number;
  readonly samples: number;
  readonly bytes: number;
}

/** By source, selector and time. Throws what SQLite throws, and `DamagedContent` for a damaged chunk. */
export function readCoverage(database: SqliteDatabase): CoverageRow[] {
  const statements = new StatementCache(database);
  const rows = statements.all(sql.allCoverage) as SelectionWindow[];
  return rows.map(({ selectionId, windows, ...row }) => {
    const blocks = { selectionId, ...blockBounds(row) };
    const size = statements.get(sql.selectionSize, blocks) as Size;
    // A block that two windows share is counted into each by what lies within it.
    return windows === 1 ? { ...row, ...size } : { ...row, ...size, ...countWithin(statements, blocks, row) };
  });
}

function countWithin(
  statements: StatementCache,
  blocks: object,
  { fromMs, toMs }: Window,
): Pick<Size, 'series' | 'samples'> {
  const chunks = statements.all(sql.chunksBetween, blocks) as {
    readonly seriesId: number;
    readonly data: Uint8Array;
  }[];
  const series = new Set<number>();
  let samples = 0;
  for (const { seriesId, data } of chunks) {
    const count = slice(decoded(data), fromMs, toMs).timesMs.length;
    samples += count;
    if (count > 0) series.add(seriesId);
  }
  return { series: series.size, samples };
}
