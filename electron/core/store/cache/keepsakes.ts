import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import type { Chart } from '#shared/model/series.ts';
import { sourceHealthSchema, type SourceHealth } from '#shared/model/source.ts';
import { encodeWire } from '#shared/wire.ts';
import { DamagedContent, type SqliteDatabase } from '../database.ts';
import type { StatementCache } from '../statement-cache.ts';
import { chartOfRow, type ChartRow } from './panel-charts.ts';
import * as sql from './statements.ts';

/**
 * What the cache keeps as it was last seen: the drawing of each incident, the health of each source. A
 * drawing is for drawing again, never input to a query. Used by `Cache`; throws `DamagedContent` where
 * what it finds is not what it wrote.
 */
export class Keepsakes {
  readonly #database: SqliteDatabase;
  readonly #statements: StatementCache;

  constructor(database: SqliteDatabase, statements: StatementCache) {
    this.#database = database;
    this.#statements = statements;
  }

  putDrawing(incidentId: number, chart: Chart): void {
    const frame = encodeWire('core', chart);
    this.#statements.run(sql.putDrawing, { incidentId, checksum: crc32(frame), chart: frame });
  }

  drawing(incidentId: number): Chart | null {
    const row = this.#statements.get(sql.findDrawing, { incidentId });
    return row === undefined ? null : chartOfRow(row as ChartRow, 'a drawing');
  }

  putText(name: string, text: string): void {
    this.#statements.run(sql.putText, { name, text });
  }

  text(name: string): string | null {
    const row = this.#statements.get(sql.findText, { name }) as { readonly text: string } | undefined;
    return row?.text ?? null;
  }

  /** Replaces all that was known. */
  putHealth(sources: readonly SourceHealth[]): void {
    const write = this.#database.transaction(() => {
      this.#statements.run(sql.clearHealth);
      for (const health of sources) {
        this.#statements.run(sql.addHealth, { name: health.name, health: JSON.stringify(health) });
      }
    });
    write.immediate();
  }

  health(): SourceHealth[] {
    const rows = this.#statements.all(sql.allHealth) as { readonly health: string }[];
    return rows.map(({ health }) => {
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), sourceHealthSchema), health);
      if (!parsed.success) throw new DamagedContent('the health of a source cannot be read');
      return parsed.output;
    });
  }

  /** Incidents after the last one of the journal are of a journal that was lost: their numbers come again. */
  forgetIncidentsAfter(lastIncidentId: number): void {
    this.#statements.run(sql.removeLaterDrawings, { lastIncidentId });
  }
}
