import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import {
  closeDatabase,
  createPrivateFile,
  DamagedContent,
  inMemory,
  isSound,
  openDatabase,
  schemaVersionOf,
  troubleOf,
  type SqliteDatabase,
} from '../database.ts';
import { failureOf, newerVersionFailure } from '../failures.ts';
import {
  dropOldAside,
  freshFile,
  journalFile,
  moveDatabase,
  moveIntoPlace,
  quarantineName,
  removeDatabase,
  shapeOf,
  wasClosedCleanly,
} from '../files.ts';
import { latestVersion, migrate, type Migration } from '../migrate.ts';
import { journalNotWrittenNotice, restoredNotice, startedEmptyNotice, type JournalLoss } from '../notices.ts';
import { Journal } from './journal.ts';
import { backUp, isGoodJournal, isJournal, listBackups } from './backups.ts';

/**
 * Opens the journal whatever its file looks like, and never silently: sound, or restored from the newest
 * good backup, or empty, or read-only, or in memory, each but the first with a notice. An unusable file is
 * put aside under another name, never removed. Called once by the storage thread.
 */
export interface OpenedJournal {
  readonly database: SqliteDatabase;
  /** Why nothing can be written, or null. */
  readonly readOnly: CommandFailure | null;
  /** Whether it is the file of the data folder, so that what is written is kept. */
  readonly isKept: boolean;
  readonly notices: readonly Notice[];
}

export interface JournalPlace {
  readonly directory: string;
  readonly nowMs: number;
  readonly migrations: readonly Migration[];
  /** Whether another journal may take the place of one that is missing or damaged. */
  readonly mayReplace: boolean;
}

type Attempt =
  | { readonly kind: 'opened'; readonly opened: OpenedJournal }
  | { readonly kind: 'damaged'; readonly cause: string }
  | { readonly kind: 'refused'; readonly failure: CommandFailure };

/** @returns a failure only where starting would make things worse: held by another, or half upgraded. */
export function openJournal(place: JournalPlace): Result<OpenedJournal, CommandFailure> {
  const path = join(place.directory, journalFile);
  try {
    if (place.mayReplace && isFirstStart(place)) createEmpty(path, place.migrations);
    const first = attempt(path, place);
    if (first.kind === 'opened') return success(first.opened);
    if (first.kind === 'refused') return failed(first.failure);
    if (!place.mayReplace) return failed(failureOf(new DamagedContent(first.cause), 'The journal'));
    const notice = replace(path, first.cause, place);
    const second = attempt(path, place);
    if (second.kind === 'opened') return success(withNotice(second.opened, notice));
    return second.kind === 'refused'
      ? failed(second.failure)
      : success(openInMemory(failureOf(new Error(second.cause), 'The journal'), [notice], place));
  } catch (error) {
    return openAnyhow(path, error, place);
  }
}

function withNotice(opened: OpenedJournal, notice: Notice): OpenedJournal {
  return { ...opened, notices: [notice, ...opened.notices] };
}

/** A folder without a trace of a journal. With a trace, a missing journal is a lost one. */
function isFirstStart(place: JournalPlace): boolean {
  if (shapeOf(join(place.directory, journalFile)) !== 'missing') return false;
  const isPutAside = (name: string): boolean => name.startsWith(journalFile + '.corrupt-');
  return listBackups(place.directory).length === 0 && !readdirSync(place.directory).some(isPutAside);
}

/** The journal appears under its name only when it is whole, so an empty file is always a damaged one. */
function createEmpty(path: string, migrations: readonly Migration[]): void {
  const unfinished = freshFile(path + '.new');
  const database = openDatabase(unfinished);
  try {
    migrate(database, migrations);
  } finally {
    database.close();
  }
  moveIntoPlace(unfinished, path);
}

function attempt(path: string, place: JournalPlace): Attempt {
  const shape = shapeOf(path);
  if (shape === 'missing') return { kind: 'damaged', cause: 'it is missing' };
  if (shape === 'empty-file') return { kind: 'damaged', cause: 'its file is empty' };
  if (shape === 'not-a-file')
    return { kind: 'damaged', cause: 'in its place is something that is not a file' };
  try {
    return attemptFile(path, place);
  } catch (error) {
    if (troubleOf(error) === 'damaged') return { kind: 'damaged', cause: messageOf(error) };
    throw error;
  }
}

function attemptFile(path: string, place: JournalPlace): Attempt {
  const isTrusted = wasClosedCleanly(path);
  const database = openDatabase(path);
  try {
    const cause = whatIsWrong(database, isTrusted);
    if (cause === null) return prepare(database, path, place);
    database.close();
    return { kind: 'damaged', cause };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @param isTrusted it was closed in order: then a trial query is enough, and starting stays fast. */
function whatIsWrong(database: SqliteDatabase, isTrusted: boolean): string | null {
  if (!isJournal(database)) return 'its file is not a journal';
  database.prepare('SELECT count(*) FROM sqlite_schema').get();
  return isTrusted || isSound(database) ? null : 'its file is damaged';
}

function prepare(database: SqliteDatabase, path: string, place: JournalPlace): Attempt {
  const version = schemaVersionOf(database);
  const known = latestVersion(place.migrations);
  if (version > known) {
    database.close();
    return { kind: 'opened', opened: openToRead(path, newerVersionFailure(version, known), place) };
  }
  // A file that may not be written opens all the same; the first attempt to write tells.
  database.prepare('BEGIN IMMEDIATE').run();
  database.prepare('ROLLBACK').run();
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('fullfsync = ON');
  database.pragma('journal_size_limit = 16777216');
  const failure = version < known ? upgrade(database, place) : null;
  if (failure === null) {
    return { kind: 'opened', opened: { database, readOnly: null, isKept: true, notices: [] } };
  }
  database.close();
  return { kind: 'refused', failure };
}

/** @returns why it is still at its old version, whole; null once it is at the newest. */
function upgrade(database: SqliteDatabase, place: JournalPlace): CommandFailure | null {
  const backedUp = backUp(database, place.directory, place.nowMs);
  if (!backedUp.ok) return backedUp.failure;
  try {
    migrate(database, place.migrations);
    return null;
  } catch (error) {
    return failureOf(error, 'The upgrade of the journal');
  }
}

/** Puts the unusable file aside and a restored or empty one in its place. */
function replace(path: string, cause: string, place: JournalPlace): Notice {
  const quarantinedAs = quarantine(path, place.nowMs);
  const dropped = quarantinedAs === null ? [] : dropOldAside(place.directory);
  const loss = { cause, quarantinedAs, dropped } satisfies JournalLoss;
  const backup = listBackups(place.directory).find(({ path }) => isRestorable(path, place.migrations));
  if (backup === undefined) {
    createEmpty(path, place.migrations);
    return startedEmptyNotice(loss, place.nowMs);
  }
  const unfinished = path + '.new';
  removeDatabase(unfinished);
  createPrivateFile(unfinished);
  copyFileSync(backup.path, unfinished);
  moveIntoPlace(unfinished, path);
  return restoredNotice(loss, backup.atMs, place.nowMs);
}

/** A backup of a newer version would leave the console unable to write. */
function isRestorable(path: string, migrations: readonly Migration[]): boolean {
  if (!isGoodJournal(path)) return false;
  const database = openDatabase(path, { readonly: true });
  try {
    return schemaVersionOf(database) <= latestVersion(migrations);
  } finally {
    database.close();
  }
}

function quarantine(path: string, nowMs: number): string | null {
  const isThere = [path, path + '-wal'].some((file) => existsSync(file));
  if (!isThere) return null;
  const name = quarantineName(path, nowMs);
  moveDatabase(path, name);
  return basename(name);
}

/** The file or its folder refuses: what can be read is shown, else the console runs on memory alone. */
function openAnyhow(
  path: string,
  error: unknown,
  place: JournalPlace,
): Result<OpenedJournal, CommandFailure> {
  const failure = failureOf(error, 'The journal');
  const trouble = troubleOf(error);
  if (trouble === 'busy' || trouble === 'other') return failed(failure);
  return success(openToRead(path, failure, place));
}

/** @param failure why it is not written; what cannot even be read gives way to a journal in memory. */
function openToRead(path: string, failure: CommandFailure, place: JournalPlace): OpenedJournal {
  try {
    const database = openDatabase(path, { readonly: true });
    if (!canBeRead(database)) {
      database.close();
      return openInMemory(failure, [], place);
    }
    const notices = [journalNotWrittenNotice(failure, false, place.nowMs)];
    return { database, readOnly: { ...failure, code: 'read-only' }, isKept: true, notices };
  } catch {
    // It does not even open; the notice carries the first, telling cause.
    return openInMemory(failure, [], place);
  }
}

function canBeRead(database: SqliteDatabase): boolean {
  try {
    new Journal(database, () => undefined).load(Number.POSITIVE_INFINITY);
    return true;
  } catch {
    // A newer version may have changed what we read; that it fails is all there is to know.
    return false;
  }
}

function openInMemory(
  failure: CommandFailure,
  earlier: readonly Notice[],
  place: JournalPlace,
): OpenedJournal {
  const database = openDatabase(inMemory);
  migrate(database, place.migrations);
  const notices = [...earlier, journalNotWrittenNotice(failure, true, place.nowMs)];
  return { database, readOnly: null, isKept: false, notices };
}

/** Closes it in order, unless damage was seen: then the next start has to check it. */
export function closeJournal(opened: OpenedJournal, isTrusted: boolean): void {
  if (isTrusted) closeDatabase(opened.database);
  else opened.database.close();
}
