import { labelOf, type Labels } from '#shared/model/labels.ts';
import { executionError } from './query-error.ts';

/**
 * What the evaluator computes with: one column of values for each label set, over all steps of a query at
 * once. An instant query is a query of one step.
 */
export interface Steps {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
}

export interface Column {
  readonly labels: Labels;
  readonly values: Float64Array;
  /** 1 at the steps where the series has a value; a value may itself be NaN. */
  readonly present: Uint8Array;
}

export function emptyColumn(labels: Labels, steps: Steps): Column {
  return { labels, values: new Float64Array(steps.count), present: new Uint8Array(steps.count) };
}

export function setValue(column: Column, step: number, value: number): void {
  column.values[step] = value;
  column.present[step] = 1;
}

/** The value of a column at a step where it has one. */
export function valueAt(column: Column, step: number): number {
  return column.values[step] ?? Number.NaN;
}

export function isEmpty(column: Column): boolean {
  return !column.present.includes(1);
}

/** A text that two label sets share only if they are equal; also sorts as Prometheus sorts labels. */
export function signatureOf(labels: Labels): string {
  return Object.keys(labels)
    .filter((name) => labelOf(labels, name) !== '')
    .sort()
    .map((name) => `${name}\u0000${labelOf(labels, name)}`)
    .join('\u0001');
}

export function keepLabels(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(
    names.filter((name) => labelOf(labels, name) !== '').map((name) => [name, labelOf(labels, name)]),
  );
}

export function dropLabels(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

export function dropName(labels: Labels): Labels {
  return dropLabels(labels, ['__name__']);
}

/** Changes the label sets of columns; columns that then share one are one series, or a mistake. */
export function relabel(columns: readonly Column[], change: (labels: Labels) => Labels): readonly Column[] {
  const joined = new Map<string, Column>();
  for (const column of columns) {
    const labels = change(column.labels);
    const signature = signatureOf(labels);
    const other = joined.get(signature);
    joined.set(signature, other === undefined ? { ...column, labels } : join(other, column));
  }
  return [...joined.values()];
}

function join(first: Column, second: Column): Column {
  const values = first.values.slice();
  const present = first.present.slice();
  second.present.forEach((has, step) => {
    if (has === 0) return;
    if (present[step] === 1) {
      throw executionError('vector cannot contain metrics with the same labelset');
    }
    present[step] = 1;
    values[step] = valueAt(second, step);
  });
  return { labels: first.labels, values, present };
}

/** Applies a function to every value. @param apply undefined takes the value out. */
export function mapColumns(
  columns: readonly Column[],
  apply: (value: number, step: number) => number | undefined,
): readonly Column[] {
  return columns.map((column) => {
    const values = new Float64Array(column.values.length);
    const present = new Uint8Array(column.values.length);
    for (let step = 0; step < values.length; step++) {
      if (column.present[step] !== 1) continue;
      const value = apply(valueAt(column, step), step);
      if (value === undefined) continue;
      values[step] = value;
      present[step] = 1;
    }
    return { labels: column.labels, values, present };
  });
}

/** A label set as Prometheus prints it in messages: `{a="b"}`, `up{job="x"}`. */
export function printLabels(labels: Labels): string {
  const name = labelOf(labels, '__name__');
  const rest = Object.keys(labels)
    .filter((label) => label !== '__name__')
    .sort()
    .map((label) => `${label}=${JSON.stringify(labelOf(labels, label))}`)
    .join(', ');
  return rest === '' && name !== '' ? name : `${name}{${rest}}`;
}
