import { join } from 'node:path';
import { messageOf, failed, success, type Result } from '#shared/result.ts';
import { applicationIdOf, openDatabase, schemaVersionOf, type SqliteDatabase } from '../database.ts';
import { cacheFile } from '../files.ts';
import { latestVersion } from '../migrate.ts';
import { cacheApplicationId, cacheMigrations } from './migrations.ts';

/**
 * Opens the cache for reading only, beside the storage thread that owns it.
 * @returns a sentence where there is none to read: in safe mode, or where the cache is in memory.
 */
export function openCacheForReading(dataDirectory: string): Result<SqliteDatabase, string> {
  let database: SqliteDatabase | undefined;
  try {
    database = openDatabase(join(dataDirectory, cacheFile), { readonly: true });
    const isOurs =
      applicationIdOf(database) === cacheApplicationId &&
      schemaVersionOf(database) === latestVersion(cacheMigrations);
    if (isOurs) return success(database);
    database.close();
    return failed('the cache is not one of this version');
  } catch (error) {
    database?.close();
    return failed(`the cache cannot be read (${messageOf(error)})`);
  }
}
