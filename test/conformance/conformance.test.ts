import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runScript } from './run-script.ts';

/**
 * A sample of Prometheus' own engine tests, in every run of the suite; `npm run conformance` runs them all
 * and prints the table. With `OPSSIGHT_FULL` they are all run here, too.
 */
const folder = new URL('../../../shared/fixtures/promqltest/', import.meta.url);
const isThere = existsSync(folder);
const names = isThere ? readdirSync(folder).filter((name) => name.endsWith('.test')) : [];
/** Of so many evaluations one is run. */
const thinning = process.env['OPSSIGHT_FULL'] === '1' ? 1 : 8;

describe.skipIf(!isThere)('Prometheus’ engine tests (needs ../shared/fixtures/promqltest)', () => {
  test.each(names)('%s: what needs no experiment and no native histogram is answered alike', (name) => {
    const run = runScript(readFileSync(new URL(name, folder), 'utf8'), (place) => place % thinning === 0);
    expect(run.length).toBeGreaterThan(0);
    const wrong = run
      .filter(({ class: kind, verdict }) => kind === 'core' && verdict.kind !== 'passed')
      .map(({ evaluation, verdict }) => ({ line: evaluation.line, query: evaluation.query, verdict }));
    expect(wrong).toEqual([]);
  });
});
