import { runTool } from '../run-tool.ts';
import type { Suite, SuiteResult } from './suite.ts';

/** A suite that is one test: commands that must all succeed. It stops at the first that does not. */
export function checkSuite(
  name: string,
  limitSeconds: number,
  commands: readonly (readonly [tool: string, ...args: string[]])[],
): Suite {
  return { name, limitSeconds, needs: [], run: (limitMs) => runChecks(commands, Date.now() + limitMs) };
}

async function runChecks(
  commands: readonly (readonly [tool: string, ...args: string[]])[],
  endAtMs: number,
): Promise<SuiteResult> {
  for (const [tool, ...args] of commands) {
    const outcome = await runTool(tool, args, Math.max(1, endAtMs - Date.now()));
    if (outcome.exitCode === 0) continue;
    const cause = outcome.timedOut ? 'killed at the time limit' : `exit code ${outcome.exitCode ?? 'none'}`;
    return {
      passed: 0,
      failed: 1,
      skipped: [],
      output: `${outcome.output}\n${[tool, ...args].join(' ')}: ${cause}\n`,
    };
  }
  return { passed: 1, failed: 0, skipped: [], output: '' };
}
