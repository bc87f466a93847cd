import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SilenceMatcher } from '#shared/model/silence.ts';
import {
  matcherOfText,
  matchersOfText,
  matchesAnything,
  textOfMatcher,
  textOfMatchers,
} from './matcher-text.ts';

/** Matchers of silences as text and back. */

function matcher(part: Partial<SilenceMatcher>): SilenceMatcher {
  return { name: 'service', value: 'backend', isRegex: false, isEqual: true, ...part };
}

it('writes each kind as Alertmanager does', () => {
  expect(textOfMatcher(matcher({}))).toBe('service="backend"');
  expect(textOfMatcher(matcher({ isEqual: false }))).toBe('service!="backend"');
  expect(textOfMatcher(matcher({ isRegex: true, value: 'b.+' }))).toBe('service=~"b.+"');
  expect(textOfMatcher(matcher({ isRegex: true, isEqual: false, name: 'a b' }))).toBe('"a b"!~"backend"');
});

it('reads back what it writes, whatever the values', () => {
  const name = fc.oneof(
    fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/),
    fc.string({ minLength: 1, maxLength: 8 }),
  );
  const one = fc.record({
    name,
    value: fc.string({ unit: 'grapheme', maxLength: 12 }),
    isRegex: fc.constant(false),
    isEqual: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 4 }), (matchers) => {
      expect(matchersOfText(textOfMatchers(matchers))).toEqual({ ok: true, value: matchers });
    }),
  );
});

it('a pasted list is several, a token is one', () => {
  const pasted = matchersOfText('{alertname="Disk", instance=~"db-.+"}');
  expect(pasted.ok && pasted.value.map(textOfMatcher)).toEqual(['alertname="Disk"', 'instance=~"db-.+"']);
  expect(matcherOfText('a="b", c="d"').ok).toBe(false);
  expect(matcherOfText('').ok).toBe(false);
});

it('patterns are those of RE2: what only a browser knows is refused', () => {
  expect(matcherOfText('a=~"(?=b)c"').ok).toBe(false);
  expect(matcherOfText('a=~"(b"').ok).toBe(false);
  expect(matcherOfText('a=~"b|c"').ok).toBe(true);
});

it('knows what would silence alerts that have none of the labels', () => {
  expect(matchesAnything([matcher({})])).toBe(false);
  expect(matchesAnything([matcher({ isEqual: false })])).toBe(true);
  expect(matchesAnything([matcher({ isRegex: true, value: '.*' })])).toBe(true);
  expect(matchesAnything([matcher({ value: '' }), matcher({ isRegex: true, value: '.+' })])).toBe(false);
});
