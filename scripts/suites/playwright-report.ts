import * as v from 'valibot';
import type { Counts, SkippedTest } from './suite.ts';

/** Reads the counts out of Playwright's JSON report. */

const testSchema = v.object({
  status: v.picklist(['expected', 'unexpected', 'flaky', 'skipped']),
  annotations: v.array(v.object({ type: v.string(), description: v.optional(v.string()) })),
});
const specSchema = v.object({ title: v.string(), tests: v.array(testSchema) });

interface ReportSuite {
  readonly specs: readonly v.InferOutput<typeof specSchema>[];
  readonly suites?: readonly ReportSuite[] | undefined;
}
const suiteSchema: v.GenericSchema<unknown, ReportSuite> = v.object({
  specs: v.array(specSchema),
  suites: v.optional(v.lazy(() => v.array(suiteSchema))),
});
const reportSchema = v.object({ suites: v.array(suiteSchema), errors: v.array(v.unknown()) });

export function readPlaywrightReport(report: string): Counts {
  const { suites, errors } = v.parse(reportSchema, JSON.parse(report));
  let passed = 0;
  let failed = errors.length;
  const skipped: SkippedTest[] = [];
  for (const spec of suites.flatMap(specsOf)) {
    for (const test of spec.tests) {
      if (test.status === 'expected') passed++;
      else if (test.status === 'skipped') skipped.push({ name: spec.title, reason: reasonOf(test) });
      else failed++;
    }
  }
  return { passed, failed, skipped };
}

function specsOf(suite: ReportSuite): ReportSuite['specs'] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}

function reasonOf(test: v.InferOutput<typeof testSchema>): string {
  return test.annotations.find((annotation) => annotation.type === 'skip')?.description ?? 'no reason given';
}
