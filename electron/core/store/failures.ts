import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { messageOf } from '#shared/result.ts';
import { troubleOf } from './database.ts';

/**
 * The store's failures in words: what happened, and what a person can do. One boundary turns what SQLite
 * and the file system throw into these values; nothing else in the core sees an exception of theirs.
 */

/** @param subject what was being read or written, as the start of a sentence. */
export function failureOf(error: unknown, subject: string): CommandFailure {
  const said = messageOf(error);
  switch (troubleOf(error)) {
    case 'damaged':
      return commandFailure(
        'unavailable',
        `${subject} is damaged: ${said}.`,
        'Restart the console: it checks the file and restores the newest good backup.',
      );
    case 'unwritable':
      return commandFailure(
        'read-only',
        `${subject} cannot be written: ${said}.`,
        'Make the data folder and its files writable for this user, then restart the console.',
      );
    case 'full':
      return commandFailure(
        'unavailable',
        `The disk did not take what was written: ${said}.`,
        'Free some disk space; writing goes on by itself.',
      );
    case 'busy':
      return commandFailure(
        'conflict',
        `${subject} is held by another process: ${said}.`,
        'Close the other program that has the data folder open.',
      );
    case 'invalid':
      return commandFailure(
        'invalid-input',
        `${subject} does not take this: ${said}.`,
        'Report this: the console tried to write something that its own journal refuses.',
      );
    case 'other':
      return commandFailure(
        'internal',
        `${subject} failed: ${said}.`,
        'Restart the console; report this if it stays.',
      );
  }
}

export function newerVersionFailure(version: number, known: number): CommandFailure {
  return commandFailure(
    'read-only',
    `The journal has version ${version}, written by a newer OpsSight; this one knows version ${known} and only reads it.`,
    'Start the newer OpsSight on this data folder.',
  );
}

export function folderFailure(path: string, error: unknown): CommandFailure {
  return commandFailure(
    troubleOf(error) === 'unwritable' ? 'read-only' : 'unavailable',
    `The data folder ${path} cannot be used: ${messageOf(error)}.`,
    'Make it a folder that this user may write, or start with another --data folder.',
  );
}

export function storageEndedFailure(cause: string): CommandFailure {
  return commandFailure(
    'unavailable',
    `The storage thread ended: ${withoutStop(cause)}.`,
    'Restart the console.',
  );
}

export function storageRestartingFailure(cause: string): CommandFailure {
  return commandFailure(
    'unavailable',
    `The storage thread ended: ${withoutStop(cause)}. It is being started again; what sources tell is kept in memory until then.`,
    'Wait a few seconds, then ask again for what failed.',
  );
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/u, '');
}
