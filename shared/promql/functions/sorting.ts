import { compareLabelSets } from '../model/label-set.ts';
import type { Column, EvaluatedValue } from '../evaluate/columns.ts';
import type { CallSite, VectorFunction } from '../evaluate/context.ts';
import { isPresent, textOf, vectorOf } from './evaluated-values.ts';
import { comesBefore } from './natural-order.ts';
import { sortAsGo, sortByValue } from './value-order.ts';

/** Sorting is of instant queries: the series of a range query are always in the order of their labels. */

function valueSort(direction: 'ascending' | 'descending'): VectorFunction {
  return (values, site) => {
    const columns = vectorOf(values[0]);
    if (isOfRange(site)) return { kind: 'vector', columns, isOrdered: false };
    const present = columns.filter((column) => isPresent(column, 0));
    const order = present.map((_, index) => index);
    sortByValue(order, (index) => present[index]?.values[0] ?? 0, direction);
    return ordered(order.flatMap((index) => present[index] ?? []));
  };
}

function labelSort(sign: 1 | -1): VectorFunction {
  return (values, site) => {
    const columns = vectorOf(values[0]);
    const names = values.slice(1).map(textOf);
    if (isOfRange(site)) return { kind: 'vector', columns, isOrdered: false };
    const sorted = [...columns];
    sortAsGo(sorted, (one, other) => {
      for (const name of names) {
        const [text, otherText] = [one.labels.get(name), other.labels.get(name)];
        if (text !== otherText) return sign * (comesBefore(text, otherText) ? -1 : 1) < 0;
      }
      return sign * compareLabelSets(one.labels, other.labels) < 0;
    });
    return ordered(sorted);
  };
}

function isOfRange({ context, span }: CallSite): boolean {
  if (context.steps.count === 1) return false;
  const message =
    'PromQL warning: sort is ineffective for range queries since results are always ordered by labels';
  context.annotate('warning', message, span);
  return true;
}

function ordered(columns: readonly Column[]): EvaluatedValue {
  return { kind: 'vector', columns, isOrdered: true };
}

export const sortFunctions: readonly (readonly [string, VectorFunction])[] = [
  ['sort', valueSort('ascending')],
  ['sort_desc', valueSort('descending')],
  ['sort_by_label', labelSort(1)],
  ['sort_by_label_desc', labelSort(-1)],
];
