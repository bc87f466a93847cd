import { formatFloat } from '#shared/gotemplate/float-format.ts';
import { metricNameLabel, type LabelSet } from '../../model/label-set.ts';
import type { Column } from '../../evaluate/columns.ts';
import type { CallSite, VectorFunction } from '../../evaluate/context.ts';
import type { TextSpan } from '../../syntax/ast.ts';
import { scalarOf, textOf, vector, vectorOf } from '../evaluated-values.ts';
import { namelessLabels } from '../metadata-labels.ts';
import { invalidQuantile, warnOfQuantiles } from '../quantiles.ts';
import { bucketFraction } from './bucket-fraction.ts';
import { bucketQuantile, forceOrder } from './bucket-quantile.ts';
import {
  classicHistograms,
  fillBuckets,
  makeStepBuckets,
  type ClassicHistogram,
  type StepBuckets,
} from './buckets.ts';
import { ForcedOrderRemarks } from './forced-order-remark.ts';

const histogramQuantile: VectorFunction = (values, site) => {
  const quantiles = scalarOf(values[0]);
  warnOfQuantiles(quantiles, argumentSpan(site, 0), site.context);
  const span = argumentSpan(site, 1);
  const histograms = classicHistograms(vectorOf(values[1]), span, site);
  return vector(quantileColumns(histograms, quantiles, span, site));
};

/** `histogram_quantiles(vector, label, quantile…)`: the quantile is told by the label. */
const histogramQuantiles: VectorFunction = (values, site) => {
  const { context } = site;
  const label = textOf(values[1]);
  const wanted = values.slice(2).map(scalarOf);
  for (const [index, quantiles] of wanted.entries()) {
    for (const quantile of new Set(quantiles)) {
      if (invalidQuantile(quantile)) warnOfQuantiles([quantile], argumentSpan(site, index + 2), context);
    }
  }
  const span = argumentSpan(site, 0);
  const histograms = classicHistograms(vectorOf(values[0]), span, site);
  const columns = wanted.flatMap((quantiles) =>
    quantileColumns(histograms, quantiles, span, site).flatMap((column) =>
      byQuantile(column, quantiles, (labels, text) => context.labels.with(labels, new Map([[label, text]]))),
    ),
  );
  return vector(columns);
};

const histogramFraction: VectorFunction = (values, site) => {
  // Of classic histograms it is known since Prometheus 3.4.
  if (site.context.options.semantics === 'v2') return vector([]);
  const [lower, upper] = [scalarOf(values[0]), scalarOf(values[1])];
  const histograms = classicHistograms(vectorOf(values[2]), argumentSpan(site, 2), site);
  return vector(
    histogramColumns(histograms, site, (buckets, step) =>
      bucketFraction(lower[step] ?? 0, upper[step] ?? 0, buckets),
    ),
  );
};

/** Of native histograms only; numbers have no such thing, and native histograms end a query before. */
const nativeOnly: VectorFunction = () => vector([]);

function quantileColumns(
  histograms: readonly ClassicHistogram[],
  quantiles: Float64Array,
  span: TextSpan,
  site: CallSite,
): readonly Column[] {
  const { context } = site;
  const { semantics, delayedNameRemoval } = context.options;
  const { startMs, stepMs } = context.steps;
  const remarks = new ForcedOrderRemarks();
  const columns = histogramColumns(histograms, site, (buckets, step, { labels }) => {
    const quantile = quantiles[step] ?? 0;
    const isAnswered = buckets.bounds[buckets.length - 1] === Number.POSITIVE_INFINITY;
    if (!invalidQuantile(quantile) && isAnswered) {
      const forced = forceOrder(buckets, semantics);
      if (forced !== null) {
        const name = delayedNameRemoval ? labels.get(metricNameLabel) : '';
        remarks.add(name, forced, startMs + step * stepMs);
      }
    }
    return bucketQuantile(quantile, buckets);
  });
  remarks.tell(context, span);
  return columns;
}

function histogramColumns(
  histograms: readonly ClassicHistogram[],
  { context }: CallSite,
  compute: (buckets: StepBuckets, step: number, histogram: ClassicHistogram) => number,
): readonly Column[] {
  const { count } = context.steps;
  return histograms.map((histogram) => {
    context.hold(count);
    const values = new Float64Array(count);
    const present = new Uint8Array(count);
    const buckets = makeStepBuckets(histogram);
    for (let step = 0; step < count; step++) {
      if (step % 256 === 0) context.checkpoint();
      fillBuckets(buckets, histogram, step);
      if (buckets.length === 0) continue;
      values[step] = compute(buckets, step, histogram);
      present[step] = 1;
    }
    const isWhole = !present.includes(0);
    return { ...namelessLabels(histogram.labels, context), values, present: isWhole ? null : present };
  });
}

/** A quantile that changes from step to step makes a series for each of its values. */
function byQuantile(
  column: Column,
  quantiles: Float64Array,
  labelled: (labels: LabelSet, quantile: string) => LabelSet,
): Column[] {
  return [...new Set(quantiles)].map((quantile) => ({
    ...column,
    labels: labelled(column.labels, openMetricsFloat(quantile)),
    present: Uint8Array.from(quantiles, (other, step) =>
      Object.is(other, quantile) && column.present?.[step] !== 0 ? 1 : 0,
    ),
  }));
}

/** Whole numbers have a decimal point in OpenMetrics. */
function openMetricsFloat(value: number): string {
  const text = formatFloat(value, 'g', null);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function argumentSpan(site: CallSite, index: number): TextSpan {
  return site.arguments[index]?.span ?? site.span;
}

export const histogramFunctions: readonly (readonly [string, VectorFunction])[] = [
  ['histogram_quantile', histogramQuantile],
  ['histogram_quantiles', histogramQuantiles],
  ['histogram_fraction', histogramFraction],
  ['histogram_avg', nativeOnly],
  ['histogram_count', nativeOnly],
  ['histogram_sum', nativeOnly],
  ['histogram_stddev', nativeOnly],
  ['histogram_stdvar', nativeOnly],
];
