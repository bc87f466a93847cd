import { makeAggregator } from '../aggregate/aggregate.ts';
import type { Aggregation } from '../syntax/ast.ts';
import type { Aggregator } from './context.ts';
import type { Scope } from './scope.ts';

/** An aggregation takes its operand's columns one by one, in arrays that are used again for each. */
export function aggregated(scope: Scope, aggregation: Aggregation): ReturnType<Aggregator['finish']> {
  const { operator, grouping, without, parameter, operand } = aggregation;
  const aggregator = makeAggregator({
    operator,
    grouping,
    without,
    parameter: parameter === null ? null : scope.evaluate(parameter),
    site: aggregation,
    context: scope,
  });
  scope.stream(operand, false, (column) => {
    scope.checkpoint();
    aggregator.add(column);
  });
  return aggregator.finish();
}
