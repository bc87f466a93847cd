import type { Column } from '../evaluate/columns.ts';
import type { CallSite, VectorFunction } from '../evaluate/context.ts';
import { isPresent, mapped, scalarOf, vector, vectorOf } from './evaluated-values.ts';
import { max, min } from './go-numbers.ts';

export const clamp: VectorFunction = (values, site) =>
  clamped(vectorOf(values[0]), scalarOf(values[1]), scalarOf(values[2]), site);

export const clampMin: VectorFunction = (values, site) =>
  clamped(vectorOf(values[0]), scalarOf(values[1]), null, site);

export const clampMax: VectorFunction = (values, site) =>
  clamped(vectorOf(values[0]), null, scalarOf(values[1]), site);

/** Where the least is above the most, there is no value. */
function clamped(
  columns: readonly Column[],
  least: Float64Array | null,
  most: Float64Array | null,
  site: CallSite,
): ReturnType<VectorFunction> {
  const leastAt = (step: number): number => least?.[step] ?? Number.NEGATIVE_INFINITY;
  const mostAt = (step: number): number => most?.[step] ?? Number.POSITIVE_INFINITY;
  const steps = Array.from({ length: site.context.steps.count }, (_, step) => step);
  const areCrossed = steps.map((step) => mostAt(step) < leastAt(step));
  const limited = mapped(columns, site, (value, step) => max(leastAt(step), min(mostAt(step), value)));
  if (!areCrossed.includes(true) || limited.kind !== 'vector') return limited;
  if (!areCrossed.includes(false)) return vector([]);
  return vector(
    limited.columns.map((column) => ({
      ...column,
      present: Uint8Array.from(steps, (step) =>
        isPresent(column, step) && areCrossed[step] !== true ? 1 : 0,
      ),
    })),
  );
}
