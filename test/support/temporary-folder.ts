import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from './cleanup.ts';

/** An empty folder of the test's own, gone when the test is. */
export function temporaryFolder(cleanup: Cleanup): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'opssight-test-')));
  cleanup.add(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}
