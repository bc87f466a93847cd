import type { Labels } from '#shared/model/labels.ts';
import { formatFloat } from './float-format.ts';

/**
 * The values of a template: a number is Go's float64, a bigint its int. Printed as Go's `%v` prints them.
 */

export interface LabelMap {
  readonly kind: 'map';
  readonly labels: Labels;
}

/** What the dot is at first. */
export interface TemplateData {
  readonly kind: 'data';
  readonly labels: Labels;
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  readonly value: number;
}

export type Value = string | number | bigint | boolean | null | LabelMap | TemplateData;

export function typeNameOf(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'float64';
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
    default:
      if (value === null) return '<nil>';
      return value.kind === 'map' ? 'map[string]string' : 'struct';
  }
}

/** Go's truth: what is zero or empty is false; NaN is not zero. */
export function isTrue(value: Value): boolean {
  if (value === null) return false;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'object') return Boolean(value);
  return value.kind === 'data' || Object.keys(value.labels).length > 0;
}

export function printValue(value: Value): string {
  if (value === null) return '<no value>';
  if (typeof value === 'number') return formatFloat(value, 'g', null);
  if (typeof value !== 'object') return String(value);
  if (value.kind === 'map') return printLabels(value.labels);
  return `{${printLabels(value.labels)} ${printLabels(value.externalLabels)} ${value.externalUrl} ${formatFloat(value.value, 'g', null)}}`;
}

function printLabels(labels: Labels): string {
  return `map[${sortedEntries(labels)
    .map(([name, value]) => `${name}:${value}`)
    .join(' ')}]`;
}

export function sortedEntries(labels: Labels): [name: string, value: string][] {
  return Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : Number(left > right)));
}

/** UTF-16 units that one value, or all arguments of one call, may have: more is nothing that anybody reads. */
export const maxValueLength = 262_144;
export const tooLong = `a text longer than ${maxValueLength} characters`;

export function lengthOfValue(value: Value): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  const sets = value.kind === 'map' ? [value.labels] : [value.labels, value.externalLabels];
  let length = 0;
  for (const labels of sets)
    for (const [name, text] of Object.entries(labels)) length += name.length + text.length;
  return length;
}
