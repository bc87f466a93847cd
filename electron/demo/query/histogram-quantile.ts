import { labelOf, type Labels } from '#shared/model/labels.ts';
import {
  dropLabels,
  dropName,
  emptyColumn,
  relabel,
  setValue,
  signatureOf,
  valueAt,
  type Column,
  type Steps,
} from './columns.ts';

/**
 * `histogram_quantile` over classic buckets. Source: prometheus promql/quantile.go, BucketQuantile (3.x):
 * equal bounds are added up, small decreases are levelled, the value is interpolated within its bucket.
 */
interface Bucket {
  readonly upperBound: number;
  count: number;
}

interface Family {
  readonly labels: Labels;
  readonly buckets: { readonly upperBound: number; readonly column: Column }[];
}

export function histogramQuantile(
  quantileAt: (step: number) => number,
  columns: readonly Column[],
  steps: Steps,
): readonly Column[] {
  const quantiles = [...familiesOf(columns).values()].map(({ labels, buckets }) => {
    const result = emptyColumn(labels, steps);
    for (let step = 0; step < steps.count; step++) {
      const present = buckets
        .filter(({ column }) => column.present[step] === 1)
        .map(({ upperBound, column }) => ({ upperBound, count: valueAt(column, step) }));
      if (present.length > 0) setValue(result, step, bucketQuantile(quantileAt(step), present));
    }
    return result;
  });
  return relabel(quantiles, dropName);
}

function familiesOf(columns: readonly Column[]): ReadonlyMap<string, Family> {
  const families = new Map<string, Family>();
  for (const column of columns) {
    const upperBound = boundOf(labelOf(column.labels, 'le'));
    if (upperBound === undefined) continue;
    const labels = dropLabels(column.labels, ['le']);
    const signature = signatureOf(labels);
    const family = families.get(signature) ?? { labels, buckets: [] };
    family.buckets.push({ upperBound, column });
    families.set(signature, family);
  }
  for (const family of families.values()) {
    family.buckets.sort((left, right) =>
      left.upperBound === right.upperBound ? 0 : left.upperBound - right.upperBound,
    );
  }
  return families;
}

function boundOf(text: string): number | undefined {
  if (/^\+?inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  const bound = Number(text);
  return text.trim() === '' || Number.isNaN(bound) ? undefined : bound;
}

/** @param sorted buckets by upper bound; their counts are changed. */
function bucketQuantile(q: number, sorted: readonly Bucket[]): number {
  if (Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  if (sorted.at(-1)?.upperBound !== Number.POSITIVE_INFINITY) return Number.NaN;
  const buckets = coalesce(sorted);
  levelDecreases(buckets);
  const observations = buckets.at(-1)?.count ?? 0;
  if (buckets.length < 2 || observations === 0 || Number.isNaN(observations)) return Number.NaN;
  let rank = q * observations;
  const found = buckets.findIndex((bucket) => bucket.count >= rank);
  const index = found === -1 ? buckets.length - 1 : found;
  const bucket = buckets[index];
  if (bucket === undefined || index === buckets.length - 1) return buckets.at(-2)?.upperBound ?? Number.NaN;
  if (index === 0 && bucket.upperBound <= 0) return bucket.upperBound;
  const below = buckets[index - 1];
  const start = below?.upperBound ?? 0;
  rank -= below?.count ?? 0;
  return start + (bucket.upperBound - start) * (rank / (bucket.count - (below?.count ?? 0)));
}

function coalesce(sorted: readonly Bucket[]): Bucket[] {
  const buckets: Bucket[] = [];
  for (const bucket of sorted) {
    const last = buckets.at(-1);
    if (last?.upperBound === bucket.upperBound) last.count += bucket.count;
    else buckets.push({ ...bucket });
  }
  return buckets;
}

function levelDecreases(buckets: readonly Bucket[]): void {
  const tolerance = 1e-12;
  let before = buckets[0]?.count ?? 0;
  for (const bucket of buckets.slice(1)) {
    const small = almostEqual(bucket.count, before, tolerance);
    if (small || bucket.count < before) bucket.count = before;
    else before = bucket.count;
  }
}

function almostEqual(left: number, right: number, tolerance: number): boolean {
  if (left === right) return true;
  return Math.abs(left - right) / Math.min(Math.abs(left) + Math.abs(right), Number.MAX_VALUE) < tolerance;
}
