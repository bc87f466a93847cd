import { RE2JS } from 're2js';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import { messageOf, failed, success, type Result } from '#shared/result.ts';

/**
 * The parts of LogQL that decide whether a line belongs to an answer: matchers of stream labels and line
 * filters, as Loki evaluates them. Patterns are RE2; those of matchers are anchored, those of filters not.
 */

export interface LabelMatcher {
  readonly name: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** One filter; a line passes where any of the values does (`|= "a" or "b"`), for `!=` and `!~` where none does. */
export interface LineFilter {
  readonly operator: '|=' | '!=' | '|~' | '!~';
  readonly values: readonly string[];
}

/** @returns whether a stream's labels satisfy all matchers; a missing label is empty. Fails on a bad pattern. */
export function compileMatchers(
  matchers: readonly LabelMatcher[],
): Result<(labels: Labels) => boolean, string> {
  const tests: ((labels: Labels) => boolean)[] = [];
  for (const { name, operator, value } of matchers) {
    if (operator === '=' || operator === '!=') {
      tests.push((labels) => (labelOf(labels, name) === value) === (operator === '='));
      continue;
    }
    const pattern = compile(value);
    if (!pattern.ok) return pattern;
    tests.push((labels) => pattern.value.testExact(labelOf(labels, name)) === (operator === '=~'));
  }
  return success((labels) => tests.every((test) => test(labels)));
}

/** @returns whether a line passes all filters. Fails on a bad pattern. */
export function compileLineFilters(
  filters: readonly LineFilter[],
): Result<(line: string) => boolean, string> {
  const tests: ((line: string) => boolean)[] = [];
  for (const { operator, values } of filters) {
    const wanted = operator === '|=' || operator === '|~';
    if (operator === '|=' || operator === '!=') {
      tests.push((line) => values.some((value) => line.includes(value)) === wanted);
      continue;
    }
    const patterns: RE2JS[] = [];
    for (const value of values) {
      const pattern = compile(value);
      if (!pattern.ok) return pattern;
      patterns.push(pattern.value);
    }
    tests.push((line) => patterns.some((pattern) => pattern.test(line)) === wanted);
  }
  return success((line) => tests.every((test) => test(line)));
}

function compile(pattern: string): Result<RE2JS, string> {
  try {
    return success(RE2JS.compile(pattern));
  } catch (error) {
    return failed(messageOf(error));
  }
}
