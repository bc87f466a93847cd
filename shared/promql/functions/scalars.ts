import type { VectorFunction } from '../evaluate/context.ts';
import { isPresent, scalarOf, unlabelled, vectorOf } from './evaluated-values.ts';

export const pi: VectorFunction = (_values, { context }) => ({
  kind: 'scalar',
  values: new Float64Array(context.steps.count).fill(Math.PI),
});

/** A scalar as a vector of one series without labels. */
export const vectorOfScalar: VectorFunction = (values, site) => unlabelled(site, scalarOf(values[0]));

/** The value of the only series, and NaN where there is none or more than one. */
export const scalar: VectorFunction = (values, { context }) => {
  const columns = vectorOf(values[0]);
  const result = new Float64Array(context.steps.count).fill(Number.NaN);
  const found = new Uint8Array(context.steps.count);
  for (const column of columns) {
    for (let step = 0; step < result.length; step++) {
      if (!isPresent(column, step)) continue;
      result[step] = found[step] === 0 ? (column.values[step] ?? 0) : Number.NaN;
      found[step] = 1;
    }
  }
  return { kind: 'scalar', values: result };
};
