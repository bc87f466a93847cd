import { DamagedContent } from '../../database.ts';
import type { StatementCache } from '../../statement-cache.ts';
import { checksumOf, encodePart, Part, seriesPerPart, type Column } from './part-codec.ts';
import { DecodedWindows, type PartPlace } from './decoded-windows.ts';
import { slotOf } from './series-table.ts';
import * as sql from './statements.ts';

/** Parts of samples as rows: written, read back with their checksum, and joined. */
export interface PartToAdd {
  readonly sourceId: number;
  readonly blockStartMs: number;
  readonly bucket: number;
  /** How often its samples were joined with others. */
  readonly level: number;
  /** 1 where all that is left in it is held by incidents. */
  readonly isPared: number;
  readonly columns: readonly Column[];
}

export function addPart(statements: StatementCache, { columns, ...part }: PartToAdd): void {
  let [fromMs, toMs, samples] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const { timesMs } of columns) {
    fromMs = Math.min(fromMs, timesMs[0] ?? fromMs);
    toMs = Math.max(toMs, timesMs.at(-1) ?? toMs);
    samples += timesMs.length;
  }
  const data = encodePart(columns);
  statements.run(sql.addPart, { ...part, fromMs, toMs, samples, checksum: checksumOf(data), data });
}

/** @throws DamagedContent where it is not what was written. */
export function loadPart(statements: StatementCache, id: number): Part {
  const row = statements.get(sql.partData, { id }) as { checksum: number; data: Uint8Array } | undefined;
  if (row === undefined) throw new DamagedContent('a part of samples is gone');
  return checkedPart(row.data, checksumOf(row.data) === row.checksum);
}

/** @throws DamagedContent where the checksum was not its own, or it is no part all the same. */
export function checkedPart(data: Uint8Array, isWhole: boolean): Part {
  if (!isWhole) throw new DamagedContent('samples do not match their checksum');
  try {
    return new Part(data);
  } catch (error) {
    if (error instanceof RangeError) throw new DamagedContent(error.message);
    throw error;
  }
}

/**
 * All columns of parts of one bucket and block as one column a series.
 * @param places oldest first: at a moment that several have, the newest counts.
 * @param keeps which series by number; all unless given.
 */
export function joinedColumns(
  statements: StatementCache,
  bucket: number,
  places: readonly PartPlace[],
  keeps: (seriesId: number) => boolean = () => true,
): Column[] {
  const parts = new Map(places.map(({ id }) => [id, loadPart(statements, id)]));
  const ids = new Set<number>();
  for (const part of parts.values())
    for (let column = 0; column < part.columns; column++)
      ids.add(bucket * seriesPerPart + part.slotAt(column));
  const kept = [...ids].filter(keeps).sort((left, right) => left - right);
  const load = (id: number): Part => parts.get(id) ?? loadPart(statements, id);
  const windows = new DecodedWindows(Number.POSITIVE_INFINITY, load);
  const decoded = windows.read(kept, () => places, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  return decoded.map(({ timesMs, values }, index) => ({ slot: slotOf(kept[index] ?? 0), timesMs, values }));
}
