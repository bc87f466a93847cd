import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runScript } from './run-script.ts';

/** Prometheus' own engine tests, all of them: they take seconds. `npm run conformance` prints the table. */
const folder = new URL('../../../shared/fixtures/promqltest/', import.meta.url);
const isThere = existsSync(folder);
const names = isThere ? readdirSync(folder).filter((name) => name.endsWith('.test')) : [];

describe.skipIf(!isThere)('Prometheus’ engine tests (needs ../shared/fixtures/promqltest)', () => {
  test.each(names)('%s: no answer is wrong, and nothing of the core is refused', (name) => {
    const run = runScript(readFileSync(new URL(name, folder), 'utf8'));
    expect(run.length).toBeGreaterThan(0);
    const wrong = run
      .filter(
        ({ class: kind, verdict }) =>
          verdict.kind === 'failed' || (kind === 'core' && verdict.kind !== 'passed'),
      )
      .map(({ evaluation, verdict }) => ({ line: evaluation.line, query: evaluation.query, verdict }));
    expect(wrong).toEqual([]);
  });
});
