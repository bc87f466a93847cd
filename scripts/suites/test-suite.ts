import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlaywrightReport } from './playwright-report.ts';
import type { Counts, Need, Suite, SuiteResult } from './suite.ts';
import { runTool } from '../run-tool.ts';
import { readVitestReport, type VitestCounts } from './vitest-report.ts';

/** Suites of many tests: a test runner in a process of its own, whose report is read for the counts. */

interface TestSuiteOptions {
  readonly limitSeconds: number;
  readonly needs?: readonly Need[];
  /** So many files at once: one for tests that measure time, more than cores for those that wait; else one a core. */
  readonly filesAtOnce?: number;
}

interface Runner {
  readonly tool: string;
  readonly args: readonly string[];
  readonly env: (reportFile: string) => Readonly<Record<string, string>>;
  readonly read: (report: string) => Counts & Partial<Pick<VitestCounts, 'died' | 'running'>>;
}

/** A project of vitest.config.ts. */
export function vitestSuite(name: string, options: TestSuiteOptions): Suite {
  const { filesAtOnce = availableParallelism() } = options;
  return testSuite(name, options, {
    tool: 'vitest',
    args: ['run', '--project', name, `--maxWorkers=${filesAtOnce}`],
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
  const endAtMs = Date.now() + limitMs;
  const first = await runOnce(runner, limitMs);
  const died = first.died;
  if (died.length === 0 || died.length > mostRunAgain) return withDead(first);
  // Native code that ends a process is no test's verdict. Once more, and said whatever comes of it.
  const files = died.map(({ file }) => file);
  const again = { ...runner, args: [...runner.args, ...files] };
  const second = withDead(await runOnce(again, Math.max(1, endAtMs - Date.now())));
  return {
    passed: first.passed + second.passed,
    failed: first.failed + second.failed,
    skipped: [...first.skipped, ...second.skipped],
    output: `${first.output}\n${second.output}`,
    note: died.map(({ file, signal }) => `${file}: its process was ended by ${signal}; run again`).join('\n'),
  };
}

/** More than these are no accident. */
const mostRunAgain = 2;

type Run = SuiteResult & Pick<VitestCounts, 'died'>;

/** A file that died and is not run again is a failure of its own. */
function withDead({ died, ...result }: Run): SuiteResult {
  return { ...result, failed: result.failed + died.length };
}

async function runOnce(runner: Runner, limitMs: number): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'opssight-report-'));
  const reportFile = join(folder, 'report.json');
  try {
    const outcome = await runTool(runner.tool, runner.args, limitMs, {
      ...runner.env(reportFile),
      NO_COLOR: '1',
    });
    const counts: ReturnType<Runner['read']> = existsSync(reportFile)
      ? runner.read(readFileSync(reportFile, 'utf8'))
      : { passed: 0, failed: 0, skipped: [] };
    const died = counts.died ?? [];
    const complaint = outcome.timedOut
      ? endedAtLimit(counts.running ?? [])
      : complaintAbout(outcome.exitCode, counts, died.length > 0);
    if (complaint === undefined) return { ...counts, died, output: outcome.output };
    // A suite that broke outside its tests is one failure of its own.
    const failed = Math.max(1, counts.failed);
    return { ...counts, died, failed, output: `${outcome.output}\n${complaint}\n` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function endedAtLimit(running: readonly string[]): string {
  const files = running.length === 0 ? 'no file' : running.join(', ');
  return `The suite was killed at its time limit, with ${files} under way.`;
}

function complaintAbout(exitCode: number | null, counts: Counts, hasDead: boolean): string | undefined {
  if (hasDead && exitCode !== null) return undefined;
  if (exitCode !== 0) return `The suite ended with exit code ${exitCode ?? 'none'}.`;
  if (counts.passed + counts.failed + counts.skipped.length === 0) return 'The suite ran no test.';
  return undefined;
}
