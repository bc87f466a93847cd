import type { SilenceMatcher } from '#shared/model/silence.ts';
import { matcherText, matchesAll, type LabelMatcher } from '#shared/routing/matchers/label-matcher.ts';
import { readMatchers } from '#shared/routing/matchers/read-matchers.ts';
import { failed, success, type Result } from '#shared/result.ts';

/** Matchers of silences as people write them, in Alertmanager's syntax. Pure. */

export function operatorOf({ isRegex, isEqual }: SilenceMatcher): LabelMatcher['operator'] {
  if (isRegex) return isEqual ? '=~' : '!~';
  return isEqual ? '=' : '!=';
}

function labelMatcherOf(matcher: SilenceMatcher): LabelMatcher {
  const { name, value } = matcher;
  return { name, operator: operatorOf(matcher), value };
}

function silenceMatcherOf({ name, operator, value }: LabelMatcher): SilenceMatcher {
  return {
    name,
    value,
    isRegex: operator.endsWith('~'),
    isEqual: operator.startsWith('='),
  };
}

export function textOfMatcher(matcher: SilenceMatcher): string {
  return matcherText(labelMatcherOf(matcher));
}

export function textOfMatchers(matchers: readonly SilenceMatcher[]): string {
  return matchers.map(textOfMatcher).join(', ');
}

/** @returns the matchers of one text, pasted lists included, or a sentence about what is wrong with it. */
export function matchersOfText(text: string): Result<readonly SilenceMatcher[], string> {
  const read = readMatchers(text);
  return read.ok ? success(read.value.map(silenceMatcherOf)) : read;
}

/** @returns the one matcher of a token. */
export function matcherOfText(text: string): Result<SilenceMatcher, string> {
  const read = matchersOfText(text);
  if (!read.ok) return read;
  const [matcher, second] = read.value;
  if (matcher === undefined) return failed('a matcher is expected: label="value"');
  return second === undefined ? success(matcher) : failed('one matcher is expected here');
}

/** Servers refuse a silence that matches what has none of its labels: it would silence everything. */
export function matchesAnything(matchers: readonly SilenceMatcher[]): boolean {
  return matchesAll(matchers.map(labelMatcherOf), {});
}
