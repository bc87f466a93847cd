import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { failed, success } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';

/**
 * Reads a whole small file that a person named: never more than its bound, never a device or a pipe that
 * would answer for ever. Used for the configuration, secrets and certificates.
 */
export interface FileFailure {
  readonly kind: 'missing' | 'unreadable';
  /** What is wrong, in a few words for a person: `no such file`. */
  readonly message: string;
}

export async function readBoundedFile(path: string, maxBytes: number): Promise<Result<Buffer, FileFailure>> {
  try {
    // Without NONBLOCK, opening a pipe waits for somebody to write to it.
    await using handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const status = await handle.stat();
    if (!status.isFile())
      return unreadable(status.isDirectory() ? 'it is a directory' : 'it is not a regular file');
    // One byte more than allowed tells too much from just enough; files of /proc say that they are empty.
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (length > maxBytes) return unreadable(`it is larger than ${maxBytes} bytes`);
      if (bytesRead === 0) return success(buffer.subarray(0, length));
    }
  } catch (error) {
    return failed(fileFailure(error));
  }
}

/** The words of a file system error, by its code; the path is for the caller to say. */
export function fileFailure(error: unknown): FileFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file',
    EACCES: 'no permission to read it',
    EPERM: 'no permission',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    ELOOP: 'a loop of symbolic links',
    EISDIR: 'it is a directory',
    ENXIO: 'it is not a regular file',
  };
  return {
    kind: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable',
    message: words[code] ?? code,
  };
}

function unreadable(message: string): Result<never, FileFailure> {
  return failed({ kind: 'unreadable', message });
}
