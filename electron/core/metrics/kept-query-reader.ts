import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openCacheForReading } from '#core/store/cache/read-cache.ts';
import { CacheSampleSource, readerDefaults } from '#core/store/cache/samples/sample-reader.ts';
import { troubleOf, type SqliteDatabase } from '#core/store/database.ts';
import { cacheFile } from '#core/store/files.ts';
import { messageOf } from '#shared/result.ts';
import type { QueryLimits } from './kept-coverage.ts';
import { answerKept, type KeptQuestion, type QueryTraits } from './kept-query.ts';
import type { KeptReading } from './query-protocol.ts';

/**
 * Answers questions from the cache of a data folder, which it opens when there is something to ask, only
 * reads, and follows where another takes its place. What a query thread does between its messages.
 */

/** Decoded samples of one source stay for the next query; those of the one before last go. */
const mostSources = 2;
/** Two threads hold as much as the engine's bench allows for one. */
const decodedBytes = 64 * 1_048_576;
/** Labels that queries made, of aggregations and the like, stay for the next query up to so much. */
const mostMadeLabelBytes = 64 * 1_048_576;

interface OpenCache {
  readonly database: SqliteDatabase;
  /** The file itself: a cache that was thrown away has another one in its place. */
  readonly inode: number;
  /** By source and semantics, the one asked last at the end. */
  readonly sources: Map<string, CacheSampleSource>;
}

export class KeptQueryReader {
  readonly #madeLabelBytes: number;
  #cache: OpenCache | null = null;

  constructor(madeLabelBytes = mostMadeLabelBytes) {
    this.#madeLabelBytes = madeLabelBytes;
  }

  answer(dataDirectory: string, question: KeptQuestion, limits: QueryLimits): KeptReading {
    const opened = this.#current(dataDirectory);
    if (typeof opened === 'string') return { kind: 'unreadable', cause: opened, isDamaged: false };
    const samples = sourceOf(opened, question.source, question.traits, this.#madeLabelBytes);
    try {
      // One moment of the cache: what is covered cannot be evicted before it is read.
      return opened.database.transaction(() => answerKept(samples, question, limits)).deferred();
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === 'other') throw error;
      this.close();
      return { kind: 'unreadable', cause: messageOf(error), isDamaged: trouble === 'damaged' };
    }
  }

  close(): void {
    this.#cache?.database.close();
    this.#cache = null;
  }

  /** @returns why there is none, in words that continue a sentence. */
  #current(dataDirectory: string): OpenCache | string {
    const inode = statSync(join(dataDirectory, cacheFile), { throwIfNoEntry: false })?.ino ?? 0;
    if (this.#cache?.inode === inode) return this.#cache;
    this.close();
    const opened = openCacheForReading(dataDirectory);
    if (!opened.ok) return opened.failure;
    this.#cache = { database: opened.value, inode, sources: new Map() };
    return this.#cache;
  }
}

function sourceOf(
  { database, sources }: OpenCache,
  name: string,
  { semantics }: QueryTraits,
  madeLabelBytes: number,
): CacheSampleSource {
  const key = `${semantics} ${name}`;
  const known = sources.get(key);
  // Labels cannot go one by one: whatever compares them relies on there being one of each.
  const isFit = known !== undefined && known.madeLabelBytes <= madeLabelBytes;
  const source = isFit
    ? known
    : new CacheSampleSource(database, name, { ...readerDefaults, decodedBytes, semantics });
  sources.delete(key);
  sources.set(key, source);
  for (const oldest of sources.keys()) {
    if (sources.size <= mostSources) break;
    sources.delete(oldest);
  }
  return source;
}
