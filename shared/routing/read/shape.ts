import type { MapNode, ScalarNode } from './node.ts';

/** What an Alertmanager takes in one place of its configuration, as data; `check-shape.ts` compares. */
export type Shape =
  | { readonly kind: 'scalar'; readonly scalar: ScalarShape }
  | { readonly kind: 'list'; readonly item: Shape }
  | { readonly kind: 'map'; readonly value: Shape; readonly rules: readonly Rule[] }
  | { readonly kind: 'fields'; readonly fields: Fields; readonly rules: readonly Rule[] }
  /** One value that stands for a whole map. */
  | { readonly kind: 'scalar-or-fields'; readonly fields: Fields }
  | { readonly kind: 'anything' };

export type Fields = Readonly<Record<string, Shape>>;

export interface ScalarShape {
  /** One line about what may stand here. */
  readonly accepted: string;
  /** @returns what is wrong with it, or null. */
  readonly problemOf: (node: ScalarNode) => string | null;
}

/** What has to hold between the keys of one map. */
export type Rule = (map: MapNode) => RuleProblem | null;

export interface RuleProblem {
  /** The key to look at; null for the map itself. */
  readonly key: string | null;
  readonly message: string;
  readonly accepted: string;
}

export const anything: Shape = { kind: 'anything' };

export function list(item: Shape): Shape {
  return { kind: 'list', item };
}

export function mapOf(value: Shape, ...rules: readonly Rule[]): Shape {
  return { kind: 'map', value, rules };
}

export function fields(known: Fields, ...rules: readonly Rule[]): Shape {
  return { kind: 'fields', fields: known, rules };
}

/** The same shape under several names, where a map has many fields of one kind. */
export function each(shape: Shape, names: string): Fields {
  return Object.fromEntries(names.split(' ').map((name) => [name, shape]));
}
