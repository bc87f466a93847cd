import { QueryError } from '../problem.ts';
import type { Duration, DurationExpression, Subquery, TextSpan } from '../syntax/ast.ts';
import { power } from './elementary.ts';
import type { QueryOptions } from './options.ts';
import type { QueryBounds } from './scope.ts';

/**
 * What durations come to: those written as expressions may ask for the query's step and range. All are in
 * milliseconds; within an expression numbers are seconds, and what is left of a millisecond is cut off.
 */

/** A range, or the step of a subquery. @throws QueryError where it is not positive. */
export function positiveMs(duration: Duration, bounds: QueryBounds): number {
  if (duration.kind === 'fixed') return duration.ms;
  const seconds = secondsOf(duration.expression, bounds);
  if (!(seconds > 0)) throw durationError('duration must be greater than 0', duration.expression.span);
  return millisecondsOf(seconds, duration.expression.span);
}

/** A computed step of less than a millisecond is as good as none. */
export function subqueryStepMs(
  { step }: Subquery,
  bounds: QueryBounds,
  options: Pick<QueryOptions, 'subqueryStepMs'>,
): number {
  const written = step === null ? 0 : positiveMs(step, bounds);
  return written === 0 ? options.subqueryStepMs : written;
}

/** An offset, 0 where there is none. */
export function offsetMs(duration: Duration | null, bounds: QueryBounds): number {
  if (duration === null) return 0;
  if (duration.kind === 'fixed') return duration.ms;
  return millisecondsOf(secondsOf(duration.expression, bounds), duration.expression.span);
}

/** Nanoseconds in 63 bits are the longest that Prometheus can say. */
const longestSeconds = 2 ** 63 / 1e9;

function millisecondsOf(seconds: number, span: TextSpan): number {
  if (!(Math.abs(seconds) < longestSeconds)) throw durationError('duration is out of range', span);
  return Math.trunc(seconds * 1000);
}

function secondsOf(expression: DurationExpression, bounds: QueryBounds): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'step':
      return bounds.stepMs / 1000;
    case 'range':
      return (bounds.endMs - bounds.startMs) / 1000;
    case 'negated':
      return -secondsOf(expression.operand, bounds);
    case 'parenthesised':
      return secondsOf(expression.operand, bounds);
    case 'calculation':
      return calculated(expression, bounds);
  }
}

function calculated(
  { operator, left, right, span }: Extract<DurationExpression, { kind: 'calculation' }>,
  bounds: QueryBounds,
): number {
  const first = secondsOf(left, bounds);
  const second = secondsOf(right, bounds);
  switch (operator) {
    case '+':
      return first + second;
    case '-':
      return first - second;
    case '*':
      return first * second;
    case '/':
      if (second === 0) throw durationError('division by zero', span);
      return first / second;
    case '%':
      if (second === 0) throw durationError('modulo by zero', span);
      return first % second;
    case '^':
      return power(first, second);
    case 'min_of':
      return Math.min(first, second);
    case 'max_of':
      return Math.max(first, second);
  }
}

function durationError(message: string, span: TextSpan): QueryError {
  return new QueryError({ kind: 'bad-data', message, span });
}
