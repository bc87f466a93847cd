import { remarkOfQuantile } from './remarks.ts';
import { quantileOf, SortedWindow } from './sorted-window.ts';
import { parameterAt, perWindow } from './window-loop.ts';

export const quantileOverTime = perWindow((samples, { parameters, site }) => {
  const window = new SortedWindow(samples.values);
  return (_, first, end, step) => {
    const share = parameterAt(parameters, 0, step);
    if (!(share >= 0 && share <= 1)) remarkOfQuantile(site, share);
    window.moveTo(first, end);
    return window.quantile(share);
  };
});

/** The median of how far values lie from their median. A NaN makes it NaN, other than in Prometheus 3.5. */
export const madOverTime = perWindow(({ values }) => {
  const window = new SortedWindow(values);
  let distances = new Float64Array(64);
  return (_, first, end) => {
    window.moveTo(first, end);
    if (window.hasNaN) return Number.NaN;
    const median = window.quantile(0.5);
    if (distances.length < end - first) distances = new Float64Array((end - first) * 2);
    let size = 0;
    for (let index = first; index < end; index++) {
      // An infinite median is no distance from itself that could be told.
      const distance = Math.abs((values[index] ?? 0) - median);
      if (!Number.isNaN(distance)) distances[size++] = distance;
    }
    distances.subarray(0, size).sort();
    return quantileOf(distances, size, end - first - size, 0.5);
  };
});
