/** What is said of many measurements of one thing. */

export function median(figures: readonly number[]): number {
  return figures.toSorted((left, right) => left - right)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

/** The least figure that 95 of 100 do not exceed. */
export function p95(figures: readonly number[]): number {
  const sorted = figures.toSorted((left, right) => left - right);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

/** To a tenth. */
export function tenths(figure: number): number {
  return Math.round(figure * 10) / 10;
}
