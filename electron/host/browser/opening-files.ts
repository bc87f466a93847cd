import { join } from 'node:path';
import { readServedFile, type FileTable, type ServedFile } from '../window-files.ts';

/** The page that a browser without a session gets: it exchanges the token of the printed address. */
export async function readOpeningFiles(): Promise<FileTable> {
  const files = new Map<string, ServedFile>();
  for (const [name, target] of [
    ['open.html', '/'],
    ['open.js', '/open.js'],
    ['open.css', '/open.css'],
  ] as const) {
    const file = await readServedFile(join(import.meta.dirname, 'open', name), target);
    if (file !== undefined) files.set(target, { ...file[1], cacheControl: 'no-store' });
  }
  return files;
}
