import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { TestModule } from 'vitest/node';
import { readPlaywrightReport } from './playwright-report.ts';
import { deathIn, readVitestReport, reasonOf, vitestReportWriter } from './vitest-report.ts';

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

test('a test that is left out tells why: itself, or the name of its group', () => {
  const group = 'answers of v3 (needs ../shared/fixtures/jaeger) > a trace';
  expect(reasonOf(group, undefined)).toBe('needs ../shared/fixtures/jaeger');
  expect(reasonOf(group, 'no display')).toBe('no display');
  expect(reasonOf('a trace (whole)', undefined)).toBe('no reason given');
});

test('a file whose process was ended by a signal is told from every other error', () => {
  const cause = new Error(
    'Worker exited unexpectedly with signal SIGSEGV during started state while running test file /a/b.test.ts',
  );
  const pool = '[vitest-pool]: Worker forks emitted error.';
  expect(deathIn(new Error(pool, { cause }))).toEqual({ file: '/a/b.test.ts', signal: 'SIGSEGV' });
  expect(deathIn(new Error(pool, { cause: new Error('Worker exited with code 1') }))).toBeUndefined();
  expect(deathIn(new Error('an unhandled rejection'))).toBeUndefined();
});

test('a run that is killed has said which files it had under way', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opssight-report-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'report.json');
  const writer = vitestReportWriter(file);
  const moduleAt = (relativeModuleId: string): TestModule => ({ relativeModuleId }) as TestModule;
  writer.onTestModuleQueued?.(moduleAt('a.test.ts'));
  writer.onTestModuleQueued?.(moduleAt('b.test.ts'));
  writer.onTestModuleEnd?.(moduleAt('a.test.ts'));
  expect(readVitestReport(readFileSync(file, 'utf8')).running).toEqual(['b.test.ts']);
});
