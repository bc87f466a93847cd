import { crc32 } from 'node:zlib';
import { DamagedContent, type SqliteDatabase } from '../../database.ts';
import type { Conversion } from '../../migrate.ts';
import { blockMs, blockStartOf } from '../samples/blocks.ts';
import { mergeSamples, type Samples } from '../samples/columns.ts';
import { encodePart } from '../samples/part-codec.ts';
import { readSelector } from '../samples/selector.ts';
import { bucketOf, pairsOfText, slotOf, textOfSeries } from '../samples/series-table.ts';
import { clipWindows, joinWindows, type Window } from '../samples/windows.ts';
import { labelsOfText } from '../labels-text.ts';
import { decodeChunk } from './chunk-codec.ts';

/**
 * Moves what incidents hold of a cache of version 3 into the tables of version 4, with its own SQL, since
 * those of later versions may differ. Selections that are the same in other words become one.
 */
export const movePinnedSamples: Conversion = {
  name: 'samples that incidents hold',
  run: (database) => {
    const selections = pinnedSelections(database);
    const series = pinnedSeries(database);
    database.exec('DELETE FROM pin; DELETE FROM coverage; DELETE FROM selection');
    for (const selection of selections) addSelection(database, selection);
    for (const [source, ofSource] of Map.groupBy(series, (one) => one.source))
      addSeries(database, source, ofSource);
  },
};

interface Selection {
  readonly source: string;
  readonly selector: string;
  readonly pins: readonly Pin[];
  readonly coverage: readonly Window[];
}

interface Pin {
  readonly incidentId: number;
  readonly fromMs: number;
  readonly toMs: number;
}

interface PinnedSeries {
  readonly source: string;
  readonly labels: string;
  readonly blockStartMs: number;
  readonly samples: Samples;
}

/** With what of their coverage lies in a block that is pinned: only there samples stay. */
function pinnedSelections(database: SqliteDatabase): Selection[] {
  const pinsOf = database.prepare(`
    SELECT incident_id AS incidentId, from_ms AS fromMs, to_ms AS toMs FROM pin WHERE selection_id = ?`);
  const coverageOf = database.prepare(`
    SELECT from_ms AS fromMs, to_ms AS toMs, fetched_at_ms AS fetchedAtMs FROM coverage WHERE selection_id = ?`);
  const rows = database
    .prepare(
      `SELECT id, source, selector FROM selection WHERE id IN (SELECT selection_id FROM pin) ORDER BY id`,
    )
    .all() as { readonly id: number; readonly source: string; readonly selector: string }[];
  return rows.flatMap(({ id, source, selector }) => {
    const read = readSelector(selector);
    // Ours were read from expressions that parsed: one that is none was held for nobody.
    if (!read.ok) return [];
    const pins = pinsOf.all(id) as Pin[];
    const coverage = joinWindows(
      pins.flatMap(({ fromMs, toMs }) =>
        clipWindows(coverageOf.all(id) as Window[], blockStartOf(fromMs), blockStartOf(toMs) + blockMs - 1),
      ),
    );
    return [{ source, selector: read.value.text, pins, coverage }];
  });
}

function pinnedSeries(database: SqliteDatabase): PinnedSeries[] {
  const rows = database
    .prepare(`
    SELECT source, labels, block_start_ms AS blockStartMs, data FROM chunk
    JOIN selection ON selection.id = chunk.selection_id JOIN series ON series.id = chunk.series_id
    WHERE EXISTS (SELECT 1 FROM pin WHERE pin.selection_id = chunk.selection_id
      AND pin.from_ms < block_start_ms + 7200000 AND pin.to_ms >= block_start_ms) ORDER BY chunk.id`)
    .all() as (Omit<PinnedSeries, 'samples'> & { readonly data: Uint8Array })[];
  const found = new Map<string, PinnedSeries>();
  for (const { data, ...row } of rows) {
    const samples = decodeChunk(data);
    if (samples === undefined) throw new DamagedContent('a chunk of samples does not match its checksum');
    const labels = textOfSeries(labelsOfText(row.labels, 'series'));
    const key = JSON.stringify([row.source, row.blockStartMs, labels]);
    const other = found.get(key);
    const all = other === undefined ? samples : mergeSamples(other.samples, samples);
    if (all.timesMs.length > 0) found.set(key, { ...row, labels, samples: all });
  }
  return [...found.values()];
}

function addSelection(database: SqliteDatabase, { source, selector, pins, coverage }: Selection): void {
  database.prepare(`INSERT OR IGNORE INTO selection (source, selector) VALUES (?, ?)`).run(source, selector);
  const id = database
    .prepare(`SELECT id FROM selection WHERE source = ? AND selector = ?`)
    .pluck()
    .get(source, selector);
  const addPin = database.prepare(`
    INSERT INTO pin (selection_id, incident_id, from_ms, to_ms) VALUES (?, ?, ?, ?)
    ON CONFLICT (selection_id, incident_id) DO UPDATE SET from_ms = min(from_ms, excluded.from_ms),
      to_ms = max(to_ms, excluded.to_ms)`);
  for (const { incidentId, fromMs, toMs } of pins) addPin.run(id, incidentId, fromMs, toMs);
  const before = database
    .prepare(
      `SELECT from_ms AS fromMs, to_ms AS toMs, fetched_at_ms AS fetchedAtMs FROM coverage WHERE selection_id = ?`,
    )
    .all(id) as Window[];
  database.prepare(`DELETE FROM coverage WHERE selection_id = ?`).run(id);
  const addWindow = database.prepare(`INSERT INTO coverage VALUES (?, ?, ?, ?)`);
  for (const { fromMs, toMs, fetchedAtMs } of joinWindows([...before, ...coverage]))
    addWindow.run(id, fromMs, toMs, fetchedAtMs);
}

function addSeries(database: SqliteDatabase, source: string, series: readonly PinnedSeries[]): void {
  const sourceId = database
    .prepare(`INSERT INTO sample_source (name) VALUES (?) RETURNING id`)
    .pluck()
    .get(source);
  const addOne = database
    .prepare(`
    INSERT INTO sample_series (source_id, digest, metric_digest, until_block_ms, is_held, labels)
    VALUES (?, ?, ?, ?, 1, ?) RETURNING id`)
    .pluck();
  const ids = new Map<string, number>();
  for (const [labels, blocks] of Map.groupBy(series, (one) => one.labels)) {
    const untilBlockMs = Math.max(...blocks.map(({ blockStartMs }) => blockStartMs));
    const metric = new Map(pairsOfText(labels)).get('__name__') ?? '';
    ids.set(labels, Number(addOne.get(sourceId, crc32(labels), crc32(metric), untilBlockMs, labels)));
  }
  const addPart = database.prepare(`
    INSERT INTO sample_part (
      source_id, block_start_ms, bucket, level, is_pared, from_ms, to_ms, samples, checksum, data)
    VALUES (?, ?, ?, 0, 1, ?, ?, ?, ?, ?)`);
  const parts = Map.groupBy(
    series,
    ({ labels, blockStartMs }) => `${blockStartMs} ${bucketOf(ids.get(labels) ?? 0)}`,
  );
  for (const part of parts.values()) {
    const [first] = part;
    if (first === undefined) continue;
    const columns = part.map(({ labels, samples }) => ({ slot: slotOf(ids.get(labels) ?? 0), ...samples }));
    const data = encodePart(columns);
    const fromMs = Math.min(...columns.map(({ timesMs }) => timesMs[0] ?? Infinity));
    const toMs = Math.max(...columns.map(({ timesMs }) => timesMs.at(-1) ?? -Infinity));
    const samples = columns.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
    const bucket = bucketOf(ids.get(first.labels) ?? 0);
    addPart.run(sourceId, first.blockStartMs, bucket, fromMs, toMs, samples, crc32(data), data);
  }
}
