import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withLabelFilter, withLineFilter, withMatcher, withoutMatcher } from './edit-query.ts';
import type { LabelMatcher } from './matching.ts';
import { readLogQuery } from './read-query.ts';

const only: LabelMatcher = { name: 'app', operator: '=', value: 'web"x' };
const not: LabelMatcher = { ...only, operator: '!=' };

describe('only this, not this', () => {
  test.each([
    ['{a="b"}', '{a="b", app="web\\"x"}'],
    ['{ a = "b" } |= "x" # kept', '{ a = "b", app="web\\"x" } |= "x" # kept'],
    ['{a="b", app!=`web"x`, c="d"} | json', '{a="b", app="web\\"x", c="d"} | json'],
    ['{app=`web"x`}', '{app=`web"x`}'],
    [
      'rate({a="b"}[5m]) / rate({c="d"}[5m])',
      'rate({a="b", app="web\\"x"}[5m]) / rate({c="d", app="web\\"x"}[5m])',
    ],
  ])('a matcher in %s', (query, result) => {
    expect(withMatcher(query, only)).toBe(result);
  });

  test.each([
    ['{app=`web"x`, a="b"}', '{a="b"}'],
    ['{a="b" , app="web\\"x"} |= "x"', '{a="b"} |= "x"'],
    ['{app="web\\"x"}', '{app=~".+"}'],
    ['{a="b"}', '{a="b"}'],
  ])('no matcher in %s', (query, result) => {
    expect(withoutMatcher(query, only)).toBe(result);
  });

  test.each([
    ['{a="b"}', '{a="b"} |= "y"'],
    ['{a="b"} | json', '{a="b"} |= "y" | json'],
    ['{a="b"} |= "x" or "z" | json |= "q"', '{a="b"} |= "x" or "z" |= "y" | json |= "q"'],
    ['{a="b"} |= "y"', '{a="b"} |= "y"'],
    ['rate({a="b"}[5m])', 'rate({a="b"} |= "y"[5m])'],
  ])('a line filter in %s', (query, result) => {
    expect(withLineFilter(query, { operator: '|=', values: ['y'] })).toBe(result);
  });

  test.each([
    ['{a="b"}', '{a="b"} | app!="web\\"x"'],
    ['{a="b"} | json # end', '{a="b"} | json | app!="web\\"x" # end'],
    ['{a="b"} | app!="web\\"x"', '{a="b"} | app!="web\\"x"'],
  ])('a label filter in %s', (query, result) => {
    expect(withLabelFilter(query, not)).toBe(result);
  });

  test('a query or a name that is not one is left alone', () => {
    expect(withMatcher('{a=', only)).toBeNull();
    expect(withMatcher('{a="b"}', { ...only, name: 'a b' })).toBeNull();
    expect(withLabelFilter('{a="b"}', { ...only, name: 'a=b' })).toBeNull();
  });

  test('what comes of any value can be read, and says it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (value) => {
        const query = withLineFilter(withMatcher('{a="b"} | json', { ...only, value }) ?? '', {
          operator: '!=',
          values: [value],
        });
        const parts = readLogQuery(query ?? '');
        expect(parts.ok && parts.value.selector).toContainEqual({ ...only, value });
        expect(parts.ok && parts.value.filters).toEqual([{ operator: '!=', values: [value] }]);
      }),
    );
  });
});
