import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { inProject } from '../../scripts/project.ts';
import { readVitestReport } from '../../scripts/suites/vitest-report.ts';

/** Which specs real Electron is spared: any program takes its place here, because none may be started. */

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

it('real Electron is spared the specs of tray and choices, each by name and with the reason', async () => {
  const report = join(temporaryFolder(cleanup), 'report.json');
  const specs = ['shell-parts', 'shell-choices', 'shell-notices'].map(
    (name) => `test/electron/${name}.test.ts`,
  );
  const args = [inProject('node_modules/vitest/vitest.mjs'), 'run', '--project', 'desktop', ...specs];
  const env = { ...process.env, OPSSIGHT_ELECTRON: process.execPath, OPSSIGHT_VITEST_REPORT: report };
  await promisify(execFile)(process.execPath, args, { cwd: inProject('.'), env });
  const { passed, failed, skipped } = readVitestReport(readFileSync(report, 'utf8'));
  expect([passed, failed]).toEqual([0, 0]);
  expect(skipped.length).toBeGreaterThan(20);
  expect([...new Set(skipped.map(({ reason }) => reason))]).toEqual([
    expect.stringContaining('only the stand-in can tell'),
  ]);
}, 60_000);
