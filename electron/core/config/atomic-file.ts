import { randomBytes } from 'node:crypto';
import { mkdir, open, readlink, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Writes a whole file so that at every moment, a crash or a full disk included, its path shows either
 * the old text or the new one.
 */

/**
 * Creates the folder where it is missing (0700). A symbolic link keeps pointing where it does, and the
 * file it points to is replaced. An existing file keeps its permissions, a new one gets 0600.
 * Rejects with the file system's error; nothing has changed then.
 */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  const target = await linkTarget(path);
  const folder = dirname(target);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mode = await stat(target).then(
    (status) => status.mode & 0o777,
    () => 0o600,
  );
  const temporary = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    {
      await using handle = await open(temporary, 'wx', mode);
      // What the process's mask took away when the file was created.
      await handle.chmod(mode);
      await handle.writeFile(text);
      await handle.sync();
    }
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

const maxLinks = 40;

/** Where a chain of symbolic links ends, whether or not there is a file yet. */
async function linkTarget(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < maxLinks; links++) {
    const link = await readlink(target).catch(() => null);
    if (link === null) return target;
    target = resolve(dirname(target), link);
  }
  throw Object.assign(new Error('a loop of symbolic links'), { code: 'ELOOP' });
}

/** Makes the rename itself durable, where the system can do that for a folder. */
async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // Windows cannot open a folder; the file itself is safe already.
  }
}
