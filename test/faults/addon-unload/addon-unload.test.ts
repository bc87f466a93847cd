import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/**
 * A process that had opened its store and closed it again died of SIGSEGV now and then: Node had unloaded
 * SQLite's addon with the storage thread, and what it had made was still to be collected.
 */
test('closing the store leaves its addon in the process', { timeout: 30_000 }, async (context) => {
  if (process.platform !== 'linux') return context.skip('only Linux tells what a process has loaded');
  const cleanup = new Cleanup();
  context.onTestFinished(() => cleanup.run());
  const folder = temporaryFolder(cleanup);
  const script = join(import.meta.dirname, 'open-and-close.ts');
  const child = fork(script, [join(folder, 'data'), join(folder, 'maps')], { stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(readFileSync(join(folder, 'maps'), 'utf8')).toContain('better-sqlite3');
  return undefined;
});
