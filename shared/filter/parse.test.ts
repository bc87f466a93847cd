import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ageText, readAge } from './age-text.ts';
import { fieldNames, matchOperators, type FilterTerm } from './model.ts';
import { parseFilter } from './parse.ts';
import { printFilter } from './print.ts';

function termsOf(text: string): readonly FilterTerm[] {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value.map(({ term }) => term);
}

describe('reading', () => {
  it.each<[string, readonly FilterTerm[]]>([
    ['', []],
    [
      'disk full',
      [
        { kind: 'word', word: 'disk' },
        { kind: 'word', word: 'full' },
      ],
    ],
    ['"disk full"', [{ kind: 'word', word: 'disk full' }]],
    ['http://x?a=b', [{ kind: 'word', word: 'http://x?a=b' }]],
    [
      '5xx>3 !',
      [
        { kind: 'word', word: '5xx>3' },
        { kind: 'word', word: '!' },
      ],
    ],
    ['team=payments', [{ kind: 'label', name: 'team', operator: '=', value: 'payments' }]],
    ['a=b=c', [{ kind: 'label', name: 'a', operator: '=', value: 'b=c' }]],
    [
      'pod=~"api-\\d+ \\"x\\" \\\\"',
      [{ kind: 'label', name: 'pod', operator: '=~', value: 'api-\\d+ "x" \\' }],
    ],
    ['"service name"!="a"', [{ kind: 'label', name: 'service name', operator: '!=', value: 'a' }]],
    [
      'a="1", b!~2',
      [
        { kind: 'label', name: 'a', operator: '=', value: '1' },
        { kind: 'label', name: 'b', operator: '!~', value: '2' },
      ],
    ],
    ['zone=""', [{ kind: 'label', name: 'zone', operator: '=', value: '' }]],
    ['@age<1h30m', [{ kind: 'age', operator: '<', ageMs: 5_400_000 }]],
    ['@silenced-by', [{ kind: 'field', field: 'silenced-by', operator: '!=', value: '' }]],
    ['@state=unseen', [{ kind: 'field', field: 'state', operator: '=', value: 'unseen' }]],
  ])('%s', (text, expected) => {
    expect(termsOf(text)).toEqual(expected);
  });

  it.each<[string, number, number, RegExp, RegExp]>([
    ['a @sevrity=x', 2, 12, /There is no @sevrity/, /@severity/],
    ['@', 0, 1, /A name is due/, /@age/],
    ['@severity', 9, 9, /An operator is due behind @severity/, /=, !=, =~ or !~/],
    ['@severity>3', 9, 11, /An operator is due/, /=~/],
    ['@state=ringing', 7, 14, /state "ringing"/, /firing, suppressed, unseen, resolved/],
    ['@age=5m', 4, 7, /less or more/, /@age<5m/],
    ['@age<5', 5, 6, /"5" is no age/, /90s, 1h30m/],
    ['@age<', 5, 5, /An age is due/, /90s/],
    ['team=', 5, 5, /A value of team is due/, /"" for none/],
    ['team== x', 5, 6, /begins with = or ~/, /=~/],
    ['x team="pay ments', 7, 17, /not closed/, /" at its end/],
    ['"a"b', 3, 4, /A space is due/, /a space/],
    ['a \u0000', 2, 3, /no NUL/, /^$/],
    ['""=x', 0, 4, /A label has a name/, /between the quotes/],
  ])('%s is refused, with its place and what is accepted', (text, from, to, message, accepted) => {
    const parsed = parseFilter(text);
    expect(parsed).toMatchObject({
      failure: {
        from,
        to,
        message: expect.stringMatching(message),
        accepted: expect.stringMatching(accepted),
      },
    });
  });

  it('is bounded in length and in terms', () => {
    expect(parseFilter('a'.repeat(2_000)).ok).toBe(true);
    expect(parseFilter('a'.repeat(2_001))).toMatchObject({ failure: { from: 2_000 } });
    expect(parseFilter('a '.repeat(50)).ok).toBe(true);
    expect(parseFilter('a '.repeat(51))).toMatchObject({ failure: { from: 100 } });
  });

  it('says where the term begins that cannot be read', () => {
    expect(parseFilter('a "b c" @age<x d')).toMatchObject({ failure: { termFrom: 8, from: 13 } });
  });

  it('says where each term is written', () => {
    const text = ' a  b="c d" @muted';
    const parsed = parseFilter(text);
    const written = parsed.ok ? parsed.value.map(({ from, to }) => text.slice(from, to)) : [];
    expect(written).toEqual(['a', 'b="c d"', '@muted']);
  });
});

const texts = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({
      unit: fc.constantFrom('"', '\\', 'n', '=', '~', '!', '@', ' ', '\n', ',', 'a', '-', '<'),
      maxLength: 12,
    }),
  )
  .filter((text) => !text.includes('\u0000'));
const operators = fc.constantFrom(...matchOperators);
const states = fc.constantFrom('firing', 'suppressed', 'unseen', 'resolved');
const terms: fc.Arbitrary<FilterTerm> = fc.oneof(
  fc.record({ kind: fc.constant('word'), word: texts }),
  fc.record({
    kind: fc.constant('label'),
    name: texts.filter((name) => name !== ''),
    operator: operators,
    value: texts,
  }),
  fc
    .record({
      kind: fc.constant('field'),
      field: fc.constantFrom(...fieldNames),
      operator: operators,
      value: texts,
      state: states,
    })
    .map(({ state, ...term }) => (term.field === 'state' ? { ...term, value: state } : term)),
  fc.record({
    kind: fc.constant('age'),
    operator: fc.constantFrom('<', '>'),
    ageMs: fc.integer({ min: 0, max: 3_650 * 86_400 }).map((seconds) => seconds * 1_000),
  }),
) as fc.Arbitrary<FilterTerm>;

test('what is printed is read as the same terms', () => {
  fc.assert(
    fc.property(fc.array(terms, { maxLength: 8 }), (written) => {
      expect(termsOf(printFilter(written))).toEqual(written);
    }),
  );
});

test('printing what was read changes nothing that is read', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parseFilter(text);
      fc.pre(parsed.ok);
      if (!parsed.ok) return;
      const read = parsed.value.map(({ term }) => term);
      expect(termsOf(printFilter(read))).toEqual(read);
    }),
    { numRuns: 500 },
  );
});

test('any text is read or refused within its bounds', () => {
  const parts = fc.constantFrom(
    '@',
    '@age',
    '<',
    '>',
    '5m',
    '@state',
    '=',
    '!~',
    '"',
    '\\',
    ' ',
    'é',
    '\u{1F525}',
    ',',
  );
  const hostile = fc.oneof(
    texts,
    fc.array(parts, { maxLength: 20 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const parsed = parseFilter(text);
      if (parsed.ok) return;
      const { from, to, message } = parsed.failure;
      expect(message).toMatch(/\.$/);
      expect([from >= 0, from <= to, to <= text.length]).toEqual([true, true, true]);
    }),
    { numRuns: 1_000 },
  );
});

test('ages', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3_650 * 86_400 }), (seconds) => {
      expect(readAge(ageText(seconds * 1_000))).toBe(seconds * 1_000);
    }),
  );
  expect(['', '5', 'm', '-5m', '1.5h', '5 m', '521w4d'].map(readAge)).toEqual(Array(7).fill(undefined));
});

test('a text that is as long as may be, and of nothing but quotes, is read in no time', () => {
  const started = performance.now();
  for (const part of ['"', '\\', '@', '="', 'a=~', '"\\']) parseFilter(part.repeat(2_000 / part.length));
  expect(performance.now() - started).toBeLessThan(500);
});
