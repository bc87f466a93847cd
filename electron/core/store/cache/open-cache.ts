import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Notice } from '#shared/model/console.ts';
import { messageOf } from '#shared/result.ts';
import {
  applicationIdOf,
  DamagedContent,
  inMemory,
  openDatabase,
  schemaVersionOf,
  troubleOf,
  type SqliteDatabase,
} from '../database.ts';
import { cacheFile, freshFile, moveIntoPlace, quarantineName, removeDatabase, shapeOf } from '../files.ts';
import { latestVersion, migrate } from '../migrate.ts';
import { cacheInMemoryNotice, cacheRecreatedNotice } from '../notices.ts';
import { cacheApplicationId, cacheMigrations } from './migrations.ts';

/**
 * Opens the cache, fast and whatever its file looks like. All of it can be fetched again, so an unusable
 * one is thrown away with a notice, and one that may not be touched is left alone for a cache in memory.
 */
export interface OpenedCache {
  readonly database: SqliteDatabase;
  readonly isKept: boolean;
  readonly notices: readonly Notice[];
}

/** @param isLeftAlone in safe mode the file is not even opened. */
export function openCache(directory: string, isLeftAlone: boolean, nowMs: number): OpenedCache {
  if (isLeftAlone) return { database: openInMemory(), isKept: false, notices: [] };
  const path = join(directory, cacheFile);
  try {
    return openFile(path, nowMs);
  } catch (error) {
    if (troubleOf(error) === 'damaged') return recreateCache(directory, messageOf(error), nowMs);
    return aside(messageOf(error), nowMs);
  }
}

/** Throws the file away and starts empty. The connection to it must be closed. */
export function recreateCache(directory: string, cause: string, nowMs: number): OpenedCache {
  const path = join(directory, cacheFile);
  try {
    // What is no file was not made by us, so it is moved, not removed.
    if (shapeOf(path) === 'not-a-file') renameSync(path, quarantineName(path, nowMs));
    removeDatabase(path);
    createEmpty(path);
    return { ...openFile(path, nowMs), notices: [cacheRecreatedNotice(cause, nowMs)] };
  } catch (error) {
    return aside(messageOf(error), nowMs);
  }
}

function aside(cause: string, nowMs: number): OpenedCache {
  return { database: openInMemory(), isKept: false, notices: [cacheInMemoryNotice(cause, nowMs)] };
}

function openFile(path: string, nowMs: number): OpenedCache {
  const shape = shapeOf(path);
  if (shape === 'not-a-file') throw new DamagedContent('in its place is something that is not a file');
  if (shape === 'missing') createEmpty(path);
  const database = openDatabase(path);
  try {
    const version = schemaVersionOf(database);
    if (applicationIdOf(database) !== cacheApplicationId || version === 0)
      throw new DamagedContent('it is not a cache');
    if (version > latestVersion(cacheMigrations)) {
      database.close();
      return aside('it was written by a newer OpsSight', nowMs);
    }
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('journal_size_limit = 16777216');
    migrate(database, cacheMigrations);
    database.prepare('SELECT max(id) FROM sample_part').get();
    return { database, isKept: true, notices: [] };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** It appears under its name only when it is whole; space freed later can be given back to the disk. */
function createEmpty(path: string): void {
  const unfinished = freshFile(path + '.new');
  const database = openDatabase(unfinished);
  try {
    database.pragma('auto_vacuum = INCREMENTAL');
    migrate(database, cacheMigrations);
  } finally {
    database.close();
  }
  moveIntoPlace(unfinished, path);
}

function openInMemory(): SqliteDatabase {
  const database = openDatabase(inMemory);
  migrate(database, cacheMigrations);
  return database;
}
