import { failed, success, type Result } from '#shared/result.ts';
import { readClassicMatcher, readClassicMatchers } from './classic-matchers.ts';
import type { LabelMatcher } from './label-matcher.ts';
import { readUtf8Matchers } from './utf8-matchers.ts';

/**
 * How an Alertmanager reads matchers: by both syntaxes (0.27 and later, unless told otherwise), or by one.
 * Source: prometheus/alertmanager matcher/compat/parse.go.
 */
export const matcherModes = ['fallback', 'classic', 'utf8-strict'] as const;
export type MatcherMode = (typeof matcherModes)[number];

/** @returns all matchers of one text, or a sentence about what is wrong with it. */
export function readMatchers(
  text: string,
  mode: MatcherMode = 'fallback',
): Result<readonly LabelMatcher[], string> {
  if (mode === 'classic') return readClassicMatchers(text);
  const newer = readUtf8Matchers(text);
  if (mode === 'utf8-strict') return newer;
  const classic = readClassicMatchers(text);
  if (!newer.ok) return classic;
  // Where both can read it and mean different things, the older meaning stays in force.
  return classic.ok && !areEqual(newer.value, classic.value) ? classic : success(newer.value);
}

/**
 * One matcher, in both syntaxes, as amtool reads a label on its command line: no braces around it, and what
 * follows a comma belongs to the value.
 */
export function readMatcher(text: string): Result<LabelMatcher, string> {
  if (text.startsWith('{') || text.endsWith('}')) return failed('a brace stands around it');
  const newer = readUtf8Matchers(text);
  const classic = readClassicMatcher(text);
  const [only, second] = newer.ok ? newer.value : [];
  if (only === undefined || second !== undefined) return classic;
  return classic.ok && !areEqual([only], [classic.value]) ? classic : success(only);
}

/** Whether a label may have this name: any text that is not empty, or letters, digits and `_`. */
export function isLabelName(name: string, mode: MatcherMode): boolean {
  return mode === 'classic' ? isClassicName(name) : name !== '' && name.isWellFormed();
}

export function isClassicName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

function areEqual(left: readonly LabelMatcher[], right: readonly LabelMatcher[]): boolean {
  const isSame = ({ name, operator, value }: LabelMatcher, index: number): boolean => {
    const other = right[index];
    return other?.name === name && other.operator === operator && other.value === value;
  };
  return left.length === right.length && left.every(isSame);
}
