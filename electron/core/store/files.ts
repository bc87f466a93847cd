import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createPrivateFile } from './database.ts';

/** Names and the handling of the files in a data folder. It knows nothing of what is in them. */
export const journalFile = 'journal.db';
export const cacheFile = 'cache.db';
export const backupFolder = 'backups';

/** SQLite's side files belong to the database: they are moved and removed with it. */
const sideFiles = ['-wal', '-shm', '-journal'] as const;

/** Creates a folder that only its owner may enter; an existing one is narrowed where it is ours. */
export function ensurePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
}

/** `20261121T031208123Z`: sorts by time and is a file name everywhere. */
export function stampOf(atMs: number): string {
  return new Date(atMs).toISOString().replaceAll(/[-:.]/g, '');
}

const stampPattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/;

/** @returns the moment of a stamp, or undefined where the text is none. */
export function momentOfStamp(stamp: string): number | undefined {
  if (!stampPattern.test(stamp)) return undefined;
  const atMs = Date.parse(stamp.replace(stampPattern, '$1-$2-$3T$4:$5:$6.$7Z'));
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** Renames a database with its side files, so that the set can still be opened under the new name. */
export function moveDatabase(from: string, to: string): void {
  for (const suffix of sideFiles) if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
  if (existsSync(from)) renameSync(from, to);
}

export function removeDatabase(path: string): void {
  for (const suffix of ['', ...sideFiles]) rmSync(path + suffix, { recursive: true, force: true });
}

/** Puts a finished file in its place: there is the old one or the new one, also after a power cut. */
export function moveIntoPlace(from: string, to: string): void {
  syncPath(from);
  renameSync(from, to);
  syncPath(dirname(to));
}

/** Starts over under a name of its own; what an interrupted run left there is removed. */
export function freshFile(path: string): string {
  removeDatabase(path);
  createPrivateFile(path);
  return path;
}

function syncPath(path: string): void {
  // Windows can neither open a folder nor needs to: its renames are in the file system's journal.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What stands at a path, as far as opening a database there is concerned. */
export type FileShape = 'missing' | 'file' | 'empty-file' | 'not-a-file';

export function shapeOf(path: string): FileShape {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 'missing';
  if (!status.isFile()) return 'not-a-file';
  return status.size === 0 ? 'empty-file' : 'file';
}

const headerBytes = 20;
const writeVersionOffset = 18;
const rollbackVersion = 1;

/**
 * Whether the last owner closed the database in order: `closeDatabase` takes it out of WAL mode, which its
 * header tells, and leaves no log. Never call it while this process has the database open: closing any
 * descriptor of the file would drop SQLite's locks on it.
 */
export function wasClosedCleanly(path: string): boolean {
  if (existsSync(path + '-wal') || existsSync(path + '-journal')) return false;
  const header = new Uint8Array(headerBytes);
  const descriptor = openSync(path, 'r');
  try {
    return readSync(descriptor, header) === headerBytes && header[writeVersionOffset] === rollbackVersion;
  } finally {
    closeSync(descriptor);
  }
}

/** A name in the folder that is not taken: a second one of the same millisecond gets a number. */
function freeName(path: string): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : path + '-' + String(number);
    if (!existsSync(candidate)) return candidate;
  }
}

const asidePattern = /^(?<name>.+\.db\.corrupt-(?<stamp>\d{8}T\d{9}Z)(?:-\d+)?)(?:-wal|-shm|-journal)?$/;

/** A database that was put aside, with its side files. */
interface PutAside {
  readonly name: string;
  readonly stamp: string;
  readonly bytes: number;
}

/** Newest first. */
function listPutAside(directory: string): PutAside[] {
  const found = new Map<string, PutAside>();
  for (const file of readdirSync(directory)) {
    const { name, stamp } = asidePattern.exec(file)?.groups ?? {};
    if (name === undefined || stamp === undefined) continue;
    const status = statSync(join(directory, file), { throwIfNoEntry: false });
    // What is no file was in a database's place, but is not ours to remove.
    if (status?.isFile() !== true) continue;
    found.set(name, { name, stamp, bytes: (found.get(name)?.bytes ?? 0) + status.size });
  }
  return [...found.values()].sort((left, right) => (left.stamp < right.stamp ? 1 : -1));
}

const mostPutAside = 5;
const mostBytesAside = 2 ** 30;

/**
 * Removes what was put aside long ago: of many the newest few stay, and of those the newest of all whatever
 * its size.
 * @returns the names of what was removed.
 */
export function dropOldAside(directory: string): string[] {
  let bytes = 0;
  const dropped = listPutAside(directory).filter((aside, place) => {
    bytes += aside.bytes;
    return place > 0 && (place >= mostPutAside || bytes > mostBytesAside);
  });
  for (const { name } of dropped) removeDatabase(join(directory, name));
  return dropped.map(({ name }) => name);
}

export function quarantineName(path: string, nowMs: number): string {
  return freeName(path + '.corrupt-' + stampOf(nowMs));
}
