import { chmodSync, closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';

/**
 * How every SQLite file of a data folder is opened, told apart and closed. Runs on the storage thread, in
 * the lock and in the command line's reader; it knows no table.
 */
export type SqliteDatabase = Database.Database;

/** In the place of a path: a database that lives as long as its connection. */
export const inMemory = ':memory:';

/** Small page caches: all databases together stay within a few megabytes. */
const commonPragmas = [
  'foreign_keys = ON',
  'trusted_schema = OFF',
  'cell_size_check = ON',
  'mmap_size = 0',
  'cache_size = -4000',
] as const;

const busyTimeoutMs = 1_000;

/**
 * Opens an existing database, or one in memory.
 * @throws SqliteError where the file cannot be opened; `troubleOf` names it.
 */
export function openDatabase(
  path: string,
  options: { readonly readonly?: boolean; readonly timeoutMs?: number } = {},
): SqliteDatabase {
  const database = new Database(path, {
    readonly: options.readonly ?? false,
    fileMustExist: path !== inMemory,
    timeout: options.timeoutMs ?? busyTimeoutMs,
  });
  try {
    for (const pragma of commonPragmas) database.pragma(pragma);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

let isHeld = false;

/**
 * Keeps SQLite's addon in the process, whatever threads come and go. Node unloads an addon with the last thread
 * that loaded it, while what it made may still be collected: its code is then called and is no longer there,
 * which ends the process by SIGSEGV. To be called on the main thread before it starts such a thread.
 * https://github.com/WiseLibs/better-sqlite3/issues/1476
 */
export function holdAddon(): void {
  if (isHeld) return;
  new Database(inMemory).close();
  isHeld = true;
}

/** Creates an empty file that only its owner may read; SQLite gives `-wal` and `-shm` the same mode. */
export function createPrivateFile(path: string): void {
  closeSync(openSync(path, 'wx', 0o600));
  chmodSync(path, 0o600);
}

/**
 * Closes with everything in the one file: the log is folded in, and the file leaves WAL mode, so that a
 * later reader needs no side files and `wasClosedCleanly` can tell. Where a reader is still in it, the file
 * stays in WAL mode, which costs the next start a check and nothing else.
 */
export function closeDatabase(database: SqliteDatabase): void {
  try {
    if (!database.memory && !database.readonly) {
      database.pragma('optimize');
      database.pragma('wal_checkpoint(TRUNCATE)');
      database.pragma('journal_mode = DELETE');
    }
  } catch {
    // A busy, full or damaged file stays as it is: what was acknowledged is in the log already.
  } finally {
    database.close();
  }
}

export function schemaVersionOf(database: SqliteDatabase): number {
  return Number(database.pragma('user_version', { simple: true }));
}

export function applicationIdOf(database: SqliteDatabase): number {
  return Number(database.pragma('application_id', { simple: true }));
}

/** SQLite's own check of the whole file: pages, cells, and that tables and constraints fit. */
export function isSound(database: SqliteDatabase): boolean {
  return database.pragma('quick_check(1)', { simple: true }) === 'ok';
}

/**
 * What a thrown SQLite error means for us: `damaged` content, a file that is `unwritable`, a disk that is
 * `full` or fails, a database that another process holds (`busy`), values it does not take (`invalid`).
 */
export type Trouble = 'damaged' | 'unwritable' | 'full' | 'busy' | 'invalid' | 'other';

const troubleOfCode: readonly (readonly [prefix: string, trouble: Trouble])[] = [
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  // All our statements are constants: one that a database does not understand means that its schema is not ours.
  ['SQLITE_ERROR', 'damaged'],
  ['SQLITE_READONLY', 'unwritable'],
  ['SQLITE_CANTOPEN', 'unwritable'],
  ['SQLITE_PERM', 'unwritable'],
  ['SQLITE_AUTH', 'unwritable'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR', 'full'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_CONSTRAINT', 'invalid'],
  ['SQLITE_MISMATCH', 'invalid'],
  ['SQLITE_TOOBIG', 'invalid'],
];

const unwritableFileCodes = new Set(['EACCES', 'EPERM', 'EROFS']);
const fullDiskCodes = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG']);

export function troubleOf(error: unknown): Trouble {
  if (error instanceof DamagedContent) return 'damaged';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (unwritableFileCodes.has(code)) return 'unwritable';
  if (fullDiskCodes.has(code)) return 'full';
  return troubleOfCode.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'other';
}

/** Thrown where SQLite is content but what it holds is not what was written: a checksum, a shape. */
export class DamagedContent extends Error {}
