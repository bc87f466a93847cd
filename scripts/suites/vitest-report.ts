import { writeFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Reporter, TestModule } from 'vitest/node';
import type { Counts, SkippedTest } from './suite.ts';

/**
 * What a vitest run says to the runner: counts, why each skipped test was skipped, which vitest's own JSON
 * report leaves out, and which files' processes were ended by a signal: of those nothing is counted, as
 * the runner runs them again. Written by the reporter inside the run, read by the runner outside; a run
 * that was killed leaves what it had under way.
 */
export interface VitestCounts extends Counts {
  readonly died: readonly DeadFile[];
  /** Test files that have begun and not ended. */
  readonly running: readonly string[];
}

interface DeadFile {
  readonly file: string;
  /** Such as SIGSEGV. */
  readonly signal: string;
}

const reportSchema = v.object({
  passed: v.number(),
  failed: v.number(),
  skipped: v.array(v.object({ name: v.string(), reason: v.string() })),
  died: v.array(v.object({ file: v.string(), signal: v.string() })),
  running: v.array(v.string()),
});

export function readVitestReport(report: string): VitestCounts {
  return v.parse(reportSchema, JSON.parse(report));
}

/** Writes the report to the file that the runner named. */
export function vitestReportWriter(file: string): Reporter {
  const running = new Set<string>();
  const write = (counts: VitestCounts): void => writeFileSync(file, JSON.stringify(counts));
  const writeRunning = (): void =>
    write({ passed: 0, failed: 0, skipped: [], died: [], running: [...running] });
  return {
    onTestModuleQueued({ relativeModuleId }) {
      running.add(relativeModuleId);
      writeRunning();
    },
    onTestModuleEnd({ relativeModuleId }) {
      running.delete(relativeModuleId);
      writeRunning();
    },
    onTestRunEnd(modules, errors) {
      write(countRun(modules, errors));
    },
  };
}

const death = /exited unexpectedly with signal (SIG[A-Z]+)\b.* running test file (.+)$/;

/** Exported for its tests. */
export function deathIn(error: { readonly cause?: unknown }): DeadFile | undefined {
  const cause = error.cause;
  if (typeof cause !== 'object' || cause === null || !('message' in cause)) return undefined;
  const [, signal, file] = death.exec(String(cause.message)) ?? [];
  return signal === undefined || file === undefined ? undefined : { file, signal };
}

const needed = /\((needs [^)]+)\)/;

/** A group that is left out as a whole can give no reason but in its name. Exported for its tests. */
export function reasonOf(fullName: string, note: string | undefined): string {
  return note ?? needed.exec(fullName)?.[1] ?? 'no reason given';
}

function countRun(
  modules: readonly TestModule[],
  errors: readonly { readonly cause?: unknown }[],
): VitestCounts {
  const died = errors.flatMap((error) => deathIn(error) ?? []);
  const dead = new Set(died.map(({ file }) => file));
  const counts = countTests(modules.filter(({ moduleId }) => !dead.has(moduleId)));
  return { ...counts, failed: counts.failed + errors.length - died.length, died, running: [] };
}

function countTests(modules: readonly TestModule[]): Counts {
  let passed = 0;
  let failed = 0;
  const skipped: SkippedTest[] = [];
  for (const module of modules) {
    // A file that could not be loaded has no tests to count.
    if (module.errors().length > 0) failed++;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') passed++;
      else if (result.state === 'skipped')
        skipped.push({ name: test.fullName, reason: reasonOf(test.fullName, result.note) });
      else failed++;
    }
  }
  return { passed, failed, skipped };
}
