import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LabelPool } from '#shared/promql/model/label-set.ts';
import { compileMatchers } from '#shared/promql/model/matching.ts';
import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { readSelector, selectorOf, subsumes } from './selector.ts';

const names = ['__name__', 'job', 'a b', 'ünit'];
const values = ['up', 'inf', '', 'x"y\\z', '1', 'a\nb'];
const matcher = fc.record({
  name: fc.constantFrom(...names),
  operator: fc.constantFrom('=', '!=', '=~', '!~'),
  value: fc.constantFrom('up', 'inf', '', 'x"y', '1', 'u.*', 'a|b', 'a\nb'),
}) satisfies fc.Arbitrary<LabelMatcher>;
const matchers = fc.array(matcher, { maxLength: 4 });
const labels = fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...values), { maxKeys: 4 });

test('the text of a selector reads back as the same selector, in whatever order it was written', () => {
  const check = (list: LabelMatcher[]): void => {
    const selector = selectorOf(list);
    expect(readSelector(selector.text)).toEqual({ ok: true, value: selector });
    expect(selectorOf([...list, ...list].reverse())).toEqual(selector);
  };
  fc.assert(fc.property(matchers, check));
});

test('one text for all ways to write it', () => {
  const texts = [
    'up{job="api"}',
    '{job="api", __name__="up"}',
    ` up{job='api',}`,
    '{"up",job="api",job="api"}',
  ];
  expect(texts.map((text) => readSelector(text))).toEqual(
    texts.map(() => expect.objectContaining({ value: expect.objectContaining({ text: 'up{job="api"}' }) })),
  );
  expect(readSelector('up[5m]').ok).toBe(false);
});

test('what subsumes a selector matches whatever that matches', () => {
  const pool = new LabelPool();
  const check = (kept: LabelMatcher[], more: LabelMatcher[], sets: Record<string, string>[]): void => {
    const asked = selectorOf([...more, ...kept]).matchers;
    expect(subsumes(kept, asked)).toBe(true);
    expect(subsumes(asked, kept)).toBe(selectorOf(kept).text === selectorOf(asked).text);
    const [isKept, isAsked] = [compileMatchers(kept, 'v3'), compileMatchers(asked, 'v3')];
    for (const set of sets) {
      const one = pool.ofLabels(set);
      if (isAsked(one)) expect(isKept(one)).toBe(true);
    }
  };
  fc.assert(fc.property(matchers, matchers, fc.array(labels), check));
});
