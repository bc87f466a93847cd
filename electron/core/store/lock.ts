import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { createPrivateFile, openDatabase, troubleOf, type SqliteDatabase } from './database.ts';
import { folderFailure } from './failures.ts';
import { ensurePrivateFolder } from './files.ts';

/**
 * One owner of a data folder. Host and core each hold a lock file of their own name in it; the operating
 * system lets go of it when the process ends, however it ends. Beside it the host's owner tells its
 * address, so that a second start can show the first one's.
 */
export type ClaimName = 'host' | 'core';

export interface Claim {
  /** Idempotent; happens by itself when the process ends. */
  release(): void;
}

/** A claim that failed; `owner` is the address of whoever has the folder, where it told one. */
export type ClaimFailure = CommandFailure & { readonly owner?: string };

const retryMs = 50;
const ownerFile = 'owner.json';
const ownerSchema = v.object({ address: v.pipe(v.string(), v.maxLength(2_048)) });

/**
 * Creates the folder where there is none, and takes it.
 * @param waitMs how long another owner is waited for: one that was just killed may still be ending.
 */
export async function claimDataFolder(
  dataDirectory: string,
  name: ClaimName,
  waitMs: number,
): Promise<Result<Claim, ClaimFailure>> {
  const deadlineMs = performance.now() + waitMs;
  try {
    ensurePrivateFolder(dataDirectory);
    for (;;) {
      const held = tryHold(join(dataDirectory, `${name}.lock`));
      if (held !== null) {
        if (name === 'host') forgetOwner(dataDirectory);
        return success({ release: () => void held.close() });
      }
      if (performance.now() >= deadlineMs) return failed(heldFailure(dataDirectory));
      await sleep(retryMs);
    }
  } catch (error) {
    return failed(folderFailure(dataDirectory, error));
  }
}

/** Tells whoever starts next where this one is. For the holder of the claim `host`. */
export function writeOwner(dataDirectory: string, address: string): void {
  const path = join(dataDirectory, ownerFile);
  writeFileSync(path + '.new', JSON.stringify({ address }), { mode: 0o600 });
  renameSync(path + '.new', path);
}

/** @returns the address that the folder's owner told, or null. It may be of an owner that has ended. */
export function readOwner(dataDirectory: string): string | null {
  try {
    const text = readFileSync(join(dataDirectory, ownerFile), 'utf8');
    return v.parse(v.pipe(v.string(), v.parseJson(), ownerSchema), text).address;
  } catch {
    // Missing, unreadable or not ours: in each case nobody has told an address.
    return null;
  }
}

function forgetOwner(dataDirectory: string): void {
  rmSync(join(dataDirectory, ownerFile), { force: true });
}

function heldFailure(dataDirectory: string): ClaimFailure {
  const owner = readOwner(dataDirectory);
  const failure = commandFailure(
    'conflict',
    `Another OpsSight uses the data folder ${dataDirectory}.`,
    owner === null
      ? 'Close the other one, or start this one with another --data folder.'
      : `Open it at ${owner}.`,
  );
  return owner === null ? failure : { ...failure, owner };
}

/**
 * Holds an open write transaction on an empty database. IMMEDIATE and not EXCLUSIVE: of many that race,
 * the first to ask has it, while an exclusive one needs all others to have looked away first, so that
 * none might win.
 */
function tryHold(path: string): SqliteDatabase | null {
  createOnce(path);
  const database = openDatabase(path, { timeoutMs: 0 });
  try {
    database.prepare('BEGIN IMMEDIATE').run();
    return database;
  } catch (error) {
    database.close();
    if (troubleOf(error) === 'busy') return null;
    throw error;
  }
}

/** Never opens a file that is there: closing it again would drop a lock that this process has on it. */
function createOnce(path: string): void {
  if (existsSync(path)) return;
  try {
    createPrivateFile(path);
  } catch (error) {
    const isThereNow = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThereNow) throw error;
  }
}
