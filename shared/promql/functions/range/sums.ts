import type { RangeFunction } from '../../evaluate/context.ts';
import { compensated } from './kahan.ts';
import { perWindow } from './window-loop.ts';

/** A compensated sum, left to right. */
class Sum {
  total = 0;
  lost = 0;

  of(values: Float64Array, first: number, end: number): void {
    let sum = 0;
    let compensation = 0;
    for (let index = first; index < end; index++) {
      const value = values[index] ?? 0;
      const total = sum + value;
      compensation = compensated(compensation, sum, value, total);
      sum = total;
    }
    this.total = sum;
    this.lost = compensation;
  }
}

export const sumOverTime = perWindow(({ values }) => {
  const sum = new Sum();
  return (_, first, end) => {
    sum.of(values, first, end);
    return isInfinite(sum.total) ? sum.total : sum.total + sum.lost;
  };
});

const meanOfSum = perWindow(({ values }) => {
  const sum = new Sum();
  return (_, first, end) => {
    sum.of(values, first, end);
    // A sum that was infinite once is infinite or NaN at the end.
    if (!Number.isFinite(sum.total)) return meanWithoutOverflow(values, first, end);
    const count = end - first;
    return sum.total / count + sum.lost / count;
  };
});

function meanWithoutOverflow(values: Float64Array, first: number, end: number): number {
  let sum = values[first] ?? 0;
  let compensation = 0;
  for (let index = first + 1; index < end; index++) {
    const value = values[index] ?? 0;
    const total = sum + value;
    if (isInfinite(total)) return movingMean(values, index, end, index - first, sum, compensation);
    compensation = compensated(compensation, sum, value, total);
    sum = total;
  }
  const count = end - first;
  return sum / count + compensation / count;
}

/** Where a sum leaves the range of numbers: its mean so far is carried on, value by value. */
function movingMean(
  values: Float64Array,
  from: number,
  end: number,
  countBefore: number,
  sum: number,
  compensationOfSum: number,
): number {
  let count = countBefore;
  let mean = sum / count;
  let compensation = compensationOfSum / count;
  for (let index = from; index < end; index++) {
    count++;
    const share = (count - 1) / count;
    const increment = (values[index] ?? 0) / count;
    const kept = share * mean;
    const total = kept + increment;
    compensation = compensated(share * compensation, kept, increment, total);
    mean = total;
  }
  return mean + compensation;
}

/** Prometheus 2's: the mean moves with every value. */
const movingMeanOfAll = perWindow(() => ({ values }, first, end) => {
  let mean = 0;
  let compensation = 0;
  let count = 0;
  for (let index = first; index < end; index++) {
    const value = values[index] ?? 0;
    count++;
    // An infinite mean stays, unless NaN or the other infinity comes.
    if (isInfinite(mean) && (value === mean || Number.isFinite(value))) continue;
    const increment = value / count - mean / count;
    const total = mean + increment;
    compensation = compensated(compensation, mean, increment, total);
    mean = total;
  }
  return isInfinite(mean) ? mean : mean + compensation;
});

export const avgOverTime: RangeFunction = (samples, windows, parameters, out, site) => {
  const mean = site.context.options.semantics === 'v2' ? movingMeanOfAll : meanOfSum;
  mean(samples, windows, parameters, out, site);
};

function isInfinite(value: number): boolean {
  return value === Infinity || value === -Infinity;
}
