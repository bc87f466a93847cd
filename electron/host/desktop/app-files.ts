import { extname, join } from 'node:path';

/**
 * Where the app's own files are. Built, all of the Node side lies in one folder, `dist/desktop`; unbuilt,
 * the entries are beside this file and only preload and window are of the build.
 */
const here = import.meta.dirname;
const isBuilt = extname(import.meta.filename) === '.js';
const dist = isBuilt ? join(here, '..') : join(here, '../../../dist');

export const appFiles = {
  windowDirectory: join(dist, 'renderer'),
  preload: join(dist, 'desktop/preload.cjs'),
  coreEntry: join(here, isBuilt ? 'core-entry.js' : 'core-entry.ts'),
  /** For the window on Linux; elsewhere the app's bundle or program has it. */
  icon: join(dist, '../resources/icons/512.png'),
  demoEntry: join(here, isBuilt ? 'demo-entry.js' : 'demo-entry.ts'),
} as const;
