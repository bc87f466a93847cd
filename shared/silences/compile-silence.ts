import { RE2JS } from 're2js';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import type { SilenceMatcher } from '#shared/model/silence.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import {
  checkMatcher,
  matchesAll,
  matcherText,
  type LabelMatcher,
} from '#shared/routing/matchers/label-matcher.ts';

/**
 * What a silence takes, as an Alertmanager decides it: every matcher has to match, patterns are RE2 and match
 * a whole value, and a label that is missing is an empty one. Source: prometheus/alertmanager silence/silence.go.
 */
export interface CompiledSilence {
  matches(labels: Labels): boolean;
  /** Each matcher alone, in their order. */
  readonly each: readonly ((labels: Labels) => boolean)[];
}

/** Alerts by the ten thousand have few values of one label; a pattern is asked once for each. */
const mostRemembered = 10_000;

/** @returns a sentence about the matcher that cannot be read, or why a server refuses all of them. */
export function compileSilence(matchers: readonly SilenceMatcher[]): Result<CompiledSilence, string> {
  const conditions = matchers.map(labelMatcherOf);
  for (const condition of conditions) {
    const wrong = wrongIn(condition);
    if (wrong !== null) return failed(`${matcherText(condition)}: ${wrong}`);
  }
  if (!conditions.some(asksForSomething)) {
    return failed('each of these matchers takes alerts without its label too, and so they take any alert');
  }
  const each = conditions.map(remembering);
  return success({ each, matches: (labels) => each.every((one) => one(labels)) });
}

export function labelMatcherOf({ name, value, isRegex, isEqual }: SilenceMatcher): LabelMatcher {
  if (isRegex) return { name, value, operator: isEqual ? '=~' : '!~' };
  return { name, value, operator: isEqual ? '=' : '!=' };
}

/** As a person writes them. */
export function silenceText(matchers: readonly SilenceMatcher[]): string {
  return matchers.map((matcher) => matcherText(labelMatcherOf(matcher))).join(', ');
}

/** What a route may have, `a)|(b`, a silence may not: its pattern has to be one before it is anchored too. */
function wrongIn(condition: LabelMatcher): string | null {
  const checked = checkMatcher(condition);
  if (!checked.ok) return checked.failure;
  if (!condition.operator.endsWith('~')) return null;
  try {
    RE2JS.compile(condition.value);
    return null;
  } catch (error) {
    // The engine has nothing but errors to say that a pattern is wrong.
    return messageOf(error);
  }
}

/** Servers ask it of the positive ones only: one that excludes is enough for them, though it takes nearly all. */
function asksForSomething(condition: LabelMatcher): boolean {
  return condition.operator.startsWith('!') || isNeeded(condition);
}

/** Whether an empty value does not do. */
function isNeeded(condition: LabelMatcher): boolean {
  return !matchesAll([condition], {});
}

/** Whether no matcher asks for any label: then everything is taken but what they exclude. */
export function onlyExcludes(matchers: readonly SilenceMatcher[]): boolean {
  return !matchers.map(labelMatcherOf).some(isNeeded);
}

function remembering(condition: LabelMatcher): (labels: Labels) => boolean {
  const known = new Map<string, boolean>();
  return (labels) => {
    const value = labelOf(labels, condition.name);
    let answer = known.get(value);
    if (answer === undefined) {
      if (known.size >= mostRemembered) known.clear();
      known.set(value, (answer = matchesAll([condition], labels)));
    }
    return answer;
  };
}
