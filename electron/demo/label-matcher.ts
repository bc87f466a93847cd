import { RE2JS } from 're2js';
import { messageOf } from '#shared/result.ts';
import { labelOf, type Labels } from '#shared/model/labels.ts';

/** One label matcher, ready to use. Patterns are RE2 and match whole values, as in Prometheus. */
export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface LabelMatcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  matches(value: string): boolean;
}

/** @throws an error with RE2's words where a pattern is not RE2; the parsers turn it into their failure. */
export function labelMatcher(name: string, operator: MatchOperator, value: string): LabelMatcher {
  return { name, operator, value, matches: testOf(operator, value) };
}

function testOf(operator: MatchOperator, value: string): (value: string) => boolean {
  if (operator === '=') return (actual) => actual === value;
  if (operator === '!=') return (actual) => actual !== value;
  const pattern = compile(value);
  const known = new Map<string, boolean>();
  const matches = (actual: string): boolean => {
    const before = known.get(actual);
    if (before !== undefined) return before;
    const result = pattern.matches(actual);
    if (known.size < 1_000) known.set(actual, result);
    return result;
  };
  return operator === '=~' ? matches : (actual) => !matches(actual);
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (error) {
    // RE2JS puts the flag before the pattern that it quotes; whoever wrote the pattern did not.
    throw new Error(messageOf(error).replace('`(?s)', '`'), { cause: error });
  }
}

/** A label that a set does not have counts as empty. */
export function matchesAll(matchers: readonly LabelMatcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matcher.matches(labelOf(labels, matcher.name)));
}
