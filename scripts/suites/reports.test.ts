import { expect, test } from 'vitest';
import { readPlaywrightReport } from './playwright-report.ts';
import { readVitestReport } from './vitest-report.ts';

const skipped = { status: 'skipped', annotations: [{ type: 'skip', description: 'no display' }] };

function spec(title: string, ...tests: readonly unknown[]): unknown {
  return { title, tests };
}

test('counts of a Playwright report, over nested suites', () => {
  const report = {
    errors: [],
    suites: [
      {
        specs: [spec('a', { status: 'expected', annotations: [] })],
        suites: [
          {
            specs: [
              spec('b', { status: 'unexpected', annotations: [] }),
              spec('c', { status: 'flaky', annotations: [] }),
              spec('d', skipped),
            ],
          },
        ],
      },
    ],
  };
  expect(readPlaywrightReport(JSON.stringify(report))).toEqual({
    passed: 1,
    failed: 2,
    skipped: [{ name: 'd', reason: 'no display' }],
  });
});

test('an error outside of any Playwright test is a failure', () => {
  expect(readPlaywrightReport(JSON.stringify({ errors: [{ message: 'x' }], suites: [] })).failed).toBe(1);
});

test('a report of another shape is refused instead of read as no tests', () => {
  expect(() => readPlaywrightReport('{}')).toThrow('suites');
  expect(() => readVitestReport('{"passed":1}')).toThrow('failed');
});
