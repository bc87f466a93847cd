import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LabelMatcher, LineFilter } from './matching.ts';
import { printFilters, printSelector } from './print.ts';
import { readLogQuery } from './read-query.ts';
import { quoted, unquoted } from './strings.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 20 });
const name = fc
  .stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/)
  .filter((word) => !/^(?:and|or|unless|by|on|bool|ip|without|ignoring|offset)$/i.test(word));
const exact = fc.record({ name, operator: fc.constantFrom('=', '!='), value: anyText });
const byPattern = fc.record({
  name,
  operator: fc.constantFrom('=~', '!~'),
  value: fc.constantFrom('.+', 'a|b', '(?i)x', '\\d"'),
});
const matchers = fc.array(fc.oneof(exact, byPattern), { minLength: 1, maxLength: 5 }) as fc.Arbitrary<
  LabelMatcher[]
>;
const filters = fc.array(
  fc.oneof(
    fc.record({
      operator: fc.constantFrom('|=', '!='),
      values: fc.array(anyText, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      operator: fc.constantFrom('|~', '!~'),
      values: fc.array(fc.constantFrom('x.*', '`', '\\.'), { minLength: 1, maxLength: 3 }),
    }),
  ),
  { maxLength: 4 },
) as fc.Arbitrary<LineFilter[]>;

function read(query: string) {
  const parts = readLogQuery(query);
  if (!parts.ok) throw new Error(parts.failure.message);
  return parts.value;
}

describe('text literals', () => {
  test('a quoted text means the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unquoted(quoted(text))).toEqual({ ok: true, value: text });
      }),
    );
  });

  test.each([
    [String.raw`"\x41\x42"`, 'AB'],
    [String.raw`"\xc3\xa9"`, 'é'],
    [String.raw`"\303\251"`, 'é'],
    [String.raw`"é\U0001F600\t\\"`, 'é😀\t\\'],
    ['`a\\nb"`', 'a\\nb"'],
    [String.raw`"\\d+\""`, String.raw`\d+"`],
  ])('%s', (literal, text) => {
    expect(unquoted(literal)).toEqual({ ok: true, value: text });
  });

  test.each([
    String.raw`"\q"`,
    String.raw`"\d"`,
    String.raw`"\ud800"`,
    String.raw`"\x4"`,
    '"',
    "'a'",
    '"a\nb"',
  ])('refuses %s', (literal) => expect(unquoted(literal).ok).toBe(false));
});

describe('reading a query', () => {
  test('what is printed is read as it was, and printed again the same', () => {
    fc.assert(
      fc.property(matchers, filters, (selector, lineFilters) => {
        const [selectorText, filtersText] = [printSelector(selector), printFilters(lineFilters)];
        const parts = read(`${selectorText} ${filtersText}`);
        expect(parts.selectorText).toBe(selectorText);
        expect(parts.filtersText).toBe(filtersText);
        expect(printSelector(parts.selector)).toBe(selectorText);
        expect(parts.unanswered).toEqual([]);
        expect(parts.isAsStored).toBe(true);
        const said = (list: readonly LabelMatcher[]) =>
          new Set(list.map((one) => JSON.stringify([one.name, one.operator, one.value])));
        expect(said(parts.selector)).toEqual(said(selector));
      }),
      { numRuns: 200 },
    );
  });

  test('spellings of one question are one text', () => {
    const one = read('{ app = "web",env=~"p.+" }  |= "a" != `b` # said\n |= ""');
    const other = read('{env=~`p.+`, app="\\x77eb", app="web"} != "b" |= "a"');
    expect(one.selectorText).toBe('{app="web", env=~"p.+"}');
    expect(one.filtersText).toBe('!= "b" |= "a"');
    expect([other.selectorText, other.filtersText]).toEqual([one.selectorText, one.filtersText]);
  });

  test.each([
    ['{a="b"} | json', [], ['json'], true],
    ['{a="b"} | json | level="error"', ['level="error"'], ['json'], true],
    ['{a="b"} | logfmt | line_format "{{.x}}" |= "y"', ['|= "y"'], ['logfmt', 'line_format "{{.x}}"'], false],
    ['{a="b"} | decolorize', [], ['decolorize'], false],
    ['{a="b"} | unpack', [], ['unpack'], false],
    ['{a="b"} | drop x | keep y', [], ['drop x', 'keep y'], false],
    ['{a="b"} |> "<_> x"', ['|> "<_> x"'], [], true],
    ['{a="b"} |= ip("10.0.0.0/8")', ['|= ip("10.0.0.0/8")'], [], true],
    ['{a="b"} | duration > 5s', ['duration > 5s'], [], true],
  ])('%s', (query, unanswered, ignored, isAsStored) => {
    expect(read(query)).toMatchObject({
      unanswered,
      ignored,
      isAsStored,
      isMetric: false,
      selectorText: '{a="b"}',
    });
  });

  test('filters after a parser are of the line as it is stored', () => {
    expect(read('{a="b"} | json |= "x" or "y"').filters).toEqual([{ operator: '|=', values: ['x', 'y'] }]);
  });

  test('a metric query is one', () => {
    const query = 'sum by (level) (count_over_time({a="b"} |= "x" [5m]))';
    expect(read(query)).toMatchObject({
      isMetric: true,
      selectorText: '{a="b"}',
      filters: [],
      unanswered: [query],
    });
    expect(read('1 + 1').isMetric).toBe(true);
  });

  test.each([
    ['', 0, 'empty'],
    ['{a="b"', 6, 'not finished'],
    ['{a="b",}', 7, 'not expected'],
    ['{a="b"} |= "x', 11, 'not expected'],
    ['{a="b"}{c="d"}', 7, 'not expected'],
    ['{a=~"("}', 0, 'missing closing'],
    ['{a="b"} |~ "["', 8, 'missing closing'],
    ['{a="\\q"}', 3, 'escape'],
  ])('%j is refused with its place', (query, from, message) => {
    const parts = readLogQuery(query);
    expect(parts).toMatchObject({ ok: false, failure: { from, message: expect.stringContaining(message) } });
  });

  test('any text is read or refused, never thrown', () => {
    const piece = fc.oneof(
      fc.constantFrom('{', '}', 'a', '=', '"b"', '|=', '|', 'json', '`', '(', '[5m]', 'rate', '\\', '"'),
      anyText,
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const parts = readLogQuery(pieces.join(' '));
        if (!parts.ok) expect(parts.failure.from).toBeLessThanOrEqual(parts.failure.to);
      }),
    );
  });
});
