import { scalarOf } from '../functions/evaluated-values.ts';
import { QueryError } from '../problem.ts';
import type { Call } from '../syntax/ast.ts';
import type { EvaluatedValue } from './columns.ts';
import type { Scope } from './scope.ts';

/**
 * Scalars that tell of the query itself, whatever subquery they stand in, and the lesser and the greater of
 * two scalars. All are experimental in Prometheus. Null for any other function.
 */
export function evaluateQueryFunction(scope: Scope, call: Call): EvaluatedValue | null {
  const { startMs, endMs, stepMs } = scope.query.bounds;
  switch (call.name) {
    case 'start':
      return constant(scope, startMs / 1000);
    case 'end':
      return constant(scope, endMs / 1000);
    case 'range':
      return constant(scope, (endMs - startMs) / 1000);
    case 'step':
      return constant(scope, stepMs / 1000);
    case 'min_of':
      return chosen(scope, call, Math.min);
    case 'max_of':
      return chosen(scope, call, Math.max);
    default:
      return null;
  }
}

function constant({ steps }: Scope, seconds: number): EvaluatedValue {
  return { kind: 'scalar', values: new Float64Array(steps.count).fill(seconds) };
}

function chosen(
  scope: Scope,
  { arguments: [left, right], span }: Call,
  choose: (left: number, right: number) => number,
): EvaluatedValue {
  if (left === undefined || right === undefined)
    throw new QueryError({ kind: 'bad-data', message: 'two scalars are needed', span });
  const first = scalarOf(scope.evaluate(left));
  const second = scalarOf(scope.evaluate(right));
  return { kind: 'scalar', values: first.map((value, step) => choose(value, second[step] ?? 0)) };
}
