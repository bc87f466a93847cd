import { QueryError } from '../problem.ts';
import type { Expression } from '../syntax/ast.ts';
import { aggregated } from './aggregation.ts';
import { evaluateBinary, streamBinary } from './binary.ts';
import { evaluateCall, streamCall } from './call.ts';
import { collected } from './collect.ts';
import type { Column, EvaluatedValue, Steps } from './columns.ts';
import { streamSelector } from './instant-selector.ts';
import { isStepInvariant } from './invariance.ts';
import { mergedColumns } from './merge.ts';
import { workOf, type ColumnReceiver, type Query, type Scope } from './scope.ts';
import { evaluateUnary, streamUnary } from './unary.ts';

/**
 * The evaluator: every node is evaluated over all steps at once, series by series. Nodes whose results are
 * only passed on are streamed, so that an aggregation over thousands of series never holds them all.
 */
export function scopeOf(query: Query, steps: Steps, depth = 0): Scope {
  const work = workOf(steps);
  const scope: Scope = {
    query,
    steps,
    options: query.options,
    labels: query.source.labels,
    annotate: (level, message, span) => {
      query.remarks.add(level, message, span);
    },
    checkpoint: () => {
      query.checkpoint(work);
    },
    hold: (samples) => {
      query.budget.hold(samples);
    },
    evaluate: (expression) => evaluateNode(deeper(expression), expression),
    stream: (expression, keeps, receive) => {
      streamNode(deeper(expression), { expression, keeps, receive });
    },
    at: (inner) => scopeOf(query, inner, depth),
  };
  let below: Scope | null = null;
  function deeper(expression: Expression): Scope {
    if (depth >= query.options.maxDepth) throw tooDeep(expression, query.options.maxDepth);
    below ??= scopeOf(query, steps, depth + 1);
    return below;
  }
  return scope;
}

function tooDeep({ span }: Expression, most: number): QueryError {
  return new QueryError({ kind: 'limit', message: `expressions are nested deeper than ${most}`, span });
}

interface Stream {
  readonly expression: Expression;
  readonly keeps: boolean;
  readonly receive: ColumnReceiver;
}

function evaluateNode(scope: Scope, expression: Expression): EvaluatedValue {
  const { shared, observer, budget } = scope.query;
  scope.checkpoint();
  if (observer !== null) return observedValue(scope, expression);
  const commonKey = shared.commonKeyOf(expression);
  if (commonKey === null) return valueOf(scope, expression);
  const { startMs, stepMs, count } = scope.steps;
  const key = `${boundsKey(scope.query)} ${startMs}+${stepMs}*${count} ${commonKey}`;
  const known = shared.valueOf(key);
  if (known !== undefined) {
    budget.hold(sizeOf(known));
    return known;
  }
  const { remarks } = scope.query;
  const remarkCount = remarks.count;
  const value = valueOf(scope, expression);
  // Remarks name a place: another expression of the same text has to make its own.
  if (remarks.count === remarkCount) shared.keepValue(key, value);
  return value;
}

/** The query's own range, on which an expression may depend beside its steps. */
function boundsKey({ bounds }: Query): string {
  return `${bounds.startMs}..${bounds.endMs}/${bounds.stepMs}`;
}

function observedValue(scope: Scope, expression: Expression): EvaluatedValue {
  const { observer } = scope.query;
  observer?.enter(expression);
  const value = valueOf(scope, expression);
  observer?.leave(expression, scope.steps, value);
  return value;
}

/** The value, with what was held on the way let go. */
function valueOf(scope: Scope, expression: Expression): EvaluatedValue {
  const { budget } = scope.query;
  const { held } = budget;
  const value = spreads(scope, expression)
    ? spread(scope, valueAtOneStep(scope, expression))
    : computed(scope, expression);
  budget.returnTo(held);
  budget.hold(sizeOf(value));
  return value;
}

function sizeOf(value: EvaluatedValue): number {
  if (value.kind === 'string') return 0;
  if (value.kind === 'scalar') return value.values.length;
  return value.columns.length * (value.columns[0]?.values.length ?? 0);
}

function spreads({ steps }: Scope, expression: Expression): boolean {
  if (steps.count <= 1 || expression.kind === 'number' || expression.kind === 'string') return false;
  return isStepInvariant(expression);
}

function valueAtOneStep(scope: Scope, expression: Expression): EvaluatedValue {
  return computed(scope.at({ startMs: scope.steps.startMs, stepMs: 0, count: 1 }), expression);
}

function spread(scope: Scope, value: EvaluatedValue): EvaluatedValue {
  const { steps } = scope;
  if (value.kind === 'string') return value;
  if (value.kind === 'scalar')
    return { kind: 'scalar', values: new Float64Array(steps.count).fill(value.values[0] ?? 0) };
  const columns: Column[] = [];
  for (const column of value.columns) {
    scope.checkpoint();
    if (column.present !== null && column.present[0] !== 1) continue;
    scope.hold(steps.count);
    const values = new Float64Array(steps.count).fill(column.values[0] ?? 0);
    columns.push({ ...column, values, present: null });
  }
  return { ...value, columns };
}

function computed(scope: Scope, expression: Expression): EvaluatedValue {
  switch (expression.kind) {
    case 'number':
      return { kind: 'scalar', values: new Float64Array(scope.steps.count).fill(expression.value) };
    case 'string':
      return { kind: 'string', value: expression.value };
    case 'parentheses':
      return scope.evaluate(expression.operand);
    case 'unary':
      return evaluateUnary(scope, expression);
    case 'binary':
      return evaluateBinary(scope, expression);
    case 'call':
      return evaluateCall(scope, expression);
    case 'selector':
      return collected(scope, expression, (receive) => {
        streamSelector(scope, expression, true, receive);
      });
    case 'aggregation': {
      const { columns, isOrdered } = aggregated(scope, expression);
      return { kind: 'vector', columns: mergedColumns(columns), isOrdered };
    }
    case 'matrix':
    case 'subquery':
      throw new Error('a range vector is walked, not evaluated');
  }
}

function streamNode(scope: Scope, stream: Stream): void {
  const { shared, observer } = scope.query;
  scope.checkpoint();
  const { expression, receive } = stream;
  const isWhole = observer !== null || shared.commonKeyOf(expression) !== null || spreads(scope, expression);
  if (!isWhole && isStreamed(expression)) {
    streamComputed(scope, stream);
    return;
  }
  const value = evaluateNode(scope, expression);
  if (value.kind === 'vector') value.columns.forEach(receive);
}

function isStreamed(expression: Expression): boolean {
  const { kind } = expression;
  return (
    kind === 'parentheses' || kind === 'selector' || kind === 'unary' || kind === 'binary' || kind === 'call'
  );
}

function streamComputed(scope: Scope, { expression, keeps, receive }: Stream): void {
  switch (expression.kind) {
    case 'parentheses':
      scope.stream(expression.operand, keeps, receive);
      return;
    case 'selector':
      streamSelector(scope, expression, keeps, receive);
      return;
    case 'unary':
      streamUnary(scope, expression, keeps, receive);
      return;
    case 'binary':
      streamBinary(scope, expression, keeps, receive);
      return;
    case 'call':
      streamCall(scope, expression, keeps, receive);
      return;
    default:
      throw new Error(`a ${expression.kind} is not streamed`);
  }
}
