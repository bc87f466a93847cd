import type { FloatSamples } from '../../evaluate/columns.ts';
import type { CallSite } from '../../evaluate/context.ts';
import { compensated, settled } from './kahan.ts';
import { parameterAt, perWindow } from './window-loop.ts';

/** A line through samples by least squares, in units a second. */
class Regression {
  slope = 0;
  /** The line's value at the moment that was asked for. */
  intercept = 0;

  readonly #losesInfinity: boolean;

  constructor(site: CallSite) {
    this.#losesInfinity = site.context.options.semantics === 'v2';
  }

  fit({ timesMs, values }: FloatSamples, first: number, end: number, interceptMs: number): void {
    const firstValue = values[first] ?? 0;
    let isConstant = true;
    let sumX = 0;
    let lostX = 0;
    let sumY = 0;
    let lostY = 0;
    let sumXY = 0;
    let lostXY = 0;
    let sumXX = 0;
    let lostXX = 0;
    for (let index = first; index < end; index++) {
      const y = values[index] ?? 0;
      if (y !== firstValue && index > first) isConstant = false;
      const x = ((timesMs[index] ?? 0) - interceptMs) / 1000;
      let total = sumX + x;
      lostX = compensated(lostX, sumX, x, total);
      sumX = total;
      total = sumY + y;
      lostY = compensated(lostY, sumY, y, total);
      sumY = total;
      const product = x * y;
      total = sumXY + product;
      lostXY = compensated(lostXY, sumXY, product, total);
      sumXY = total;
      const square = x * x;
      total = sumXX + square;
      lostXX = compensated(lostXX, sumXX, square, total);
      sumXX = total;
    }
    if (isConstant) this.#lie(firstValue);
    else {
      const loses = this.#losesInfinity;
      const y = settled(sumY, lostY, loses);
      const xy = settled(sumXY, lostXY, loses);
      this.#solve(end - first, sumX + lostX, y, xy, sumXX + lostXX);
    }
  }

  /** Told apart so that rounding gives a flat line no slope. */
  #lie(value: number): void {
    const isInfinite = value === Infinity || value === -Infinity;
    this.slope = isInfinite ? Number.NaN : 0;
    this.intercept = isInfinite ? Number.NaN : value;
  }

  #solve(count: number, sumX: number, sumY: number, sumXY: number, sumXX: number): void {
    const covariance = sumXY - (sumX * sumY) / count;
    const variance = sumXX - (sumX * sumX) / count;
    this.slope = covariance / variance;
    this.intercept = sumY / count - (this.slope * sumX) / count;
  }
}

export const deriv = perWindow((samples, { site }) => {
  const regression = new Regression(site);
  return (_, first, end) => {
    // The moment does not matter to the slope; one close by spares digits.
    regression.fit(samples, first, end, samples.timesMs[first] ?? 0);
    return regression.slope;
  };
}, 2);

/** From the moment of evaluation, wherever `@` and `offset` have put the range. */
export const predictLinear = perWindow((samples, { parameters, site }) => {
  const regression = new Regression(site);
  const { startMs, stepMs } = site.context.steps;
  return (_, first, end, step) => {
    regression.fit(samples, first, end, startMs + step * stepMs);
    return regression.slope * parameterAt(parameters, 0, step) + regression.intercept;
  };
}, 2);
