import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { QueryError } from '../problem.ts';
import { LabelPool } from './label-set.ts';
import { compileMatchers, labelTest } from './matching.ts';

const pool = new LabelPool();
const labels = pool.ofLabels({ __name__: 'up', job: 'api', path: 'a\nb' });

function passes(operator: '=' | '!=' | '=~' | '!~', value: string, name = 'job', semantics = 'v3' as const) {
  return compileMatchers([{ name, operator, value }], semantics)(labels);
}

describe('a matcher', () => {
  test('compares whole values', () => {
    expect(passes('=', 'api')).toBe(true);
    expect(passes('=', 'ap')).toBe(false);
    expect(passes('!=', 'ap')).toBe(true);
    expect(passes('=~', 'ap')).toBe(false);
    expect(passes('=~', 'ap.')).toBe(true);
    expect(passes('=~', 'a|api')).toBe(true);
    expect(passes('=~', '(a|ap)p?')).toBe(false);
    expect(passes('!~', 'ap.*')).toBe(false);
  });

  test('takes an absent label for an empty one', () => {
    expect(passes('=', '', 'zone')).toBe(true);
    expect(passes('=~', '.*', 'zone')).toBe(true);
    expect(passes('=~', '|a', 'zone')).toBe(true);
    expect(passes('=~', '.+', 'zone')).toBe(false);
    expect(labelTest({ name: 'zone', operator: '!=', value: '' }, 'v3').acceptsEmpty).toBe(false);
  });

  test('matches a newline with a dot since version 3', () => {
    const matcher = { name: 'path', operator: '=~', value: 'a.b' } as const;
    const prefix = { name: 'path', operator: '=~', value: 'a.*' } as const;
    expect(compileMatchers([matcher], 'v3')(labels)).toBe(true);
    expect(compileMatchers([matcher], 'v2')(labels)).toBe(false);
    expect(compileMatchers([prefix], 'v3')(labels)).toBe(true);
    expect(compileMatchers([prefix], 'v2')(labels)).toBe(false);
  });

  test('takes a character beyond U+FFFF for one', () => {
    const face = pool.ofLabels({ job: '😀' });
    const matches = (value: string): boolean =>
      compileMatchers([{ name: 'job', operator: '=~', value }], 'v3')(face);
    expect(['.', '.+', '.+.*', '.*.+', '.+.+', '..'].map(matches)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  test('lists the values that it accepts where it can', () => {
    const accepted = (value: string) => labelTest({ name: 'a', operator: '=~', value }, 'v3').accepted;
    expect(accepted('api|web\\.1|')).toEqual(['api', 'web.1', '']);
    expect(accepted('api')).toEqual(['api']);
    expect(accepted('a.*')).toBeNull();
    expect(labelTest({ name: 'a', operator: '!~', value: 'api' }, 'v3').accepted).toBeNull();
  });

  test('whose pattern is not RE2 is refused with the pattern as written', () => {
    expect(() => passes('=~', 'a(')).toThrow(QueryError);
    expect(() => passes('=~', 'a(')).toThrow('error parsing regexp: missing closing ): `a(`');
    expect(() => passes('=~', '(?<=a)b')).toThrow(QueryError);
  });
});

/** Pieces of which most combinations are nearly simple. */
const piece = fc.constantFrom('a', 'b', '.', '.*', '.+', '|', '\\.', '\\\\', '\\', '*', '\n', '(?i)A', '');

test('shortcuts answer as RE2 does', () => {
  const pattern = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  const value = fc
    .array(fc.constantFrom('a', 'b', '.', '\\', '\n', '*', '|'), { maxLength: 5 })
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(
      pattern,
      fc.array(value, { maxLength: 5 }),
      fc.constantFrom('v2', 'v3'),
      (regex, values, semantics) => {
        let exact: RE2JS;
        try {
          exact = RE2JS.compile(`^(?:${regex})$`, semantics === 'v3' ? RE2JS.DOTALL : 0);
          RE2JS.compile(regex);
        } catch {
          return;
        }
        const { test: passes, accepted } = labelTest({ name: 'a', operator: '=~', value: regex }, semantics);
        for (const text of [...values, '', 'a', 'ab']) {
          expect([text, passes(text)]).toEqual([text, exact.matches(text)]);
          if (accepted !== null) expect(accepted.includes(text)).toBe(passes(text));
        }
      },
    ),
  );
});
