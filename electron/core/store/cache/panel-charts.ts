import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import { chartSchema, type Chart } from '#shared/model/series.ts';
import { decodeWire, encodeWire } from '#shared/wire.ts';
import { DamagedContent } from '../database.ts';
import type { StatementCache } from '../statement-cache.ts';
import * as sql from './statements.ts';

/**
 * The charts that panels drew last, for drawing again while their source does not answer; never input to a
 * query. Only so many are kept. Used by `Cache`; throws `DamagedContent` where one is not what it wrote.
 */
const maxCharts = 500;

export class PanelCharts {
  readonly #statements: StatementCache;

  constructor(statements: StatementCache) {
    this.#statements = statements;
  }

  put(key: string, chart: Chart, nowMs: number): void {
    const frame = encodeWire('core', chart);
    this.#statements.run(sql.putPanelChart, { key, nowMs, checksum: crc32(frame), chart: frame });
    this.#statements.run(sql.removeOldPanelCharts, { maxCharts });
  }

  find(key: string): Chart | null {
    const row = this.#statements.get(sql.findPanelChart, { key });
    return row === undefined ? null : chartOfRow(row as ChartRow, 'the chart of a panel');
  }
}

export interface ChartRow {
  readonly checksum: number;
  readonly chart: string | Uint8Array;
}

/** @param what it is, for the sentence of the `DamagedContent` that it throws. */
export function chartOfRow(row: ChartRow, what: string): Chart {
  // SQLite's buffer shares its memory with others; columns need a beginning of their own.
  const frame = typeof row.chart === 'string' ? row.chart : new Uint8Array(row.chart);
  const chart = v.safeParse(chartSchema, decodeWire(frame)?.message);
  if (crc32(frame) !== row.checksum || !chart.success) throw new DamagedContent(`${what} cannot be read`);
  return chart.output;
}
