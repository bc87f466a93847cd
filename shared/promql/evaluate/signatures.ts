import { metricNameLabel, type LabelSet } from '../model/label-set.ts';
import type { VectorMatching } from '../syntax/ast.ts';
import { rememberedChange } from './names.ts';
import { labelsOf, type Scope } from './scope.ts';

/**
 * Which series of two vectors belong together: their labels without those that need not be equal are the
 * same, interned, label set. The metric's name need never be equal unless `on` names it.
 */
export function signatureOf(scope: Scope, matching: VectorMatching): (labels: LabelSet) => LabelSet {
  const names = new Set(matching.labels);
  const pool = labelsOf(scope);
  const key = `${matching.on ? 'on' : 'ignoring'}:${JSON.stringify([...names].sort())}`;
  const keeps = matching.on
    ? (name: string): boolean => names.has(name)
    : (name: string): boolean => name !== metricNameLabel && !names.has(name);
  return rememberedChange(pool, key, (labels) => pool.filter(labels, keeps));
}

/** Plain matching: of labels that are all equal, as between the sides of `and`. */
export const plainMatching: VectorMatching = {
  cardinality: 'one-to-one',
  on: false,
  labels: [],
  include: [],
  fill: { left: null, right: null },
};
