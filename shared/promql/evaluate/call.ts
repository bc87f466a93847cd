import { scalarOf } from '../functions/evaluated-values.ts';
import { infoColumns } from '../functions/info/info.ts';
import { namelessLabels } from '../functions/metadata-labels.ts';
import { rangeFunctions } from '../functions/range/table.ts';
import { sampleFunctions, vectorFunctions } from '../functions/table.ts';
import { notSupported } from '../problem.ts';
import { unwrapped, type Call, type VectorSelector } from '../syntax/ast.ts';
import { ColumnBuffers } from './buffers.ts';
import { collected, streamValue } from './collect.ts';
import type { EvaluatedValue } from './columns.ts';
import type { CallSite, SampleFunction } from './context.ts';
import { streamSampleTimes } from './instant-selector.ts';
import { isStepInvariant } from './invariance.ts';
import { LabelSetGuard, mergedColumns } from './merge.ts';
import { evaluateQueryFunction } from './query-functions.ts';
import { absentOverTime, streamRangeFunction } from './range-call.ts';
import type { ColumnReceiver, Scope } from './scope.ts';

/** Calls, by the kind of function: of range vectors, of single samples, of whole values. */
export function evaluateCall(scope: Scope, call: Call): EvaluatedValue {
  if (isStreamable(call))
    return collected(scope, call, (receive) => {
      streamCall(scope, call, true, receive);
    });
  if (call.name === 'absent_over_time') return absentOverTime(scope, call, siteOf(scope, call));
  if (call.name === 'info')
    return { kind: 'vector', columns: mergedColumns(infoColumns(scope, call)), isOrdered: false };
  const ofQuery = evaluateQueryFunction(scope, call);
  if (ofQuery !== null) return ofQuery;
  const compute = vectorFunctions.get(call.name);
  if (compute === undefined) throw notSupported(`the function ${call.name}`, call.span);
  const values = call.arguments.map((argument) => scope.evaluate(argument));
  const value = compute(values, siteOf(scope, call));
  if (value.kind !== 'vector') return value;
  return { ...value, columns: mergedColumns(value.columns) };
}

export function streamCall(scope: Scope, call: Call, keeps: boolean, receive: ColumnReceiver): void {
  const selector = timedSelector(call);
  if (selector !== null) streamTimes(scope, selector, keeps, receive);
  else if (rangeFunctions.has(call.name))
    streamRangeFunction(scope, call, siteOf(scope, call), { keeps, receive });
  else {
    const compute = sampleFunctions.get(call.name);
    if (compute === undefined) streamValue(evaluateCall(scope, call), receive);
    else streamSampleFunction(scope, call, compute, { keeps, receive });
  }
}

function isStreamable(call: Call): boolean {
  return timedSelector(call) !== null || rangeFunctions.has(call.name) || sampleFunctions.has(call.name);
}

function siteOf(scope: Scope, call: Call): CallSite {
  return { name: call.name, span: call.span, arguments: remarkedArguments(call), context: scope };
}

/**
 * Remarks on an argument are placed within its parentheses, unless it was evaluated once for all steps with
 * them. Seen in Prometheus 3.5.
 */
function remarkedArguments(call: Call): Call['arguments'] {
  if (!call.arguments.some(({ kind }) => kind === 'parentheses')) return call.arguments;
  const isWhole = isStepInvariant(call);
  return call.arguments.map((argument) =>
    !isWhole && isStepInvariant(argument) ? argument : unwrapped(argument),
  );
}

/** The selector whose samples' own times `timestamp` tells; of any other vector it tells the steps' times. */
function timedSelector({ name, arguments: [argument] }: Call): VectorSelector | null {
  if (name !== 'timestamp' || argument === undefined) return null;
  const inner = unwrapped(argument);
  return inner.kind === 'selector' ? inner : null;
}

function streamTimes(scope: Scope, selector: VectorSelector, keeps: boolean, receive: ColumnReceiver): void {
  const guard = new LabelSetGuard(true);
  streamSampleTimes(scope, selector, keeps, (column) => {
    const named = namelessLabels(column.labels, scope);
    guard.check(column.labels, named.labels, column.present);
    receive({ ...column, ...named });
  });
}

interface Receiver {
  readonly keeps: boolean;
  readonly receive: ColumnReceiver;
}

function streamSampleFunction(
  scope: Scope,
  { arguments: [vector, ...others], name }: Call,
  compute: SampleFunction,
  { keeps, receive }: Receiver,
): void {
  if (vector === undefined) throw new Error(`${name} was called without a vector`);
  const scalars = others.map((other) => scalarOf(scope.evaluate(other)));
  const parameters = scalars.map(() => 0);
  const buffers = new ColumnBuffers(scope.steps, keeps);
  const guard = new LabelSetGuard(true);
  scope.stream(vector, false, (column) => {
    const values = buffers.values();
    for (let step = 0; step < values.length; step++) {
      for (let index = 0; index < parameters.length; index++) parameters[index] = scalars[index]?.[step] ?? 0;
      values[step] = compute(column.values[step] ?? 0, parameters);
    }
    const named = namelessLabels(column.labels, scope);
    guard.check(column.labels, named.labels, column.present);
    receive({ ...named, values, present: keeps ? (column.present?.slice() ?? null) : column.present });
  });
}
