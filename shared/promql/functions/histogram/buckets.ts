import { metricNameLabel, type LabelSet } from '../../model/label-set.ts';
import type { Column } from '../../evaluate/columns.ts';
import type { CallSite } from '../../evaluate/context.ts';
import { rememberedChange } from '../../evaluate/names.ts';
import { goQuoted } from '../../syntax/strings.ts';
import type { TextSpan } from '../../syntax/ast.ts';
import { parseBound } from './parse-bound.ts';

/** Classic histograms: series with a label `le` that count what is at most so much. */

const boundLabel = 'le';

/** One histogram, its buckets in the order of their bounds, of which several may be equal (`1` and `1.0`). */
export interface ClassicHistogram {
  /** Of the series without `le`. */
  readonly labels: LabelSet;
  readonly dropsName: boolean;
  readonly bounds: Float64Array;
  readonly counts: readonly Float64Array[];
  readonly present: readonly (Uint8Array | null)[];
}

/** Buckets of one histogram at one step; arrays are used again for the next. */
export interface StepBuckets {
  readonly bounds: Float64Array;
  readonly counts: Float64Array;
  length: number;
}

/**
 * Tells series with a bound apart into histograms, in the order of their first series.
 */
export function classicHistograms(
  columns: readonly Column[],
  argument: TextSpan,
  { context }: CallSite,
): readonly ClassicHistogram[] {
  const found = new Map<LabelSet, { bound: number; column: Column }[]>();
  const bounds = new Map<string, number | null>();
  const withoutBound = rememberedChange(context.labels, 'without le', (labels) =>
    context.labels.filter(labels, (name) => name !== boundLabel),
  );
  for (const column of columns) {
    context.checkpoint();
    const text = column.labels.get(boundLabel);
    let bound = bounds.get(text);
    if (bound === undefined) {
      bound = parseBound(text);
      bounds.set(text, bound);
    }
    if (bound === null) {
      const name = column.labels.get(metricNameLabel);
      if (column.present?.includes(1) ?? true) {
        context.annotate('warning', `${badBound} of ${goQuoted(text)}${ofMetric(name)}`, argument);
      }
      continue;
    }
    const labels = withoutBound(column.labels);
    const buckets = found.get(labels);
    if (buckets === undefined) found.set(labels, [{ bound, column }]);
    else buckets.push({ bound, column });
  }
  return [...found].map(([labels, buckets]) => {
    buckets.sort((left, right) => comparedBounds(left.bound, right.bound));
    return {
      labels,
      dropsName: buckets.some(({ column }) => column.dropsName),
      bounds: Float64Array.from(buckets, ({ bound }) => bound),
      counts: buckets.map(({ column }) => column.values),
      present: buckets.map(({ column }) => column.present),
    };
  });
}

/** NaNs are the last, so that a histogram with one has no bucket of all observations at its end. */
function comparedBounds(left: number, right: number): number {
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : 1;
  if (Number.isNaN(right) || left < right) return -1;
  return left > right ? 1 : 0;
}

const badBound = 'PromQL warning: bucket label "le" is missing or has a malformed value';

/** What the name of a metric adds to a remark, where there is one. */
export function ofMetric(name: string): string {
  return name === '' ? '' : ` for metric name ${goQuoted(name)}`;
}

export function makeStepBuckets({ counts }: ClassicHistogram): StepBuckets {
  return {
    bounds: new Float64Array(counts.length),
    counts: new Float64Array(counts.length),
    length: 0,
  };
}

/** Collects the buckets that there are at a step; those with equal bounds become one. */
export function fillBuckets(buckets: StepBuckets, histogram: ClassicHistogram, step: number): void {
  const { bounds, counts } = buckets;
  const series = histogram.counts;
  const { present } = histogram;
  let length = 0;
  for (let index = 0; index < series.length; index++) {
    const there = present[index] ?? null;
    if (there !== null && there[step] === 0) continue;
    const bound = histogram.bounds[index] ?? 0;
    const count = series[index]?.[step] ?? 0;
    if (length > 0 && bounds[length - 1] === bound) {
      counts[length - 1] = (counts[length - 1] ?? 0) + count;
    } else {
      bounds[length] = bound;
      counts[length] = count;
      length += 1;
    }
  }
  buckets.length = length;
}
