import type { QueryOptions } from '../../evaluate/options.ts';
import { labelTest } from '../../model/matching.ts';
import { metricNameLabel } from '../../model/label-set.ts';
import type { Call, LabelMatcher } from '../../syntax/ast.ts';

/** What a call of `info` asks for in its second argument. */
export interface InfoRequest {
  /** Of the names of info metrics. */
  readonly nameMatchers: readonly LabelMatcher[];
  /** Of other labels; only labels that are named here are taken over, or all where there is none. */
  readonly dataMatchers: readonly LabelMatcher[];
  /** Whether a metric is an info metric itself and left as it is. */
  isInfoMetric(name: string): boolean;
  /** Whether a series that nothing describes stays: all matchers would take its absent labels. */
  readonly keepsUndescribed: boolean;
}

const target: LabelMatcher = { name: metricNameLabel, operator: '=', value: 'target_info' };
/** What an info metric is called where the call only says which are not meant. */
const anyInfo: LabelMatcher = { name: metricNameLabel, operator: '=~', value: '.+_info' };

export function infoRequest(call: Call, semantics: QueryOptions['semantics']): InfoRequest {
  const [, labels] = call.arguments;
  const matchers = labels?.kind === 'selector' ? labels.matchers : [];
  const dataMatchers = matchers.filter(({ name }) => name !== metricNameLabel);
  const nameMatchers = withPositive(matchers.filter(({ name }) => name === metricNameLabel));
  const nameTests = nameMatchers.map((matcher) => labelTest(matcher, semantics));
  return {
    nameMatchers,
    dataMatchers,
    isInfoMetric: (name) => name !== '' && nameTests.every(({ test }) => test(name)),
    keepsUndescribed: dataMatchers.every((matcher) => labelTest(matcher, semantics).acceptsEmpty),
  };
}

function withPositive(named: readonly LabelMatcher[]): readonly LabelMatcher[] {
  if (named.length === 0) return [target];
  const isPositive = named.some(({ operator }) => operator === '=' || operator === '=~');
  return isPositive ? named : [anyInfo, ...named];
}
