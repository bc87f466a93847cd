import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, schemaVersionOf, type SqliteDatabase } from '../database.ts';
import { cacheFile } from '../files.ts';
import { latestVersion } from '../migrate.ts';
import { cacheMigrations } from './migrations.ts';
import { CacheSampleSource, readerDefaults, type ReaderOptions } from './samples/sample-reader.ts';

/**
 * The cache's samples for a thread that only reads: a connection of its own beside that of the storage
 * thread. A cache that was thrown away and made anew is opened anew. Reading throws `DamagedContent` or
 * what SQLite throws: to whoever asks, such a cache holds nothing, and the storage thread mends it.
 */
export class CacheReader {
  readonly #path: string;
  readonly #options: ReaderOptions;
  #opened: Opened | null = null;

  /** @param options its memory is for each source that is asked for. */
  constructor(directory: string, options: Partial<ReaderOptions> = {}) {
    this.#path = join(directory, cacheFile);
    this.#options = { ...readerDefaults, ...options };
  }

  /** @returns null where there is no cache on disk, or one of another version. @throws what SQLite throws. */
  source(name: string): CacheSampleSource | null {
    const opened = this.#current();
    if (opened === null) return null;
    const known = opened.sources.get(name);
    if (known !== undefined) return known;
    const source = new CacheSampleSource(opened.database, name, this.#options);
    opened.sources.set(name, source);
    return source;
  }

  close(): void {
    this.#opened?.database.close();
    this.#opened = null;
  }

  #current(): Opened | null {
    const file = statSync(this.#path, { throwIfNoEntry: false });
    if (this.#opened !== null && file?.ino === this.#opened.file) return this.#opened;
    this.close();
    if (file?.isFile() !== true) return null;
    const database = openDatabase(this.#path, { readonly: true });
    if (schemaVersionOf(database) !== latestVersion(cacheMigrations)) {
      database.close();
      return null;
    }
    this.#opened = { database, file: file.ino, sources: new Map() };
    return this.#opened;
  }
}

interface Opened {
  readonly database: SqliteDatabase;
  /** The file's number: another file under the same name has another. */
  readonly file: number;
  readonly sources: Map<string, CacheSampleSource>;
}
