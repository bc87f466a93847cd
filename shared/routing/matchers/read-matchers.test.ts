import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesAll, matcherText, type LabelMatcher } from './label-matcher.ts';
import { matcherModes, readMatchers, type MatcherMode } from './read-matchers.ts';

function read(text: string, mode: MatcherMode): string | null {
  const matchers = readMatchers(text, mode);
  return matchers.ok ? matchers.value.map(matcherText).join(' ') : null;
}

/** What Alertmanager 0.33's own tool says of each; null is a refusal. */
describe('both syntaxes, and which of them wins', () => {
  test.each<[text: string, fallback: string | null, classic: string | null, strict: string | null]>([
    ['a=b', 'a="b"', 'a="b"', 'a="b"'],
    ['a =~ "b|c" , d!=e', 'a=~"b|c" d!="e"', 'a=~"b|c" d!="e"', 'a=~"b|c" d!="e"'],
    ['{a="b",}', 'a="b"', 'a="b"', 'a="b"'],
    ['', '', '', ''],
    ['{}', '', '', ''],
    ['a=', 'a=""', 'a=""', null],
    ['a.b=c', '"a.b"="c"', null, '"a.b"="c"'],
    ['"a b"=c', '"a b"="c"', null, '"a b"="c"'],
    ['""=x', '""="x"', null, '""="x"'],
    ['0a=b', '"0a"="b"', null, '"0a"="b"'],
    ['a:b=c', 'a:b="c"', 'a:b="c"', 'a:b="c"'],
    ['a=b c', 'a="b c"', 'a="b c"', null],
    ["a='x'", 'a="\'x\'"', 'a="\'x\'"', null],
    ['a=x=y', 'a="x=y"', 'a="x=y"', null],
    ['a=~~b', 'a=~"~b"', 'a=~"~b"', null],
    ['a=~\\d+', 'a=~"\\\\d+"', 'a=~"\\\\d+"', null],
    ['{a=b', 'a="b"', 'a="b"', null],
    ['a=b}', 'a="b"', 'a="b"', null],
    // Where both read it and differ, the older meaning holds: here `\u` is an escape only in the newer.
    ['a="\\u00fc"', 'a="\\\\u00fc"', 'a="\\\\u00fc"', 'a="ü"'],
    ['a="x\\d"', 'a="x\\\\d"', 'a="x\\\\d"', null],
    ['a="\\xf0"', 'a="\\\\xf0"', 'a="\\\\xf0"', null],
    ['a="b\nc"', 'a="b\\nc"', 'a="b\\nc"', null],
    ['a="\\\\,b=c"', 'a="\\\\,b=c"', 'a="\\\\,b=c"', 'a="\\\\,b=c"'],
    ['a\u00a0=b', 'a="b"', null, 'a="b"'],
    ['a="x"y"', null, null, null],
    ['a="', null, null, null],
    ['a=b,,c=d', null, null, null],
    [',a=b', null, null, null],
    ['a!b', null, null, null],
    ['=b', null, null, null],
    ['a', null, null, null],
    ['a=~"("', null, null, null],
    ['a=~"(?=x)"', null, null, null],
    // No space of Unicode's, so it is a name without an operator.
    ['\ufeff', null, null, null],
    ['\u0085', '', '', ''],
  ])('%j', (text, ...expected) => {
    expect([read(text, 'fallback'), read(text, 'classic'), read(text, 'utf8-strict')]).toEqual(expected);
  });

  test('what is written is read again, in every mode that has the name', () => {
    const matcher = fc.record({
      name: fc.constantFrom('a', 'severity', '_x1'),
      operator: fc.constantFrom('=' as const, '!=' as const),
      value: fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed()),
    });
    fc.assert(
      fc.property(fc.array(matcher, { minLength: 1 }), fc.constantFrom(...matcherModes), (matchers, mode) => {
        const text = matchers.map(matcherText).join(',');
        expect(readMatchers(text, mode)).toEqual({ ok: true, value: matchers });
      }),
    );
  });

  test('any text is matchers or a refusal', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '=',
      '!',
      '~',
      '"',
      '\\',
      ',',
      ' ',
      'a',
      'ü',
      '\n',
      "'",
      '`',
      '(',
      '*',
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((parts) => parts.join('')),
        fc.constantFrom(...matcherModes),
        (text, mode) => {
          expect(readMatchers(text, mode).ok).toBeTypeOf('boolean');
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('matching', () => {
  const matches = (
    operator: LabelMatcher['operator'],
    value: string,
    labels: Record<string, string>,
  ): boolean => matchesAll([{ name: 'a', operator, value }], labels);

  test('a pattern has to match the whole value', () => {
    expect(matches('=~', 'x|yz', { a: 'yz' })).toBe(true);
    expect(matches('=~', 'x|y', { a: 'yz' })).toBe(false);
    expect(matches('!~', 'x|y', { a: 'yz' })).toBe(true);
    expect(matches('=~', 'x.y', { a: 'x\ny' })).toBe(false);
    // The anchors are put around the text: what looks wrong alone compiles, and matches from an end.
    expect(matches('=~', 'x)|(y', { a: 'x and more' })).toBe(true);
  });

  test('a missing label is an empty one, whatever its name', () => {
    expect(matches('=', '', {})).toBe(true);
    expect(matches('!=', '', {})).toBe(false);
    expect(matches('=~', '.*', {})).toBe(true);
    expect(matches('!~', '.+', {})).toBe(true);
    expect(matchesAll([{ name: 'toString', operator: '=', value: '' }], {})).toBe(true);
    expect(matchesAll([], {})).toBe(true);
  });

  test('a pattern that would take another engine ages is answered at once', () => {
    const startedMs = performance.now();
    expect(matches('=~', '(x+x+)+y', { a: 'x'.repeat(2_000) })).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});
