import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { failed, messageOf, success, type Result } from '#shared/result.ts';

/**
 * The window's files, read once when the host starts into a fixed table: a request is looked up in it
 * and never becomes a path. What a later build changes on the disk is seen by the next start. Both hosts answer from it.
 */

export interface ServedFile {
  readonly body: Buffer<ArrayBuffer>;
  readonly contentType: string;
  readonly cacheControl: string;
}

export type FileTable = ReadonlyMap<string, ServedFile>;

const contentTypes = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['json', 'application/json; charset=utf-8'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['ico', 'image/x-icon'],
  ['woff2', 'font/woff2'],
  ['woff', 'font/woff'],
  ['webmanifest', 'application/manifest+json'],
]);
/** The build puts files whose names carry a hash of their content here, and no others. */
const hashedFolder = '/assets/';

/**
 * Reads the built window. Files of a type that the window does not use (source maps among them) are left out.
 * @param directory the renderer's build; its `index.html` is also served as `/`.
 */
export async function readWindowFiles(directory: string): Promise<Result<FileTable, string>> {
  const files = new Map<string, ServedFile>();
  try {
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const file = await readServedFile(path, `/${relative(directory, path).split(sep).join('/')}`);
      if (file !== undefined) files.set(...file);
    }
  } catch (error) {
    return failed(`the window's files cannot be read: ${messageOf(error)}`);
  }
  const page = files.get('/index.html');
  if (page === undefined) return failed(`there is no index.html in ${directory}: run npm run build`);
  files.set('/', page);
  return success(files);
}

/** @returns the file under its target, or undefined where it is of a type that the window does not use. */
export async function readServedFile(
  path: string,
  target: string,
): Promise<[string, ServedFile] | undefined> {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const contentType = contentTypes.get(extension);
  if (contentType === undefined) return undefined;
  const cacheControl = cacheControlOf(target, extension);
  return [target, { body: await readFile(path), contentType, cacheControl }];
}

function cacheControlOf(target: string, extension: string): string {
  if (extension === 'html') return 'no-store';
  return target.startsWith(hashedFolder) ? 'private, max-age=31536000, immutable' : 'no-cache';
}
