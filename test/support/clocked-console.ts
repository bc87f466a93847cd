import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBrowserHost } from '#host/browser/browser-host.ts';
import { inProject } from '../../scripts/project.ts';
import type { Cleanup } from './cleanup.ts';

/** The console over the browser host whose core lives in a time that the test sets; the window does not. */
export interface ClockedConsole {
  readonly address: string;
  /** The core's clock jumps ahead. */
  advance(ms: number): void;
}

export async function startClockedConsole(
  paths: { readonly dataDirectory: string; readonly configurationPath: string },
  cleanup: Cleanup,
): Promise<ClockedConsole> {
  const clock = join(paths.configurationPath, '../ahead-ms');
  let aheadMs = 0;
  writeFileSync(clock, '0');
  process.env['OPSSIGHT_TEST_CLOCK'] = clock;
  const host = await startBrowserHost({
    coreStart: { ...paths, demo: null, discovery: [] },
    windowDirectory: inProject('dist/renderer'),
    port: 0,
    coreEntry: join(import.meta.dirname, 'clocked-core.ts'),
  });
  if (!host.ok) throw new Error(host.failure);
  cleanup.add(() => host.value.close());
  return {
    address: host.value.address,
    advance: (ms) => {
      // Never half written: an empty file would be a jump back.
      writeFileSync(`${clock}.new`, String((aheadMs += ms)));
      renameSync(`${clock}.new`, clock);
    },
  };
}
