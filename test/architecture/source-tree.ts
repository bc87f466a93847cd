import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFacts, type SourceFacts } from './source-facts.ts';

/** Finds and reads every source file of a checkout. What is generated or fetched is no source. */

const sourceName = /\.(?:ts|tsx|mjs|cjs|js)$/;
const foreignFolders = new Set(['node_modules', 'dist', 'coverage', 'test-results']);

/** @returns the facts of all source files, in the order of their paths. */
export function readSourceTree(root: string): readonly SourceFacts[] {
  return walk(root, '')
    .toSorted()
    .map((path) => readFacts(path, readFileSync(join(root, path), 'utf8')));
}

/**
 * The same files by git's account, tracked or not yet added, for a second opinion on whether the walk saw
 * them all. Undefined where this is no git checkout.
 */
export function gitSourceFiles(root: string): readonly string[] | undefined {
  if (!existsSync(join(root, '.git'))) return undefined;
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const paths = listed.split('\0').filter((path) => sourceName.test(path) && existsSync(join(root, path)));
  return [...new Set(paths)].toSorted();
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return foreignFolders.has(entry.name) || entry.name.startsWith('.') ? [] : walk(root, path);
    return sourceName.test(entry.name) ? [path] : [];
  });
}
