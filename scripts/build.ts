import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.ts';
import { runTool } from './run-tool.ts';

/**
 * Builds with Vite what is missing or older than what it is made of: the window, for both hosts, and the
 * desktop's Node side. Called by `npm start`, `npm run build` and the test suites that show a window; under
 * the browser host the Node side runs unbuilt.
 */

interface Build {
  /** As a person is told. */
  readonly what: string;
  readonly args: readonly string[];
  /** What the built files depend on: folders are searched whole, and a folder's own time tells a deletion. */
  readonly inputs: readonly string[];
  /** There where it was built. */
  readonly result: string;
  /** Written after a whole build, with the time at which it began: a build cut short leaves none. */
  readonly stamp: string;
}

const limitMs = 5 * 60_000;
const packages = ['package.json', 'package-lock.json'];

const renderer: Build = {
  what: 'window',
  args: [],
  inputs: ['renderer', 'shared', 'vite.config.ts', ...packages],
  result: inProject('dist/renderer/index.html'),
  stamp: inProject('dist/renderer.stamp'),
};

const desktop: Build = {
  what: 'desktop',
  args: ['--app', '--config', 'vite.desktop.config.ts'],
  inputs: ['electron', 'shared', 'vite.desktop.config.ts', ...packages],
  result: inProject('dist/desktop/main.js'),
  stamp: inProject('dist/desktop.stamp'),
};

/** Builds everything, always. Answers the exit code. */
export async function main(): Promise<number> {
  await build(renderer);
  await build(desktop);
  return 0;
}

/** Builds the window where something changed since the last build, and says so. */
export async function ensureRenderer(): Promise<void> {
  if (!isFresh(renderer)) await build(renderer);
}

/** The same for the desktop's Node side. */
export async function ensureDesktop(): Promise<void> {
  if (!isFresh(desktop)) await build(desktop);
}

function isFresh({ result, stamp, inputs }: Build): boolean {
  if (!existsSync(result) || !existsSync(stamp)) return false;
  const builtAtMs = statSync(stamp).mtimeMs;
  return inputs.every((input) => newestMs(inProject(input)) <= builtAtMs);
}

async function build({ what, args, stamp }: Build): Promise<void> {
  const startedAt = new Date();
  console.log(`Building the ${what} …`);
  rmSync(stamp, { force: true });
  // A test runner sets another one, and Vite would build React for developers: larger, slower, and not what is shipped.
  const env = { NODE_ENV: 'production' };
  const built = await runTool('vite', ['build', '--logLevel', 'warn', ...args], limitMs, env);
  if (built.exitCode !== 0) throw new Error(`the ${what} does not build:\n${built.output}`);
  mkdirSync(inProject('dist'), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt);
  console.log(`Built the ${what} in ${((Date.now() - startedAt.getTime()) / 1_000).toFixed(1)} s.`);
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
