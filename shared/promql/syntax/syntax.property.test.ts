import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyExpression, withoutSpans } from '#support/promql-trees.ts';
import { depthOf, descendantsOf } from './inspect.ts';
import { maximumLength, parseExpression, parseMetricSelector } from './parse.ts';
import { printExpression } from './printer.ts';
import { typeOf } from './type-of.ts';

const isFull = process.env['OPSSIGHT_FULL'] === '1';

test('what is printed of a tree is read as the same tree', () => {
  fc.assert(
    fc.property(anyExpression, (expression) => {
      const text = printExpression(expression);
      const parsed = parseExpression(text, { experimental: true });
      if (!parsed.ok) throw new Error(`${text}: ${parsed.failure.message}`);
      expect(withoutSpans(parsed.value)).toEqual(withoutSpans(expression));
      expect(typeOf(parsed.value)).toBe(typeOf(expression));
      expect(printExpression(parsed.value)).toBe(text);
    }),
    { numRuns: isFull ? 50_000 : 600 },
  );
});

test('every part of a tree stands where its span says', () => {
  fc.assert(
    fc.property(anyExpression, (expression) => {
      const text = printExpression(expression);
      const parsed = parseExpression(text, { experimental: true });
      if (!parsed.ok) throw new Error(parsed.failure.message);
      for (const part of descendantsOf(parsed.value)) {
        if (part.kind === 'selector' && part.extension !== null) continue;
        const again = parseExpression(text.slice(part.span.start, part.span.end), { experimental: true });
        if (!again.ok)
          throw new Error(`${text.slice(part.span.start, part.span.end)}: ${again.failure.message}`);
        expect(again.value.kind).toBe(part.kind);
      }
    }),
    { numRuns: isFull ? 10_000 : 150 },
  );
});

const pieces = /"(?:\\.|[^"\\])*"|[\w:.]+|\s+|[^]/gu;
const inserted = fc.oneof(
  fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '"',
    "'",
    '`',
    '\\',
    '#',
    '\n',
    '@',
    '!',
    '=~',
    '</',
  ),
  fc.constantFrom(
    'by',
    'on',
    'bool',
    'offset',
    'group_left',
    'fill',
    'sum',
    'rate',
    '5m',
    '0x',
    '1e',
    'Inf',
    '-',
  ),
  fc.constantFrom('step()', 'min_of(', 'start', 'é', '\uD83D', '\uFFFD', '\u0000', '"\\xff"', '{a=~"("}'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

test('a text with anything changed is understood or refused, and nothing is thrown', () => {
  fc.assert(
    fc.property(
      anyExpression,
      fc.array(fc.tuple(fc.nat(), fc.nat(2), inserted), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (expression, changes, experimental) => {
        const parts = printExpression(expression).match(pieces) ?? [];
        for (const [place, removed, piece] of changes)
          parts.splice(place % (parts.length + 1), removed, piece);
        const text = parts.join('');
        const parsed = parseExpression(text, { experimental });
        if (parsed.ok) {
          const again = parseExpression(printExpression(parsed.value), { experimental });
          if (!again.ok) throw new Error(`${printExpression(parsed.value)}: ${again.failure.message}`);
        } else if (parsed.failure.kind === 'bad-data') {
          expect(parsed.failure.message).toMatch(/^(?:\d+:\d+|unknown position): parse error: ./);
          expect(parsed.failure.span?.start).toBeLessThanOrEqual(text.length);
        }
      },
    ),
    { numRuns: isFull ? 100_000 : 1_500 },
  );
});

test.each([
  ['parentheses', '('.repeat(60_000)],
  ['signs', '-'.repeat(60_000)],
  ['a chain', `a${'+a'.repeat(20_000)}`],
  ['a chain of powers', `a${'^a'.repeat(60_000)}`],
  ['subqueries', `a${'[5m:]'.repeat(5_000)}`],
  ['aggregations', 'sum('.repeat(30_000)],
  ['parentheses in a duration', `a[${'('.repeat(60_000)}`],
  ['signs in a duration', `a[${'-'.repeat(60_000)}5]`],
  ['a chain in a duration', `a[1${'+1'.repeat(60_000)}]`],
  ['too much of anything', ' '.repeat(maximumLength + 1)],
])('%s without end are refused', (_, text) => {
  const parsed = parseExpression(text);
  expect(parsed.ok ? null : parsed.failure.kind).toBe('limit');
});

test('a chain of some hundred operators is understood', () => {
  const parsed = parseExpression(`a${' or a'.repeat(450)}`);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  expect(depthOf(parsed.value)).toBe(451);
});

test('a selector is read alone, and may select everything', () => {
  expect(parseMetricSelector('up{job="a",}')).toEqual({
    ok: true,
    value: [
      { name: 'job', operator: '=', value: 'a' },
      { name: '__name__', operator: '=', value: 'up' },
    ],
  });
  expect(parseMetricSelector('{}')).toEqual({ ok: true, value: [] });
  expect(parseMetricSelector('up[5m]')).toMatchObject({
    failure: { message: '1:3: parse error: unexpected "["' },
  });
});
