import { compensated, settled } from './kahan.ts';
import { perWindow } from './window-loop.ts';

/** Variance of a whole population in one pass, after Welford, with compensated sums. */
function variance(values: Float64Array, first: number, end: number, losesInfinity: boolean): number {
  let count = 0;
  let mean = 0;
  let lostOfMean = 0;
  let squares = 0;
  let lostOfSquares = 0;
  for (let index = first; index < end; index++) {
    const value = values[index] ?? 0;
    count++;
    const distance = value - settled(mean, lostOfMean, losesInfinity);
    const shift = distance / count;
    let total = mean + shift;
    lostOfMean = compensated(lostOfMean, mean, shift, total);
    mean = total;
    const square = distance * (value - settled(mean, lostOfMean, losesInfinity));
    total = squares + square;
    lostOfSquares = compensated(lostOfSquares, squares, square, total);
    squares = total;
  }
  return settled(squares, lostOfSquares, losesInfinity) / count;
}

export const stdvarOverTime = perWindow(({ values }, { site }) => {
  const losesInfinity = site.context.options.semantics === 'v2';
  return (_, first, end) => variance(values, first, end, losesInfinity);
});

export const stddevOverTime = perWindow(({ values }, { site }) => {
  const losesInfinity = site.context.options.semantics === 'v2';
  return (_, first, end) => Math.sqrt(variance(values, first, end, losesInfinity));
});
