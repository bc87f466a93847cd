import { writeFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Reporter, TestModule } from 'vitest/node';
import type { Counts, SkippedTest } from './suite.ts';

/**
 * What a vitest run says to the runner: counts, and why each skipped test was skipped, which vitest's own
 * JSON report leaves out. Written by the reporter inside the run, read by the runner outside.
 */

const reportSchema = v.object({
  passed: v.number(),
  failed: v.number(),
  skipped: v.array(v.object({ name: v.string(), reason: v.string() })),
});

export function readVitestReport(report: string): Counts {
  return v.parse(reportSchema, JSON.parse(report));
}

/** Writes the report to the file that the runner named. */
export function vitestReportWriter(file: string): Reporter {
  return {
    onTestRunEnd(modules) {
      writeFileSync(file, JSON.stringify(countTests(modules)));
    },
  };
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
        skipped.push({ name: test.fullName, reason: result.note ?? 'no reason given' });
      else failed++;
    }
  }
  return { passed, failed, skipped };
}
