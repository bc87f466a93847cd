import { dayMs, hourMs, minuteMs } from '#shared/time.ts';
import type { SqliteDatabase } from '../../database.ts';
import type { StatementCache } from '../../statement-cache.ts';
import { blockMs } from './blocks.ts';
import { summarised, type BandColumns } from './band-columns.ts';
import { checksumOf, encodePart } from './part-codec.ts';
import { checkedPart, joinedColumns } from './part-store.ts';
import * as sql from './statements.ts';

/**
 * What is left of samples once they are gone: least, mean, most and count of every five minutes for three
 * months, of every hour for a year. Made in idle time, long before the samples go. They are for drawing as
 * bands and never samples: any other question about their time is unanswered. Called by `Cache`.
 */
export const fiveMinutesMs = 5 * minuteMs;
const settlesAfterMs = 600_000;
const keptMs = { fiveMinutes: 91 * dayMs, hours: 365 * dayMs } as const;

interface Unsummarised {
  readonly sourceId: number;
  readonly bucket: number;
  readonly fromMs: number;
}

export interface BandRow {
  readonly fromMs: number;
  readonly checksum: number;
  readonly least: Uint8Array;
  readonly mean: Uint8Array;
  readonly most: Uint8Array;
  readonly count: Uint8Array;
}

export class Bands {
  readonly #database: SqliteDatabase;
  readonly #statements: StatementCache;

  constructor(database: SqliteDatabase, statements: StatementCache) {
    this.#database = database;
    this.#statements = statements;
  }

  /** Summarises one bucket of a block, or of a day. @returns whether there may be more to do. */
  step(nowMs: number): boolean {
    const settledMs = nowMs - settlesAfterMs;
    const block = this.#find(sql.blockWithoutBands, settledMs - blockMs);
    if (block !== undefined) {
      this.#database.transaction(() => this.#summariseBlock(block)).immediate();
      return true;
    }
    const day = this.#find(sql.dayWithoutHours, settledMs - dayMs);
    if (day === undefined) return false;
    this.#database.transaction(() => this.#summariseDay(day)).immediate();
    return true;
  }

  /** Drops what is past its time. @returns how many rows. */
  retain(nowMs: number, limit: number): number {
    const tiers = [
      { tierMs: fiveMinutesMs, beforeMs: nowMs - keptMs.fiveMinutes },
      { tierMs: hourMs, beforeMs: nowMs - keptMs.hours },
    ];
    return tiers.reduce(
      (sum, tier) => sum + this.#statements.run(sql.removeOldBands, { ...tier, limit }).changes,
      0,
    );
  }

  /** Of the oldest row, the start; of a day of hours its end, so that it outlives what it was made of. */
  oldestMs(): number | null {
    const row = this.#statements.get(sql.oldestBand) as { readonly ageMs: number } | undefined;
    return row?.ageMs ?? null;
  }

  /** Drops the oldest. @returns how many rows. */
  drop(limit: number): number {
    return this.#statements.run(sql.removeOldestBands, { limit }).changes;
  }

  #find(statement: string, beforeMs: number): Unsummarised | undefined {
    return this.#statements.get(statement, { beforeMs }) as Unsummarised | undefined;
  }

  #summariseBlock({ sourceId, bucket, fromMs }: Unsummarised): void {
    const places = this.#statements.all(sql.partsOfBucket, { sourceId, bucket, blockStartMs: fromMs }) as {
      readonly id: number;
      readonly fromMs: number;
      readonly toMs: number;
    }[];
    const columns = joinedColumns(this.#statements, bucket, places);
    const whole = columns.map(({ slot, timesMs, values }) => {
      const count = new Float64Array(values.length).fill(1);
      return { slot, timesMs, least: values, mean: values, most: values, count };
    });
    this.#add({ sourceId, bucket, fromMs, tierMs: fiveMinutesMs }, summarised(whole, fiveMinutesMs));
  }

  #summariseDay({ sourceId, bucket, fromMs }: Unsummarised): void {
    const range = { sourceId, bucket, tierMs: fiveMinutesMs, fromMs, toMs: fromMs + dayMs - 1 };
    const rows = this.#statements.all(sql.bandsBetween, range) as BandRow[];
    this.#add({ sourceId, bucket, fromMs, tierMs: hourMs }, summarised(rows.flatMap(columnsOfBand), hourMs));
  }

  #add(place: Unsummarised & { readonly tierMs: number }, columns: readonly BandColumns[]): void {
    const encoded = (name: 'least' | 'mean' | 'most' | 'count'): Uint8Array =>
      encodePart(
        columns.map((column) => ({ slot: column.slot, timesMs: column.timesMs, values: column[name] })),
      );
    const row = {
      least: encoded('least'),
      mean: encoded('mean'),
      most: encoded('most'),
      count: encoded('count'),
    };
    this.#statements.run(sql.addBand, { ...place, ...row, checksum: checksumOfBand(row) });
  }
}

/** @throws DamagedContent where it is not what was written. */
export function columnsOfBand(row: BandRow): BandColumns[] {
  const isWhole = checksumOfBand(row) === row.checksum;
  const [least, mean, most, count] = [row.least, row.mean, row.most, row.count].map((data) =>
    checkedPart(data, isWhole),
  );
  if (least === undefined || mean === undefined || most === undefined || count === undefined) return [];
  return least.all().map(({ slot, timesMs, values }) => {
    const own = { mean: mean.valuesOf(slot), most: most.valuesOf(slot), count: count.valuesOf(slot) };
    return { slot, timesMs, least: values, ...own };
  });
}

function checksumOfBand({ least, mean, most, count }: Omit<BandRow, 'fromMs' | 'checksum'>): number {
  return [least, mean, most, count].reduce((checksum, data) => checksumOf(data, checksum), 0);
}
