/**
 * Summation after Kahan, improved by Neumaier: beside a running sum stands what rounding has taken from it.
 *
 * @param sum before the increment; `total` is the rounded `sum + increment`.
 * @returns the compensation with what this addition lost; zero once the sum has left the numbers, so that
 * no NaN of ours is added to an infinity.
 */
export function compensated(compensation: number, sum: number, increment: number, total: number): number {
  if (total === Infinity || total === -Infinity) return 0;
  if (Math.abs(sum) >= Math.abs(increment)) return compensation + (sum - total + increment);
  return compensation + (increment - total + sum);
}

/**
 * A sum with its compensation.
 *
 * @param losesInfinity as Prometheus 2 did, which compensated an infinite sum to NaN.
 */
export function settled(sum: number, compensation: number, losesInfinity: boolean): number {
  if (losesInfinity && (sum === Infinity || sum === -Infinity)) return Number.NaN;
  return sum + compensation;
}
