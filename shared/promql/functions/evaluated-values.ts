import type { Column, EvaluatedValue } from '../evaluate/columns.ts';
import type { CallSite } from '../evaluate/context.ts';
import { namelessLabels } from './metadata-labels.ts';

/** Arguments as functions take them. Types were checked with the expression: another type here is a bug. */

export function vectorOf(value: EvaluatedValue | undefined): readonly Column[] {
  if (value?.kind !== 'vector') throw new Error(`expected a vector, got ${value?.kind}`);
  return value.columns;
}

/** A value for each step. */
export function scalarOf(value: EvaluatedValue | undefined): Float64Array {
  if (value?.kind !== 'scalar') throw new Error(`expected a scalar, got ${value?.kind}`);
  return value.values;
}

export function textOf(value: EvaluatedValue | undefined): string {
  if (value?.kind !== 'string') throw new Error(`expected a string, got ${value?.kind}`);
  return value.value;
}

export function isPresent(column: Column, step: number): boolean {
  return column.present === null || column.present[step] === 1;
}

export function vector(columns: readonly Column[]): EvaluatedValue {
  return { kind: 'vector', columns, isOrdered: false };
}

/** Each value of a vector through a function, under labels without the metric's name. */
export function mapped(
  columns: readonly Column[],
  { context }: Pick<CallSite, 'context'>,
  compute: (value: number, step: number) => number,
): EvaluatedValue {
  return vector(
    columns.map((column) => {
      context.checkpoint();
      const values = new Float64Array(column.values.length);
      for (let step = 0; step < values.length; step++) values[step] = compute(column.values[step] ?? 0, step);
      return { ...namelessLabels(column.labels, context), values, present: column.present };
    }),
  );
}

const stepsPerCheckpoint = 65_536;

/** A scalar or a vector without labels: a value for each step from the step's time in Unix milliseconds. */
export function valuesOfTimes(
  { context }: Pick<CallSite, 'context'>,
  compute: (timeMs: number) => number,
): Float64Array {
  const { startMs, stepMs, count } = context.steps;
  const values = new Float64Array(count);
  for (let step = 0; step < count; step++) {
    if (step % stepsPerCheckpoint === 0) context.checkpoint();
    values[step] = compute(startMs + step * stepMs);
  }
  return values;
}

/** The one series of a vector that has no labels. */
export function unlabelled(
  { context }: Pick<CallSite, 'context'>,
  values: Float64Array,
  present: Uint8Array | null = null,
): EvaluatedValue {
  return vector([{ labels: context.labels.ofSorted([]), values, present, dropsName: false }]);
}
