import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withoutSpans } from '#support/promql-trees.ts';
import { parseExpression } from './parse.ts';
import { printExpression } from './printer.ts';

/** The queries of Prometheus' own engine tests, as far as they lie beside the checkout. */
const folder = new URL('../../../../shared/fixtures/promqltest/', import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.test')) : [];

const evaluations = [
  /^eval(?:_\w+)?\s+instant\s+(?:at\s+.+?)?\s+(.+)$/,
  /^eval(?:_\w+)?\s+range\s+from\s+.+\s+to\s+.+\s+step\s+.+?\s+(.+)$/,
];

function queriesIn(name: string): readonly string[] {
  const lines = readFileSync(new URL(name, folder), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [match] = evaluations.flatMap((form) => form.exec(line.trim()) ?? []).slice(1);
    return match === undefined ? [] : [match];
  });
}

describe.skipIf(files.length === 0)(
  'queries of Prometheus’ engine tests (needs ../shared/fixtures/promqltest)',
  () => {
    test.each(files)('%s is understood, and read again from its print', (name) => {
      for (const text of queriesIn(name)) {
        const parsed = parseExpression(text, { experimental: true });
        if (!parsed.ok) throw new Error(`${text}: ${parsed.failure.message}`);
        const printed = printExpression(parsed.value);
        const again = parseExpression(printed, { experimental: true });
        if (!again.ok) throw new Error(`${printed}: ${again.failure.message}`);
        expect(withoutSpans(again.value), printed).toEqual(withoutSpans(parsed.value));
      }
    });

    test('they are all there', () => {
      expect(files.flatMap(queriesIn).length).toBeGreaterThanOrEqual(2_214);
    });

    test('one takes at most 25 microseconds, once warm', (context) => {
      context.skip(process.env['OPSSIGHT_FULL'] !== '1', 'measures time; `npm run check` does');
      const texts = files.flatMap(queriesIn);
      const rounds = Array.from({ length: 20 }, () => {
        const begin = performance.now();
        for (const text of texts) parseExpression(text, { experimental: true });
        return ((performance.now() - begin) * 1_000) / texts.length;
      });
      expect(Math.min(...rounds)).toBeLessThan(25);
    });
  },
);
