import { RE2JS } from 're2js';
import { messageOf } from '#shared/result.ts';
import { QueryError } from '../problem.ts';
import type { LabelMatcher } from '../syntax/ast.ts';
import type { LabelSet } from './label-set.ts';
import { simplePattern } from './simple-pattern.ts';

/**
 * Matchers as tests of label values, for whoever selects series: by walking them, or by an index over the
 * values of each label. Patterns are RE2 and match whole values; what most of them are (a list of words, a
 * prefix) is tested without RE2.
 */
export type MatcherSemantics = 'v2' | 'v3';

/** A matcher's test of the value that a series has under `name`; an absent label is tested as empty. */
export interface LabelTest {
  readonly name: string;
  readonly test: (value: string) => boolean;
  /** The only values that can pass, for one look-up each. Null where they cannot be listed. */
  readonly accepted: readonly string[] | null;
  /** Whether series without the label pass. */
  readonly acceptsEmpty: boolean;
}

/** Results of RE2 are kept for so many values of a matcher: series repeat them. */
const mostKnownValues = 10_000;

/**
 * @param semantics in `v2` a `.` matches anything but a newline.
 * @throws QueryError where a pattern is not RE2.
 */
export function compileMatchers(
  matchers: readonly LabelMatcher[],
  semantics: MatcherSemantics,
): (labels: LabelSet) => boolean {
  const tests = matchers.map((matcher) => labelTest(matcher, semantics));
  return (labels) => {
    for (const { name, test } of tests) if (!test(labels.get(name))) return false;
    return true;
  };
}

/**
 * @param checkpoint called with each value that a pattern is tried on: one may take milliseconds.
 * @throws QueryError where a pattern is not RE2.
 */
export function labelTest(
  { name, operator, value }: LabelMatcher,
  semantics: MatcherSemantics,
  checkpoint?: () => void,
): LabelTest {
  const isLiteral = operator === '=' || operator === '!=';
  const { test: plain, accepted } = valueTest(value, isLiteral, semantics);
  const isAsked = checkpoint !== undefined && !isLiteral;
  const test = isAsked ? (actual: string): boolean => (checkpoint(), plain(actual)) : plain;
  const isNegated = operator === '!=' || operator === '!~';
  const own = isNegated ? (actual: string): boolean => !test(actual) : test;
  return { name, test: own, accepted: isNegated ? null : accepted, acceptsEmpty: own('') };
}

/**
 * The pattern ready for use: flags as a matcher of the generation has them, to be used with `testExact`.
 * @throws QueryError in the words of RE2 where it is not RE2.
 */
function compilePattern(pattern: string, semantics: MatcherSemantics): RE2JS {
  try {
    return RE2JS.compile(pattern, semantics === 'v3' ? RE2JS.DOTALL : 0);
  } catch (error) {
    // RE2JS puts the flag before the pattern that it quotes; whoever wrote the pattern did not.
    const message = messageOf(error).replace('`(?s)', '`');
    throw new QueryError({ kind: 'bad-data', message, span: null });
  }
}

type ValueTest = Pick<LabelTest, 'test' | 'accepted'>;

function valueTest(value: string, isLiteral: boolean, semantics: MatcherSemantics): ValueTest {
  if (isLiteral) return { test: (actual) => actual === value, accepted: [value] };
  const simple = simplePattern(value);
  if (simple === null) return { test: remembering(compilePattern(value, semantics)), accepted: null };
  if (simple.kind === 'words') {
    const words = new Set(simple.words);
    return { test: (actual) => words.has(actual), accepted: [...words] };
  }
  const { before, literal, after } = simple;
  const least = literal.length + (before === '.+' ? 1 : 0) + (after === '.+' ? 1 : 0);
  const matches = (actual: string): boolean => {
    if (actual.length < least) return false;
    if (before === '') return actual.startsWith(literal);
    if (after === '') return actual.endsWith(literal);
    const at = actual.indexOf(literal, before === '.+' ? 1 : 0);
    return at !== -1 && at + literal.length + (after === '.+' ? 1 : 0) <= actual.length;
  };
  if (semantics === 'v3') return { test: matches, accepted: null };
  const exact = remembering(compilePattern(value, semantics));
  return { test: (actual) => (actual.includes('\n') ? exact(actual) : matches(actual)), accepted: null };
}

function remembering(pattern: RE2JS): (value: string) => boolean {
  const known = new Map<string, boolean>();
  return (actual) => {
    const before = known.get(actual);
    if (before !== undefined) return before;
    const passes = pattern.testExact(actual);
    if (known.size < mostKnownValues) known.set(actual, passes);
    return passes;
  };
}
