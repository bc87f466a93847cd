import { RE2JS } from 're2js';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';

/** One condition on one label, as data; a label that is missing has the empty value. */
export interface LabelMatcher {
  readonly name: string;
  readonly operator: MatcherOperator;
  readonly value: string;
}

export type MatcherOperator = '=' | '!=' | '=~' | '!~';

export function isMatcherOperator(text: string): text is MatcherOperator {
  return text === '=' || text === '!=' || text === '=~' || text === '!~';
}

export function matchesAll(matchers: readonly LabelMatcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matches(matcher, labelOf(labels, matcher.name)));
}

/** @param value of the label that the matcher names. A pattern that cannot be read matches nothing. */
function matches({ operator, value: wanted }: LabelMatcher, value: string): boolean {
  if (operator === '=') return value === wanted;
  if (operator === '!=') return value !== wanted;
  const pattern = patternOf(wanted);
  return pattern.ok && pattern.value.matcher(value).find() === (operator === '=~');
}

/** @returns a sentence about what is wrong with the pattern of a regular-expression matcher. */
export function checkMatcher(matcher: LabelMatcher): Result<LabelMatcher, string> {
  if (matcher.operator === '=' || matcher.operator === '!=') return success(matcher);
  const pattern = patternOf(matcher.value);
  return pattern.ok ? success(matcher) : pattern;
}

/** As Alertmanager and amtool write it. */
export function matcherText({ name, operator, value }: LabelMatcher): string {
  const written = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name) ? name : quoted(name);
  return `${written}${operator}${quoted(value)}`;
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

const mostPatterns = 20_000;
const patterns = new Map<string, Result<RE2JS, string>>();

/** Anchored as text and not by the engine, as the server does it: what looks wrong alone, `a)|(b`, compiles. */
function patternOf(text: string): Result<RE2JS, string> {
  const known = patterns.get(text);
  if (known !== undefined) return known;
  if (patterns.size >= mostPatterns) patterns.clear();
  const pattern = compile(`^(?:${text})$`);
  patterns.set(text, pattern);
  return pattern;
}

function compile(text: string): Result<RE2JS, string> {
  try {
    return success(RE2JS.compile(text));
  } catch (error) {
    // The engine has nothing but errors to say that a pattern is wrong; one that nests too deep ends its stack.
    return failed(messageOf(error));
  }
}
