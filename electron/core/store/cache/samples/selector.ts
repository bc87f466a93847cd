import { compareUtf8, metricNameLabel } from '#shared/promql/model/label-set.ts';
import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { parseMetricSelector } from '#shared/promql/syntax/parse.ts';
import { goQuoted } from '#shared/promql/syntax/strings.ts';
import { failed, success, type Result } from '#shared/result.ts';

/**
 * Selectors as what they select: their matchers in one order, each once, and one text for all ways to write
 * them. Coverage is recorded by that text.
 */
export interface Selector {
  readonly matchers: readonly LabelMatcher[];
  readonly text: string;
}

/** A name that needs no quotes and is no number. Source: Prometheus' data model documentation. */
const plainMetric = /^(?!(?:inf|nan)$)[a-z_:][a-z0-9_:]*$/i;
const plainLabel = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** @returns a sentence where the text is no selector. */
export function readSelector(text: string): Result<Selector, string> {
  const parsed = parseMetricSelector(text);
  return parsed.ok
    ? success(selectorOf(parsed.value))
    : failed('its selector is none: ' + parsed.failure.message);
}

export function selectorOf(matchers: readonly LabelMatcher[]): Selector {
  const sorted = matchers.toSorted(compareMatchers);
  const different = sorted.filter((matcher, index) => {
    const before = sorted[index - 1];
    return before === undefined || compareMatchers(before, matcher) !== 0;
  });
  return { matchers: different, text: textOf(different) };
}

/** Whether all that `asked` selects is selected by `kept` as well, as far as their matchers tell. */
export function subsumes(kept: readonly LabelMatcher[], asked: readonly LabelMatcher[]): boolean {
  return kept.every((matcher) => asked.some((own) => compareMatchers(own, matcher) === 0));
}

function textOf(matchers: readonly LabelMatcher[]): string {
  const named = matchers.filter(({ name, operator }) => name === metricNameLabel && operator === '=');
  const metric = named.length === 1 && plainMetric.test(named[0]?.value ?? '') ? named[0] : undefined;
  const rest = matchers
    .filter((matcher) => matcher !== metric)
    .map(
      ({ name, operator, value }) =>
        (plainLabel.test(name) ? name : goQuoted(name)) + operator + goQuoted(value),
    );
  const braces = rest.length === 0 && metric !== undefined ? '' : `{${rest.join(',')}}`;
  return (metric?.value ?? '') + braces;
}

function compareMatchers(left: LabelMatcher, right: LabelMatcher): number {
  return (
    compareUtf8(left.name, right.name) ||
    compareUtf8(left.operator, right.operator) ||
    compareUtf8(left.value, right.value)
  );
}
