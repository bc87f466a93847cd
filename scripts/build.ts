import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.ts';
import { runTool } from './run-tool.ts';

/**
 * Builds the window's files with Vite when they are missing or older than what they are made of. Called by
 * `npm start`, `npm run build` and the test suites that show a window; the Node side runs unbuilt.
 */

const limitMs = 5 * 60_000;
/** What the built files depend on: folders are searched whole, and a folder's own time tells a deletion. */
const inputs = ['renderer', 'shared', 'vite.config.ts', 'package.json', 'package-lock.json'];
const indexFile = inProject('dist/renderer/index.html');
/** Written after a whole build, with the time at which it began: a build cut short leaves none. */
const stampFile = inProject('dist/renderer.stamp');

/** Builds always. Answers the exit code. */
export async function main(): Promise<number> {
  await buildRenderer();
  return 0;
}

/** Builds where something changed since the last build, and says so. */
export async function ensureRenderer(): Promise<void> {
  if (!isRendererFresh()) await buildRenderer();
}

function isRendererFresh(): boolean {
  if (!existsSync(indexFile) || !existsSync(stampFile)) return false;
  const builtAtMs = statSync(stampFile).mtimeMs;
  return inputs.every((input) => newestMs(inProject(input)) <= builtAtMs);
}

async function buildRenderer(): Promise<void> {
  const startedAt = new Date();
  console.log('Building the window …');
  rmSync(stampFile, { force: true });
  const built = await runTool('vite', ['build', '--logLevel', 'warn'], limitMs);
  if (built.exitCode !== 0) throw new Error(`the window does not build:\n${built.output}`);
  mkdirSync(inProject('dist'), { recursive: true });
  writeFileSync(stampFile, '');
  utimesSync(stampFile, startedAt, startedAt);
  console.log(`Built the window in ${((Date.now() - startedAt.getTime()) / 1_000).toFixed(1)} s.`);
}

function newestMs(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce(
    (newest, name) => (/\.test\.tsx?$/.test(name) ? newest : Math.max(newest, newestMs(join(path, name)))),
    stats.mtimeMs,
  );
}
