import { scalarOf, textOf } from '../functions/evaluated-values.ts';
import { isLabelName } from '../functions/labels.ts';
import { executionError } from '../problem.ts';
import type { EvaluatedValue } from '../evaluate/columns.ts';
import type { Aggregator, EvaluationContext } from '../evaluate/context.ts';
import { unwrapped, type Aggregation, type AggregationOperator, type TextSpan } from '../syntax/ast.ts';
import { CompensatedSum, Count, Extreme, PlainSum, Presence, type Accumulator } from './accumulators.ts';
import { goQuoted } from '../syntax/strings.ts';
import { GroupedAggregator } from './grouped.ts';
import { groupLabels } from './grouping.ts';
import { FirstAggregator } from './limited.ts';
import { CompensatedMean, RunningMean, Variance } from './means.ts';
import { countsOf, sharesOf, warnOfExtremes } from './parameters.ts';
import { Quantile } from './quantile.ts';
import { RankedAggregator } from './ranked.ts';
import { SampledAggregator } from './sampled.ts';
import { ValueCountAggregator } from './value-counts.ts';

export interface AggregationRequest {
  readonly operator: AggregationOperator;
  readonly grouping: readonly string[];
  readonly without: boolean;
  /** Evaluated; null where the operator has none. */
  readonly parameter: EvaluatedValue | null;
  /** The aggregation as written, for the places of remarks. */
  readonly site: Pick<Aggregation, 'span' | 'parameter'>;
  readonly context: EvaluationContext;
}

/** @throws QueryError where the parameter is none that the operator takes. */
export function makeAggregator(request: AggregationRequest): Aggregator {
  const { operator, without, context, site } = request;
  const { semantics } = context.options;
  const groupOf = groupLabels({ labels: request.grouping, without }, context.labels, semantics);
  const scalar = (): Float64Array => scalarOf(request.parameter ?? undefined);
  switch (operator) {
    case 'topk':
      return new RankedAggregator(groupOf, 'greatest', countsOf(scalar(), semantics), context);
    case 'bottomk':
      return new RankedAggregator(groupOf, 'least', countsOf(scalar(), semantics), context);
    case 'limitk':
      return new FirstAggregator(groupOf, countsOf(scalar(), semantics), context);
    case 'limit_ratio':
      return new SampledAggregator(sharesOf(scalar(), parameterSpan(site), context), context);
    case 'count_values':
      return makeValueCounts(request, textOf(request.parameter ?? undefined));
    case 'quantile': {
      const quantiles = scalar();
      warnOfExtremes(quantiles, parameterSpan(site), context);
      return new GroupedAggregator(groupOf, () => new Quantile(quantiles, context), context);
    }
    default: {
      const begin = accumulatorOf(operator, context);
      return new GroupedAggregator(groupOf, begin, context);
    }
  }
}

/** Remarks are placed within the parentheses of a parameter. */
function parameterSpan({ span, parameter }: AggregationRequest['site']): TextSpan {
  return parameter === null ? span : unwrapped(parameter).span;
}

function makeValueCounts({ grouping, without, context }: AggregationRequest, label: string): Aggregator {
  const { semantics } = context.options;
  if (!isLabelName(label, semantics)) throw executionError(`invalid label name ${goQuoted(label)}`);
  const labels = without ? grouping : [...grouping, label];
  const groupOf = groupLabels({ labels, without }, context.labels, semantics);
  return new ValueCountAggregator(groupOf, label, context);
}

type SimpleOperator = Exclude<
  AggregationOperator,
  'topk' | 'bottomk' | 'limitk' | 'limit_ratio' | 'count_values' | 'quantile'
>;

function accumulatorOf(operator: SimpleOperator, { steps, options }: EvaluationContext): () => Accumulator {
  const { count } = steps;
  const { semantics } = options;
  switch (operator) {
    case 'sum':
      return semantics === 'v3' ? () => new CompensatedSum(count) : () => new PlainSum(count);
    case 'avg':
      return semantics === 'v3' ? () => new CompensatedMean(count) : () => new RunningMean(count);
    case 'min':
      return () => new Extreme(count, 'least');
    case 'max':
      return () => new Extreme(count, 'greatest');
    case 'count':
      return () => new Count(count);
    case 'group':
      return () => new Presence(count);
    case 'stddev':
      return () => new Variance(count, 'deviation', semantics);
    case 'stdvar':
      return () => new Variance(count, 'variance', semantics);
  }
}
