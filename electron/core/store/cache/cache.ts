import { statSync } from 'node:fs';
import { join } from 'node:path';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';
import type { Chart } from '#shared/model/series.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import { dayMs, hourMs } from '#shared/time.ts';
import { closeDatabase, troubleOf, type SqliteDatabase } from '../database.ts';
import { failureOf } from '../failures.ts';
import { cacheFile } from '../files.ts';
import { evictedNotice } from '../notices.ts';
import { StatementCache } from '../statement-cache.ts';
import { Eviction, nothingEvicted } from './eviction.ts';
import { Keepsakes } from './keepsakes.ts';
import { openCache, recreateCache } from './open-cache.ts';
import { nothingKept, SampleStore, type KeptSamples, type SamplesToKeep } from './sample-store.ts';

/**
 * The cache as the storage thread uses it: everything that can be fetched again. Damage that shows at any
 * time ends in an empty cache and a notice; a read that fails answers that nothing is kept.
 */
export interface CachePlace {
  readonly directory: string;
  /** In safe mode the file is left alone, and what is put is kept in memory. */
  readonly isLeftAlone: boolean;
  readonly onNotice: (notice: Notice) => void;
}

/** Unpinned samples are kept at full resolution for this long. */
const retentionMs = 7 * dayMs;

export class Cache {
  readonly #place: CachePlace;
  #database: SqliteDatabase;
  #isKept: boolean;
  #parts: Parts;
  #retainedAtMs = Number.NEGATIVE_INFINITY;

  constructor(place: CachePlace, nowMs: number) {
    const opened = openCache(place.directory, place.isLeftAlone, nowMs);
    opened.notices.forEach(place.onNotice);
    this.#place = place;
    this.#database = opened.database;
    this.#isKept = opened.isKept;
    this.#parts = partsOf(opened.database);
  }

  putSamples(input: SamplesToKeep, nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ samples }) => {
      const put = samples.put(input);
      if (put.ok) return put;
      return failed(
        commandFailure('invalid-input', put.failure + '.', 'The samples are not kept; report this.'),
      );
    });
  }

  samples(source: string, selector: string, fromMs: number, toMs: number, nowMs: number): KeptSamples {
    return this.#read(nowMs, nothingKept, ({ samples }) => {
      const found = samples.read(source, selector, fromMs, toMs);
      return found.ok ? found.value : nothingKept;
    });
  }

  putDrawing(incidentId: number, chart: Chart, nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ keepsakes }) => success(keepsakes.putDrawing(incidentId, chart)));
  }

  drawing(incidentId: number, nowMs: number): Chart | null {
    return this.#read(nowMs, null, ({ keepsakes }) => keepsakes.drawing(incidentId));
  }

  putHealth(sources: readonly SourceHealth[], nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ keepsakes }) => success(keepsakes.putHealth(sources)));
  }

  health(nowMs: number): SourceHealth[] {
    return this.#read(nowMs, [], ({ keepsakes }) => keepsakes.health());
  }

  forgetIncidentsAfter(lastIncidentId: number, nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ keepsakes }) => success(keepsakes.forgetIncidentsAfter(lastIncidentId)));
  }

  /**
   * One step of idle work: drops what is past its retention, then the oldest over `maxBytes`.
   * @returns whether there is more to do.
   */
  maintain(maxBytes: number, nowMs: number): boolean {
    return this.#read(nowMs, false, ({ eviction }) => {
      const isRetentionDue = Math.abs(nowMs - this.#retainedAtMs) >= hourMs;
      const old = isRetentionDue ? eviction.retain(nowMs - retentionMs) : nothingEvicted;
      if (isRetentionDue && !old.isMore) this.#retainedAtMs = nowMs;
      const over = eviction.evict(maxBytes);
      if (over.blocks > 0) this.#place.onNotice(evictedNotice(over.oldestKeptMs ?? nowMs, maxBytes, nowMs));
      if (this.#isKept) this.#database.pragma('wal_checkpoint(TRUNCATE)');
      return old.isMore || over.isMore;
    });
  }

  /** Size of the file, and of what is in it. */
  size(): { readonly fileBytes: number; readonly usedBytes: number } {
    const path = join(this.#place.directory, cacheFile);
    const fileBytes = this.#isKept ? (statSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0;
    return { fileBytes, usedBytes: this.#parts.eviction.usedBytes() };
  }

  close(): void {
    closeDatabase(this.#database);
  }

  #read<Value>(nowMs: number, otherwise: Value, work: (parts: Parts) => Value): Value {
    try {
      return work(this.#parts);
    } catch (error) {
      this.#startOverIfDamaged(error, nowMs);
      return otherwise;
    }
  }

  #write(nowMs: number, work: (parts: Parts) => Result<void, CommandFailure>): Result<void, CommandFailure> {
    try {
      return work(this.#parts);
    } catch (error) {
      if (!this.#startOverIfDamaged(error, nowMs)) return failed(failureOf(error, 'The cache'));
    }
    try {
      return work(this.#parts);
    } catch (error) {
      return failed(failureOf(error, 'The cache'));
    }
  }

  /** @returns whether there is a new, empty cache now. */
  #startOverIfDamaged(error: unknown, nowMs: number): boolean {
    if (troubleOf(error) !== 'damaged' || !this.#isKept) return false;
    this.#database.close();
    const opened = recreateCache(this.#place.directory, messageOf(error), nowMs);
    this.#database = opened.database;
    this.#isKept = opened.isKept;
    this.#parts = partsOf(opened.database);
    opened.notices.forEach(this.#place.onNotice);
    return true;
  }
}

interface Parts {
  readonly samples: SampleStore;
  readonly keepsakes: Keepsakes;
  readonly eviction: Eviction;
}

function partsOf(database: SqliteDatabase): Parts {
  const statements = new StatementCache(database);
  return {
    samples: new SampleStore(database, statements),
    keepsakes: new Keepsakes(database, statements),
    eviction: new Eviction(database, statements),
  };
}
