import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlaywrightReport } from './playwright-report.ts';
import type { Counts, Need, Suite, SuiteResult } from './suite.ts';
import { runTool } from '../run-tool.ts';
import { readVitestReport } from './vitest-report.ts';

/** Suites of many tests: a test runner in a process of its own, whose report is read for the counts. */

interface TestSuiteOptions {
  readonly limitSeconds: number;
  readonly needs?: readonly Need[];
  /** One file after the other: for tests that start servers and measure time. */
  readonly serial?: boolean;
}

interface Runner {
  readonly tool: string;
  readonly args: readonly string[];
  readonly env: (reportFile: string) => Readonly<Record<string, string>>;
  readonly read: (report: string) => Counts;
}

/** A project of vitest.config.ts. */
export function vitestSuite(name: string, options: TestSuiteOptions): Suite {
  const serial = options.serial === true ? ['--no-file-parallelism'] : [];
  return testSuite(name, options, {
    tool: 'vitest',
    args: ['run', '--project', name, ...serial],
    env: (reportFile) => ({ OPSSIGHT_VITEST_REPORT: reportFile }),
    read: readVitestReport,
  });
}

/** The journeys under test/e2e. */
export function playwrightSuite(name: string, options: TestSuiteOptions): Suite {
  return testSuite(name, options, {
    tool: 'playwright',
    args: ['test', '--reporter=list,json'],
    env: (reportFile) => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile }),
    read: readPlaywrightReport,
  });
}

function testSuite(name: string, options: TestSuiteOptions, runner: Runner): Suite {
  return {
    name,
    limitSeconds: options.limitSeconds,
    needs: options.needs ?? [],
    run: (limitMs) => runTests(runner, limitMs),
  };
}

async function runTests(runner: Runner, limitMs: number): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'opssight-report-'));
  const reportFile = join(folder, 'report.json');
  try {
    const outcome = await runTool(runner.tool, runner.args, limitMs, {
      ...runner.env(reportFile),
      FORCE_COLOR: '0',
    });
    const counts = existsSync(reportFile)
      ? runner.read(readFileSync(reportFile, 'utf8'))
      : { passed: 0, failed: 0, skipped: [] };
    const complaint = complaintAbout(outcome.exitCode, outcome.timedOut, counts);
    if (complaint === undefined) return { ...counts, output: outcome.output };
    // A suite that broke outside its tests is one failure of its own.
    return { ...counts, failed: Math.max(1, counts.failed), output: `${outcome.output}\n${complaint}\n` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function complaintAbout(exitCode: number | null, timedOut: boolean, counts: Counts): string | undefined {
  if (timedOut) return 'The suite was killed at its time limit.';
  if (exitCode !== 0) return `The suite ended with exit code ${exitCode ?? 'none'}.`;
  if (counts.passed + counts.failed + counts.skipped.length === 0) return 'The suite ran no test.';
  return undefined;
}
