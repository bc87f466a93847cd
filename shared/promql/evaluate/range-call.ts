import { scalarOf, unlabelled } from '../functions/evaluated-values.ts';
import { namelessLabels } from '../functions/metadata-labels.ts';
import { rangeFunctions } from '../functions/range/table.ts';
import { vectorFunctions } from '../functions/table.ts';
import { metricNameLabel } from '../model/label-set.ts';
import { executionError } from '../problem.ts';
import type { Call } from '../syntax/ast.ts';
import { ColumnBuffers } from './buffers.ts';
import type { EvaluatedValue } from './columns.ts';
import type { CallSite } from './context.ts';
import { LabelSetGuard, mergedColumns } from './merge.ts';
import { hasAny, simplified } from './presence.ts';
import { forEachRange, rangeVectorOf, type RangeVector } from './range-vectors.ts';
import type { ColumnReceiver, Scope } from './scope.ts';

/** Calls of functions that take a range vector. */

/** They give a sample that was there, not one computed: it is still the metric's. */
const keepName: ReadonlySet<string> = new Set(['last_over_time', 'first_over_time']);

export function streamRangeFunction(
  scope: Scope,
  call: Call,
  site: CallSite,
  { keeps, receive }: { readonly keeps: boolean; readonly receive: ColumnReceiver },
): void {
  const compute = rangeFunctions.get(call.name);
  if (compute === undefined) throw new Error(`${call.name} takes no range vector`);
  const { vector, others } = argumentsOf(call);
  refuseExtension(call.name, vector);
  const parameters = others.map((other) => scalarOf(scope.evaluate(other)));
  const buffers = new ColumnBuffers(scope.steps, keeps);
  // Before version 3.13 Prometheus refused series of equal labels even if they shared no step.
  const guard = new LabelSetGuard(scope.options.semantics === 'v3');
  const keepsName = keepName.has(call.name);
  // Series of one name follow each other.
  let named = { ...site, metricName: '' };
  forEachRange(scope, vector, (series) => {
    const values = buffers.values();
    const present = buffers.present();
    const metricName = series.labels.get(metricNameLabel);
    if (named.metricName !== metricName) named = { ...site, metricName };
    compute(series.samples, series.windows, parameters, { values, present }, named);
    if (!hasAny(present)) return;
    const { labels, dropsName } = keepsName ? series : namelessLabels(series.labels, scope);
    const shown = simplified(present);
    if (!scope.options.delayedNameRemoval) guard.check(series.labels, labels, shown);
    receive({ labels, values, present: shown, dropsName });
  });
}

const extensible = {
  anchored: ['changes', 'delta', 'increase', 'rate', 'resets'],
  smoothed: ['delta', 'increase', 'rate'],
} as const;

/** @throws QueryError where the function has no use for an extended range. */
function refuseExtension(name: string, vector: RangeVector): void {
  const extension = vector.kind === 'matrix' ? vector.selector.extension : null;
  if (extension === null) return;
  const names: readonly string[] = extensible[extension];
  if (names.includes(name)) return;
  throw executionError(`${extension} modifier can only be used with: ${names.join(', ')} - not with ${name}`);
}

function argumentsOf(call: Call): { vector: RangeVector; others: Call['arguments'] } {
  const others: Call['arguments'][number][] = [];
  let vector: RangeVector | null = null;
  for (const argument of call.arguments) {
    const range = rangeVectorOf(argument);
    if (range === null) others.push(argument);
    else vector = range;
  }
  if (vector === null) throw new Error(`${call.name} was called without a range vector`);
  return { vector, others };
}

/** What `absent` says of the series that have any sample in their range. */
export function absentOverTime(scope: Scope, call: Call, site: CallSite): EvaluatedValue {
  const absent = vectorFunctions.get('absent');
  if (absent === undefined) throw new Error('absent is no function');
  const { vector } = argumentsOf(call);
  refuseExtension(call.name, vector);
  // Which series it is that is there does not matter.
  const present = new Uint8Array(scope.steps.count);
  forEachRange(scope, vector, ({ windows: { first, end } }) => {
    for (let step = 0; step < present.length; step++)
      if ((first[step] ?? 0) < (end[step] ?? 0)) present[step] = 1;
  });
  const any = unlabelled(site, new Float64Array(present.length), present);
  const value = absent([any], site);
  if (value.kind !== 'vector') throw new Error('absent gave no vector');
  return { ...value, columns: mergedColumns(value.columns) };
}
