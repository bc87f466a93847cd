import type { Labels } from '#shared/model/labels.ts';
import type { Series } from '#shared/model/series.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { DamagedContent, type SqliteDatabase } from '../database.ts';
import type { StatementCache } from '../statement-cache.ts';
import { decodeChunk, encodeChunk, type Samples } from './chunk-codec.ts';
import { labelsOfText, textOfLabels } from './labels-text.ts';
import {
  blockMs,
  blocksOf,
  blockStartOf,
  joinSamples,
  mergeSamples,
  noSamples,
  samplesWithin,
  slice,
} from './samples.ts';
import * as sql from './statements.ts';
import { clipWindows, joinWindows, type Window } from './windows.ts';

/**
 * Raw samples in the cache, and where they are complete. What it holds always lies within a covered
 * window, so that an answer can tell "no samples" from "not known". Used by `Cache`;
 * it throws `DamagedContent` where a chunk is not what was written.
 */
interface Selection {
  readonly source: string;
  readonly selector: string;
}

export interface SamplesToKeep extends Selection {
  /** The window in which `series` is everything that the source has; both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly fetchedAtMs: number;
  /** The incident whose evidence it is: then it is never evicted. */
  readonly incidentId: number | null;
  readonly series: readonly Series[];
}

export interface KeptSamples {
  readonly series: readonly Series[];
  /** Where within the asked range the series are complete. Outside of these nothing is known. */
  readonly covered: readonly Window[];
  /** The last fetch that contributed; null where nothing is covered. */
  readonly fetchedAtMs: number | null;
}

interface CleanSeries {
  /** As `textOfLabels` writes them. */
  readonly labels: string;
  readonly samples: Samples;
}

export const nothingKept: KeptSamples = { series: [], covered: [], fetchedAtMs: null };

/** Most samples in one answer: 32 MB of columns. */
const maxSamplesRead = 2_000_000;

export class SampleStore {
  readonly #database: SqliteDatabase;
  readonly #statements: StatementCache;

  constructor(database: SqliteDatabase, statements: StatementCache) {
    this.#database = database;
    this.#statements = statements;
  }

  /** @returns a sentence where the input is not samples; nothing is written then. */
  put(input: SamplesToKeep): Result<void, string> {
    const fromMs = Math.ceil(input.fromMs);
    const toMs = Math.floor(input.toMs);
    const isWindow = Number.isSafeInteger(fromMs) && Number.isSafeInteger(toMs) && fromMs <= toMs;
    if (!isWindow || !Number.isFinite(input.fetchedAtMs)) return failed('its window is not a span of time');
    const cleaned: CleanSeries[] = [];
    for (const { labels, ...columns } of input.series) {
      const samples = samplesWithin(columns, fromMs, toMs);
      if (!samples.ok) return failed('of one series ' + samples.failure);
      cleaned.push({ labels: textOfLabels(labels), samples: samples.value });
    }
    const write = this.#database.transaction(() => {
      const selectionId =
        this.#findSelection(input) ?? idOf(this.#statements.get(sql.addSelection, keyOf(input)));
      for (const series of cleaned) this.#putSeries(selectionId, series);
      this.#cover(selectionId, { fromMs, toMs, fetchedAtMs: input.fetchedAtMs });
      const { incidentId } = input;
      if (incidentId !== null) this.#statements.run(sql.putPin, { selectionId, incidentId, fromMs, toMs });
    });
    write.immediate();
    return success(undefined);
  }

  /** @returns a sentence where the range holds more than one answer may carry. */
  read(source: string, selector: string, fromMs: number, toMs: number): Result<KeptSamples, string> {
    const selectionId = this.#findSelection({ source, selector });
    if (selectionId === null || !(fromMs <= toMs)) return success(nothingKept);
    const covered = clipWindows(this.#coverage(selectionId, fromMs, toMs), fromMs, toMs);
    if (covered.length === 0) return success(nothingKept);
    const blocks = { selectionId, ...blockBounds({ fromMs, toMs }) };
    if (this.#statements.number(sql.countSamples, blocks) > maxSamplesRead) {
      return failed('The range holds more than 2,000,000 samples');
    }
    return success({
      series: this.#seriesWithin(blocks, covered),
      covered,
      fetchedAtMs: Math.max(...covered.map((window) => window.fetchedAtMs)),
    });
  }

  #findSelection(of: Selection): number | null {
    const row = this.#statements.get(sql.findSelection, keyOf(of));
    return row === undefined ? null : idOf(row);
  }

  #putSeries(selectionId: number, { labels, samples }: CleanSeries): void {
    if (samples.timesMs.length === 0) return;
    const key = { selectionId, labels };
    const seriesId = idOf(
      this.#statements.get(sql.findSeries, key) ?? this.#statements.get(sql.addSeries, key),
    );
    for (const block of blocksOf(samples)) {
      const place = { selectionId, blockStartMs: block.startMs, seriesId };
      const merged = mergeSamples(this.#chunk(place), block.samples);
      const chunk = encodeChunk(merged);
      if (!chunk.ok) throw new Error('samples that were checked are no chunk: ' + chunk.failure);
      this.#statements.run(sql.putChunk, { ...place, samples: merged.timesMs.length, data: chunk.value });
    }
  }

  #chunk(place: object): Samples {
    const row = this.#statements.get(sql.findChunk, place) as { readonly data: Uint8Array } | undefined;
    return row === undefined ? noSamples : decoded(row.data);
  }

  #coverage(selectionId: number, fromMs: number, toMs: number): Window[] {
    return this.#statements.all(sql.coverageAround, { selectionId, fromMs, toMs }) as Window[];
  }

  #cover(selectionId: number, window: Window): void {
    const around = this.#coverage(selectionId, window.fromMs, window.toMs);
    for (const { fromMs } of around) this.#statements.run(sql.removeCoverage, { selectionId, fromMs });
    for (const joined of joinWindows([...around, window])) {
      this.#statements.run(sql.addCoverage, { selectionId, ...joined });
    }
  }

  #seriesWithin(blocks: object, covered: readonly Window[]): Series[] {
    const rows = this.#statements.all(sql.chunksBetween, blocks) as {
      readonly seriesId: number;
      readonly labels: string;
      readonly data: Uint8Array;
    }[];
    const found = new Map<number, { readonly labels: Labels; readonly pieces: Samples[] }>();
    for (const row of rows) {
      const chunk = decoded(row.data);
      const series = found.get(row.seriesId) ?? { labels: labelsOfText(row.labels, 'series'), pieces: [] };
      series.pieces.push(...covered.map((window) => slice(chunk, window.fromMs, window.toMs)));
      found.set(row.seriesId, series);
    }
    return [...found.values()]
      .map(({ labels, pieces }) => ({ labels, ...joinSamples(pieces) }))
      .filter((series) => series.timesMs.length > 0);
  }
}

/** The blocks that a window touches, as bounds for a statement. */
export function blockBounds(window: { readonly fromMs: number; readonly toMs: number }): {
  readonly firstBlockMs: number;
  readonly lastBlockMs: number;
} {
  return { firstBlockMs: blockStartOf(window.fromMs), lastBlockMs: blockStartOf(window.toMs) };
}

export function lastOfBlock(blockStartMs: number): number {
  return blockStartMs + blockMs - 1;
}

export function decoded(data: Uint8Array): Samples {
  const samples = decodeChunk(data);
  if (samples === undefined) throw new DamagedContent('a chunk of samples does not match its checksum');
  return samples;
}

function keyOf({ source, selector }: Selection): Selection {
  return { source, selector };
}

function idOf(row: unknown): number {
  return (row as { readonly id: number }).id;
}
