import { RE2JS } from 're2js';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import { messageOf } from '#shared/result.ts';
import { compareValues } from './aggregate.ts';
import {
  dropLabels,
  dropName,
  isEmpty,
  mapColumns,
  relabel,
  valueAt,
  type Column,
  type Steps,
} from './columns.ts';
import { executionError } from './query-error.ts';

/** The functions over instant vectors, numbers by step for their scalar arguments. */
export type ScalarAt = (step: number) => number;
type NumberFunction = (value: number) => number;

const plain: ReadonlyMap<string, NumberFunction> = new Map<string, NumberFunction>([
  ['abs', Math.abs],
  ['ceil', Math.ceil],
  ['floor', Math.floor],
  ['sqrt', Math.sqrt],
  ['exp', Math.exp],
  ['ln', Math.log],
  ['log2', Math.log2],
  ['log10', Math.log10],
  ['sgn', Math.sign],
]);

/** @returns undefined where the name is not one of these. */
export function applyToNumbers(
  name: string,
  columns: readonly Column[],
  scalars: readonly ScalarAt[],
): readonly Column[] | undefined {
  const [first = () => Number.NaN, second = () => Number.NaN] = scalars;
  const map = (apply: (value: number, step: number) => number | undefined): readonly Column[] =>
    relabel(mapColumns(columns, apply), dropName);
  const simple = plain.get(name);
  if (simple !== undefined) return map(simple);
  switch (name) {
    case 'round':
      return map((value, step) => {
        // Multiplying with the inverse is what Prometheus does: it keeps 0.1 and its like exact.
        const inverse = 1 / (scalars.length === 0 ? 1 : first(step));
        return Math.floor(value * inverse + 0.5) / inverse;
      });
    case 'clamp':
      return map((value, step) =>
        second(step) < first(step) ? undefined : Math.max(first(step), Math.min(second(step), value)),
      );
    case 'clamp_min':
      return map((value, step) => Math.max(first(step), value));
    case 'clamp_max':
      return map((value, step) => Math.min(first(step), value));
    default:
      return undefined;
  }
}

/** Orders the series of an instant query by value; in a range query the order means nothing. */
export function sortColumns(columns: readonly Column[], direction: 1 | -1, steps: Steps): readonly Column[] {
  if (steps.count > 1) return columns;
  return [...columns].sort((left, right) => compareValues(valueAt(left, 0), valueAt(right, 0), direction));
}

/** A vector of one series is a number; anything else is NaN. */
export function scalarOf(columns: readonly Column[], steps: Steps): Float64Array {
  return Float64Array.from({ length: steps.count }, (_, step) => {
    const present = columns.filter((column) => column.present[step] === 1);
    const [only] = present;
    return present.length === 1 && only !== undefined ? valueAt(only, step) : Number.NaN;
  });
}

/** 1 at the steps where none of the columns has a value. */
export function absentColumns(labels: Labels, columns: readonly Column[], steps: Steps): readonly Column[] {
  const present = new Uint8Array(steps.count).map((_, step) =>
    columns.some((column) => column.present[step] === 1) ? 0 : 1,
  );
  return [{ labels, values: new Float64Array(steps.count).fill(1), present }].filter(
    (column) => !isEmpty(column),
  );
}

/** @throws QueryError where the pattern is not RE2 or the label's name cannot be one. */
export function replaceLabel(
  columns: readonly Column[],
  [destination, replacement, source, pattern]: readonly [string, string, string, string],
): readonly Column[] {
  if (destination === '') throw executionError('invalid destination label name in label_replace(): ');
  const expression = compile(pattern);
  return relabel(columns, (labels) => {
    const matcher = expression.matcher(labelOf(labels, source));
    if (!matcher.matches()) return labels;
    const value = replacement.replaceAll(
      /\$(?:\$|(\d+)|\{(\w+)\}|([A-Za-z_]\w*))/g,
      (all, digits?: string, braced?: string, word?: string) =>
        all === '$$' ? '$' : groupOf(matcher, digits ?? braced ?? word ?? ''),
    );
    return value === '' ? dropLabels(labels, [destination]) : { ...labels, [destination]: value };
  });
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (error) {
    throw executionError(`invalid regular expression in label_replace(): ${pattern}: ${messageOf(error)}`);
  }
}

function groupOf(matcher: ReturnType<RE2JS['matcher']>, name: string): string {
  try {
    return (/^\d+$/.test(name) ? matcher.group(Number(name)) : matcher.group(name)) ?? '';
  } catch {
    // Go expands a group that the pattern does not have to nothing; RE2JS throws.
    return '';
  }
}
