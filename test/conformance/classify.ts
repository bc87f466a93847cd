import type { MemorySource } from '#shared/promql/model/memory-source.ts';
import {
  trimOperators,
  type Binary,
  type Duration,
  type Expression,
  type VectorSelector,
} from '#shared/promql/syntax/ast.ts';
import { functionSignature } from '#shared/promql/syntax/function-signatures.ts';
import { descendantsOf } from '#shared/promql/syntax/inspect.ts';
import { parseExpression } from '#shared/promql/syntax/parse.ts';
import type { Evaluation, ExpectedValue } from './script.ts';

/**
 * What an evaluation needs, told by parsing its query and by what is stored where it stands: never by the
 * name of its file.
 */
export type EvaluationClass = 'core' | 'experimental' | 'native-histograms';

export const classRules = `An evaluation is of the class
  native histograms  if a selector of its query matches, at whatever time, a series that has one; if it expects one;
                     or if it calls a function or operator that is for them alone;
  experimental       if it is not of these and uses a function, an aggregation, a modifier or a computed duration
                     that Prometheus knows only behind a feature flag;
  core               otherwise.`;

const histogramFunctions: ReadonlySet<string> = new Set([
  'histogram_avg',
  'histogram_count',
  'histogram_stddev',
  'histogram_stdvar',
  'histogram_sum',
]);
const experimentalAggregations: ReadonlySet<string> = new Set(['limitk', 'limit_ratio']);

export function classOf({ query, expected }: Evaluation, source: MemorySource): EvaluationClass {
  const parsed = parseExpression(query, { experimental: true });
  const nodes = parsed.ok ? [...descendantsOf(parsed.value)] : [];
  const isNative =
    expectsHistogram(expected.value) ||
    nodes.some((node) => isForHistograms(node) || selectsHistogram(node, source));
  if (isNative) return 'native-histograms';
  return nodes.some(isExperimental) ? 'experimental' : 'core';
}

function expectsHistogram(value: ExpectedValue): boolean {
  return (
    value.kind === 'series' &&
    value.series.some(({ samples }) => samples.some(({ kind }) => kind === 'histogram'))
  );
}

function isForHistograms(node: Expression): boolean {
  if (node.kind === 'call') return histogramFunctions.has(node.name);
  return node.kind === 'binary' && (trimOperators as readonly string[]).includes(node.operator);
}

function selectsHistogram(node: Expression, source: MemorySource): boolean {
  if (node.kind !== 'selector') return false;
  const series = source.select(node.matchers, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  return series.some(({ histogramTimesMs }) => histogramTimesMs !== null);
}

function isExperimental(node: Expression): boolean {
  switch (node.kind) {
    case 'call':
      return functionSignature(node.name)?.isExperimental ?? false;
    case 'aggregation':
      return experimentalAggregations.has(node.operator);
    case 'selector':
      return hasExperimentalModifier(node);
    case 'matrix':
      return isComputed(node.range);
    case 'subquery':
      return [node.range, node.step, node.offset].some(isComputed);
    case 'binary':
      return fills(node);
    default:
      return false;
  }
}

function hasExperimentalModifier({ extension, offset }: VectorSelector): boolean {
  return extension !== null || isComputed(offset);
}

function isComputed(duration: Duration | null): boolean {
  return duration?.kind === 'computed';
}

function fills({ matching }: Binary): boolean {
  return matching !== null && (matching.fill.left !== null || matching.fill.right !== null);
}
