import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandFailure } from '#shared/failure.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { dayMs } from '#shared/time.ts';
import { applicationIdOf, isSound, openDatabase, schemaVersionOf, type SqliteDatabase } from '../database.ts';
import { failureOf } from '../failures.ts';
import {
  backupFolder,
  ensurePrivateFolder,
  freshFile,
  momentOfStamp,
  moveIntoPlace,
  stampOf,
} from '../files.ts';
import { journalApplicationId } from './migrations.ts';

/**
 * The journal's backups: whole, verified copies in a folder of their own. Made daily and before each
 * migration; the newest few are kept. Read by recovery alone.
 */
export interface Backup {
  readonly path: string;
  readonly atMs: number;
}

const keptBackups = 5;
const namePattern = /^journal-(\d{8}T\d{9}Z)\.db$/;

/** Newest first. */
export function listBackups(directory: string): Backup[] {
  const folder = join(directory, backupFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => {
      const atMs = momentOfStamp(namePattern.exec(name)?.[1] ?? '');
      return atMs === undefined ? [] : [{ path: join(folder, name), atMs }];
    })
    .sort((left, right) => right.atMs - left.atMs);
}

/** A clock that was set back must not stop backups for as long as it was ahead. */
export function isBackupDue(directory: string, nowMs: number): boolean {
  const [newest] = listBackups(directory);
  return newest === undefined || Math.abs(nowMs - newest.atMs) >= dayMs;
}

/**
 * Copies the open journal, checks the copy, and only then gives it its name; then drops the oldest.
 * @returns the new backup's path.
 */
export function backUp(
  database: SqliteDatabase,
  directory: string,
  nowMs: number,
): Result<string, CommandFailure> {
  const folder = join(directory, backupFolder);
  const path = join(folder, 'journal-' + stampOf(nowMs) + '.db');
  const unfinished = path + '.unfinished';
  try {
    ensurePrivateFolder(folder);
    database.prepare('VACUUM INTO ?').run(freshFile(unfinished));
    if (!isGoodJournal(unfinished)) throw new Error('the copy did not pass its check');
    moveIntoPlace(unfinished, path);
    for (const backup of listBackups(directory).slice(keptBackups)) rmSync(backup.path, { force: true });
    return success(path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    return failed(failureOf(error, 'The backup of the journal'));
  }
}

/** Whether a file is a journal of ours, of any version, and passes SQLite's check. */
export function isGoodJournal(path: string): boolean {
  try {
    const database = openDatabase(path, { readonly: true });
    try {
      return isSound(database) && isJournal(database);
    } finally {
      database.close();
    }
  } catch {
    // Whatever keeps a backup from being opened makes it one that cannot be used.
    return false;
  }
}

export function isJournal(database: SqliteDatabase): boolean {
  return applicationIdOf(database) === journalApplicationId && schemaVersionOf(database) > 0;
}
