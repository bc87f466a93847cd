import { mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { openedIncident } from '#support/journal-records.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { inMemory, openDatabase, schemaVersionOf } from '../database.ts';
import { backupFolder, journalFile, stampOf } from '../files.ts';
import { latestVersion, type Migration } from '../migrate.ts';
import { backUp, isBackupDue, isGoodJournal, listBackups } from './backups.ts';
import { Journal } from './journal.ts';
import { journalMigrations } from './migrations.ts';
import { closeJournal, openJournal, type OpenedJournal } from './recovery.ts';

const nowMs = Date.UTC(2026, 10, 21, 3, 12);
let cleanup: Cleanup;
let directory: string;
let path: string;

beforeEach(() => {
  cleanup = new Cleanup();
  directory = temporaryFolder(cleanup);
  path = join(directory, journalFile);
});

afterEach(() => cleanup.run());

function open(migrations: readonly Migration[] = journalMigrations, atMs = nowMs): OpenedJournal {
  const opened = openJournal({ directory, nowMs: atMs, migrations, mayReplace: true });
  if (!opened.ok) throw new Error(opened.failure.message);
  cleanup.add(() => opened.value.database.close());
  return opened.value;
}

function journalOf(opened: OpenedJournal): Journal {
  return new Journal(opened.database, (what) => expect.unreachable(what));
}

/** A journal with incidents of these numbers, closed in order. */
function write(...ids: number[]): void {
  const opened = open();
  for (const id of ids) expect(journalOf(opened).commitAll([openedIncident(id)])[0]?.ok).toBe(true);
  closeJournal(opened, true);
}

function backUpNow(atMs: number): string {
  const opened = open();
  const made = backUp(opened.database, directory, atMs);
  closeJournal(opened, true);
  if (!made.ok) throw new Error(made.failure.message);
  return made.value;
}

function incidentIds(opened: OpenedJournal): number[] {
  return journalOf(opened)
    .load(0)
    .incidents.map(({ id }) => id);
}

/** Noise in the last quarter: the header and the schema stay, so that only a check of the whole finds it. */
function damage(file: string): void {
  const { size } = statSync(file);
  truncateSync(file, Math.floor((size * 3) / 4));
  truncateSync(file, size);
}

/** What a killed console leaves behind as far as the next start can tell. */
function markUnclean(file: string): void {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.close();
}

const quarantined = (): string[] =>
  readdirSync(directory)
    .filter((name) => name.includes('.corrupt-'))
    .sort();

describe('opening', () => {
  test('a first time says nothing, and what is written is there the next time', () => {
    write(1, 2);
    const again = open();
    expect(incidentIds(again)).toEqual([1, 2]);
    expect(again).toMatchObject({ readOnly: null, isKept: true, notices: [] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(again.database.pragma('synchronous', { simple: true })).toBe(2);
    expect(again.database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(again.database.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(again.database.pragma('trusted_schema', { simple: true })).toBe(0);
  });

  test('after closing in order leaves one file that any reader can open without side files', () => {
    write(1);
    expect(readdirSync(directory)).toEqual([journalFile]);
    expect(isGoodJournal(path)).toBe(true);
    expect(readdirSync(directory)).toEqual([journalFile]);
  });

  test('after closing in order does not check the whole file; after a kill it does', () => {
    // Enough of them that the tables are behind the schema.
    write(...Array.from({ length: 100 }, (_, index) => index + 1));
    damage(path);
    // Trusted: the start is fast, and damage shows when it is met.
    expect(open().notices).toEqual([]);
    markUnclean(path);
    expect(open().notices).toHaveLength(1);
  });
});

type Shape = readonly [what: string, make: () => void];
const shapes: readonly Shape[] = [
  ['an empty file', () => writeFileSync(path, '')],
  ['noise', () => writeFileSync(path, 'not a database at all '.repeat(900))],
  ['a file cut in the middle', () => truncateSync(path, 6_000)],
  ['a file cut within its header', () => truncateSync(path, 50)],
  ['a damaged file of a killed console', () => (markUnclean(path), damage(path))],
  ['missing though there was one', () => rmSync(path)],
  ['another database', () => (rmSync(path), void new Database(path).exec('CREATE TABLE other (a)').close())],
  ['a folder', () => (rmSync(path), mkdirSync(path), writeFileSync(join(path, 'file'), 'x'))],
  ['of a format that there is not', () => setHeader(47, 99)],
];

function setHeader(offset: number, value: number): void {
  const database = new Database(path);
  const bytes = database.serialize();
  database.close();
  bytes[offset] = value;
  writeFileSync(path, bytes);
}

describe.each(shapes)('a journal that is %s', (what, make) => {
  const wasThere = !what.startsWith('missing');

  test('is put aside and restored from the newest good backup, with a notice', () => {
    write(1);
    backUpNow(nowMs - 2 * dayMs);
    write(2);
    backUpNow(nowMs - dayMs);
    write(3);
    const newest = backUpNow(nowMs - hourMs);
    damage(newest);
    make();
    const opened = open();
    expect(incidentIds(opened)).toEqual([1, 2]);
    expect(opened).toMatchObject({ readOnly: null, isKept: true });
    expect(opened.notices).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('2026-11-20') },
    ]);
    expect(quarantined()).toEqual(wasThere ? ['journal.db.corrupt-20261121T031200000Z'] : []);
    closeJournal(opened, true);
    expect(open().notices).toEqual([]);
  });

  test('leaves the newest few of what was put aside, and says what is gone', () => {
    write(1);
    const stamps = Array.from({ length: 6 }, (_, index) => stampOf(nowMs - (index + 1) * dayMs));
    for (const stamp of stamps) writeFileSync(`${path}.corrupt-${stamp}`, 'noise');
    make();
    const [notice] = open().notices;
    const oldest = `journal.db.corrupt-${stamps[5] ?? ''}`;
    expect(quarantined().includes(oldest)).toBe(!wasThere);
    expect(notice?.nextStep.includes(oldest)).toBe(wasThere);
  });

  test('starts empty with a notice where there is no good backup', () => {
    write(1);
    const backup = backUpNow(nowMs - dayMs);
    writeFileSync(backup, 'noise');
    make();
    const opened = open();
    expect(incidentIds(opened)).toEqual([]);
    expect(opened.notices).toMatchObject([
      { severity: 'error', message: expect.stringContaining('starts empty') },
    ]);
    expect(journalOf(opened).commitAll([openedIncident(1)])[0]?.ok).toBe(true);
    closeJournal(opened, true);
    expect(open().notices).toEqual([]);
  });
});

describe('a journal that may not be written', () => {
  test('because a newer OpsSight wrote it is only read, and says so', () => {
    write(1);
    const newer = new Database(path);
    newer.pragma('user_version = 9');
    newer.close();
    const opened = open();
    expect(incidentIds(opened)).toEqual([1]);
    expect(opened.readOnly).toMatchObject({
      code: 'read-only',
      message: expect.stringContaining('version 9'),
    });
    expect(opened.notices).toMatchObject([{ severity: 'error' }]);
    expect(readdirSync(directory)).toEqual([journalFile]);
  });

  test('and cannot be read by this version gives way to memory', () => {
    write(1);
    const newer = new Database(path);
    newer.exec('ALTER TABLE incident RENAME COLUMN title TO headline');
    newer.pragma('user_version = 9');
    newer.close();
    const opened = open();
    expect(incidentIds(opened)).toEqual([]);
    expect(opened).toMatchObject({ isKept: false, readOnly: null });
    expect(opened.notices).toMatchObject([
      { severity: 'error', message: expect.stringContaining('Nothing of this run') },
    ]);
  });

  test('because another process is in it is a failure', () => {
    write(1);
    const other = new Database(path);
    other.exec('BEGIN EXCLUSIVE');
    cleanup.add(() => other.close());
    expect(openJournal({ directory, nowMs, migrations: journalMigrations, mayReplace: true })).toMatchObject({
      ok: false,
      failure: { code: 'conflict' },
    });
  });
});

describe('backups', () => {
  test('are whole, private, due daily, and the newest five are kept', () => {
    write(1);
    expect(isBackupDue(directory, nowMs)).toBe(true);
    for (let day = 0; day < 7; day++) backUpNow(nowMs + day * dayMs);
    const backups = listBackups(directory);
    expect(backups.map(({ atMs }) => atMs)).toEqual([6, 5, 4, 3, 2].map((day) => nowMs + day * dayMs));
    expect(backups.every((backup) => isGoodJournal(backup.path))).toBe(true);
    expect(statSync(backups[0]?.path ?? '').mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, backupFolder)).mode & 0o777).toBe(0o700);
    expect(isBackupDue(directory, nowMs + 6 * dayMs + hourMs)).toBe(false);
    expect(isBackupDue(directory, nowMs + 7 * dayMs)).toBe(true);
    // A clock that was a year ahead must not stop backups for a year.
    expect(isBackupDue(directory, nowMs - 365 * dayMs)).toBe(true);
  });
});

describe('an upgrade', () => {
  const known = latestVersion(journalMigrations);
  const version = known + 1;
  const next: Migration = {
    version,
    statements: [`ALTER TABLE incident ADD COLUMN place TEXT`, `PRAGMA user_version = ${version}`],
  };

  test('is preceded by a backup of the old version', () => {
    write(1);
    const opened = open([...journalMigrations, next]);
    expect(schemaVersionOf(opened.database)).toBe(version);
    expect(incidentIds(opened)).toEqual([1]);
    const [backup] = listBackups(directory);
    const old = openDatabase(backup?.path ?? inMemory, { readonly: true });
    cleanup.add(() => old.close());
    expect(schemaVersionOf(old)).toBe(known);
  });

  test('that fails is a failure, and leaves the journal as it was', () => {
    write(1);
    const broken: Migration = { version, statements: [`ALTER TABLE nothing ADD COLUMN a`] };
    const refused = openJournal({
      directory,
      nowMs,
      migrations: [...journalMigrations, broken],
      mayReplace: true,
    });
    expect(refused).toMatchObject({ ok: false });
    expect(quarantined()).toEqual([]);
    expect(incidentIds(open())).toEqual([1]);
  });
});
