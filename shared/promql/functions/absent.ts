import { metricNameLabel, type LabelPool, type LabelSet } from '../model/label-set.ts';
import { unwrapped, type Expression } from '../syntax/ast.ts';
import { either, type Presence } from '../evaluate/presence.ts';
import type { VectorFunction } from '../evaluate/context.ts';
import { unlabelled, vector, vectorOf } from './evaluated-values.ts';

/**
 * The labels of what is absent, as far as the selector tells them: those that it wants equal to one value.
 * A label with any other or further matcher is left out. Anything but a selector tells none.
 */
export function absentLabels(argument: Expression, labels: LabelPool): LabelSet {
  const expression = unwrapped(argument);
  const selector = expression.kind === 'matrix' ? expression.selector : expression;
  const known = new Map<string, string>();
  if (selector.kind !== 'selector') return labels.ofSorted([]);
  const seen = new Set<string>();
  for (const { name, operator, value } of selector.matchers) {
    if (name === metricNameLabel) continue;
    if (operator === '=' && !seen.has(name)) {
      known.set(name, value);
      seen.add(name);
    } else {
      known.delete(name);
    }
  }
  return labels.of(known);
}

export const absent: VectorFunction = (values, site) => {
  const columns = vectorOf(values[0]);
  const { steps, labels } = site.context;
  let seen: Presence = new Uint8Array(steps.count);
  for (const column of columns) {
    site.context.checkpoint();
    seen = either(seen, column.present);
    if (seen === null) return vector([]);
  }
  const present = seen.map((isSeen) => 1 - isSeen);
  if (!present.includes(1)) return vector([]);
  const [argument] = site.arguments;
  const ones = new Float64Array(steps.count).fill(1);
  if (argument === undefined) return unlabelled(site, ones, present);
  return vector([{ labels: absentLabels(argument, labels), values: ones, present, dropsName: false }]);
};
