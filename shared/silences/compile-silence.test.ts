import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Labels } from '#shared/model/labels.ts';
import type { SilenceMatcher } from '#shared/model/silence.ts';
import { matchesAll } from '#shared/routing/matchers/label-matcher.ts';
import { compileSilence, labelMatcherOf, onlyExcludes, silenceText } from './compile-silence.ts';

function equal(name: string, value: string): SilenceMatcher {
  return { name, value, isRegex: false, isEqual: true };
}

function takes(matchers: readonly SilenceMatcher[], labels: Labels): boolean {
  const silence = compileSilence(matchers);
  if (!silence.ok) throw new Error(silence.failure);
  return silence.value.matches(labels);
}

describe('what a silence takes', () => {
  test('every matcher has to match, a pattern the whole value, a missing label is empty', () => {
    const matchers = [
      equal('alertname', 'DiskFull'),
      { name: 'instance', value: 'web-.|db', isRegex: true, isEqual: true },
      { name: 'team', value: '', isRegex: false, isEqual: true },
    ];
    expect(takes(matchers, { alertname: 'DiskFull', instance: 'web-1' })).toBe(true);
    expect(takes(matchers, { alertname: 'DiskFull', instance: 'web-12' })).toBe(false);
    expect(takes(matchers, { alertname: 'DiskFull', instance: 'db', team: 'a' })).toBe(false);
    expect(takes(matchers, { instance: 'web-1' })).toBe(false);
  });

  test('negative matchers', () => {
    const matchers = [equal('a', 'x'), { name: 'b', value: 'y.*', isRegex: true, isEqual: false }];
    expect(takes(matchers, { a: 'x', b: 'z' })).toBe(true);
    expect(takes(matchers, { a: 'x' })).toBe(true);
    expect(takes(matchers, { a: 'x', b: 'yes' })).toBe(false);
  });

  test.each([
    [[equal('a', '')]],
    [[{ name: 'a', value: '.*', isRegex: true, isEqual: true }]],
    [[equal('b', ''), { name: 'a', value: 'x?', isRegex: true, isEqual: true }]],
  ])('%o asks for nothing, which is refused', (matchers) => {
    expect(compileSilence(matchers)).toMatchObject({ ok: false, failure: /take any alert/ });
  });

  test('excluding is enough for a server, and is what it is called', () => {
    const excludes = [{ name: 'a', value: 'x', isRegex: false, isEqual: false }];
    expect(takes(excludes, { b: 'y' })).toBe(true);
    expect(onlyExcludes(excludes)).toBe(true);
    expect(onlyExcludes([...excludes, equal('b', 'y')])).toBe(false);
    expect(onlyExcludes([{ name: 'a', value: '', isRegex: false, isEqual: false }])).toBe(false);
  });

  test('a pattern that is one only when it is anchored is refused', () => {
    expect(compileSilence([{ name: 'a', value: 'b)|(c', isRegex: true, isEqual: true }])).toMatchObject({
      ok: false,
    });
  });

  test('a pattern that RE2 does not read is refused with its matcher', () => {
    const matchers = [equal('a', 'x'), { name: 'b', value: '(?=x)', isRegex: true, isEqual: true }];
    expect(compileSilence(matchers)).toMatchObject({ ok: false, failure: /^b=~"\(\?=x\)": / });
    expect(silenceText(matchers)).toBe('a="x", b=~"(?=x)"');
  });

  test('remembering changes nothing: any matchers over any labels are what they are one by one', () => {
    const values = fc.constantFrom('', 'a', 'b', 'ab', 'a\nb', 'é');
    const matchers = fc.array(
      fc.record({
        name: fc.constantFrom('x', 'y', '__proto__'),
        value: fc.constantFrom('', 'a', 'a|b', '.*', '.+', '[^a]', '^a$'),
        isRegex: fc.boolean(),
        isEqual: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    );
    const some = fc.array(fc.dictionary(fc.constantFrom('x', 'y', '__proto__', 'z'), values), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(matchers, some, (all, alerts) => {
        const silence = compileSilence(all);
        if (!silence.ok) return;
        for (const labels of alerts) {
          expect(silence.value.matches(labels)).toBe(matchesAll(all.map(labelMatcherOf), labels));
          expect(silence.value.each.map((one) => one(labels))).toEqual(
            all.map((one) => matchesAll([labelMatcherOf(one)], labels)),
          );
        }
      }),
    );
  });
});
