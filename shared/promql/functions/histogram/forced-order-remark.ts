import { formatFloat } from '#shared/gotemplate/float-format.ts';
import type { TextSpan } from '../../syntax/ast.ts';
import type { EvaluationContext } from '../../evaluate/context.ts';
import type { ForcedOrder } from './bucket-quantile.ts';
import { ofMetric } from './buckets.ts';

/** What was forced in all histograms of one metric at all steps, told in one remark. */
interface ForcedTotal extends ForcedOrder {
  readonly results: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

const message =
  'PromQL info: input to histogram_quantile needed to be fixed for monotonicity' +
  ' (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)';

export class ForcedOrderRemarks {
  readonly #totals = new Map<string, ForcedTotal>();

  /** @param metricName empty where it is not known. */
  add(metricName: string, forced: ForcedOrder, timeMs: number): void {
    const before = this.#totals.get(metricName);
    const least = before?.leastBound ?? forced.leastBound;
    const greatest = before?.greatestBound ?? forced.greatestBound;
    const difference = before?.greatestDifference ?? forced.greatestDifference;
    this.#totals.set(metricName, {
      leastBound: Math.min(least, forced.leastBound),
      greatestBound: Math.max(greatest, forced.greatestBound),
      greatestDifference: Math.max(difference, forced.greatestDifference),
      results: (before?.results ?? 0) + 1,
      firstMs: Math.min(before?.firstMs ?? timeMs, timeMs),
      lastMs: Math.max(before?.lastMs ?? timeMs, timeMs),
    });
  }

  tell(context: EvaluationContext, span: TextSpan): void {
    for (const [name, total] of this.#totals) {
      const buckets = `from buckets ${short(total.leastBound)} to ${short(total.greatestBound)}`;
      const difference = `with a max diff of ${formatFloat(total.greatestDifference, 'g', 2)}`;
      const times = `from ${rfc3339(total.firstMs)} to ${rfc3339(total.lastMs)}`;
      const extent = `${buckets}, ${difference}, over ${total.results} samples ${times}`;
      context.annotate('info', `${message}${ofMetric(name)}, ${extent}`, span);
    }
  }
}

function short(value: number): string {
  return formatFloat(value, 'g', null);
}

/** In whole seconds; a time beyond all dates by its number. */
function rfc3339(timeMs: number): string {
  if (Number.isNaN(new Date(timeMs).getTime())) return String(Math.trunc(timeMs / 1000));
  return `${new Date(Math.trunc(timeMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
