import { inspect } from 'node:util';
import { allSuites } from './suites/all-suites.ts';
import { Needs } from './suites/needs.ts';
import type { SkippedTest, Suite, SuiteResult } from './suites/suite.ts';

/**
 * `npm test [-- SUITE …]` and `npm run check`: runs the suites one after the other, quiet where all is
 * well, and ends with the counts on a line of their own. `--full` takes the larger samples.
 */

/** The larger samples take longer. */
const fullFactor = 4;

/** Answers the exit code: 0 where no test failed. */
export async function main(argv: readonly string[]): Promise<number> {
  const full = argv.includes('--full');
  const names = argv.filter((argument) => argument !== '--full');
  const unknown = names.filter((name) => !allSuites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    console.error(
      `no such suite: ${unknown.join(', ')}; there are ${allSuites.map(({ name }) => name).join(', ')}`,
    );
    return 2;
  }
  if (full) process.env['OPSSIGHT_FULL'] = '1';
  const chosen = names.length === 0 ? allSuites : allSuites.filter(({ name }) => names.includes(name));
  const results = await runSuites(chosen, full ? fullFactor : 1);
  return report(results);
}

async function runSuites(suites: readonly Suite[], limitFactor: number): Promise<readonly SuiteResult[]> {
  const needs = new Needs((line) => console.log(line));
  const results: SuiteResult[] = [];
  console.log(`${'suite'.padEnd(10)}${'seconds'.padStart(9)}  passed/failed/skipped`);
  for (const suite of suites) {
    const startedAtMs = Date.now();
    const result = await runSuite(suite, needs, suite.limitSeconds * 1_000 * limitFactor);
    results.push(result);
    const seconds = ((Date.now() - startedAtMs) / 1_000).toFixed(1);
    const counts = `${result.passed}/${result.failed}/${result.skipped.length}`;
    if (result.failed > 0) console.log(result.output.trimEnd());
    if (result.note !== undefined) console.log(result.note);
    console.log(`${suite.name.padEnd(10)}${seconds.padStart(9)}  ${counts}`);
  }
  return results;
}

async function runSuite(suite: Suite, needs: Needs, limitMs: number): Promise<SuiteResult> {
  try {
    const reason = await needs.reasonAgainst(suite.needs);
    if (reason === undefined) return await suite.run(limitMs);
    return { passed: 0, failed: 0, skipped: [{ name: `suite ${suite.name}`, reason }], output: '' };
  } catch (error) {
    // What it needs is part of the project and broken, such as a window that does not build.
    return { passed: 0, failed: 1, skipped: [], output: inspect(error) };
  }
}

function report(results: readonly SuiteResult[]): number {
  const passed = sum(results.map((result) => result.passed));
  const failed = sum(results.map((result) => result.failed));
  const skipped = results.flatMap((result) => result.skipped);
  printSkipped(skipped);
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function printSkipped(skipped: readonly SkippedTest[]): void {
  const namesByReason = Map.groupBy(skipped, ({ reason }) => reason);
  for (const [reason, tests] of namesByReason) {
    console.log(`skipped: ${reason}`);
    for (const { name } of tests) console.log(`  ${name}`);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
