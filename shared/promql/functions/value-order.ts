/**
 * The order of samples by value as Prometheus has it, whose order of NaNs is no order: whatever is compared
 * with one comes after it. The order of several NaNs is that of Go's insertion sort.
 */

/** Up to so many elements Go's sort.Sort is an insertion sort. Source: sort/zsortinterface.go. */
const longestInsertionSort = 12;

/** Sorts series by their values at one step: the greatest first or last, NaN at the end in both. */
export function sortByValue(
  series: number[],
  valueOf: (series: number) => number,
  direction: 'ascending' | 'descending',
): void {
  const sign = direction === 'ascending' ? 1 : -1;
  if (series.length > longestInsertionSort) {
    series.sort((left, right) => comparedValues(valueOf(left), valueOf(right), sign));
    return;
  }
  for (let end = 1; end < series.length; end++) {
    for (let at = end; at > 0; at--) {
      const [before = 0, after = 0] = [series[at - 1], series[at]];
      const [beforeValue, afterValue] = [valueOf(before), valueOf(after)];
      if (!goesBefore(afterValue, beforeValue, sign)) break;
      series[at - 1] = after;
      series[at] = before;
    }
  }
}

function goesBefore(value: number, other: number, sign: 1 | -1): boolean {
  if (Number.isNaN(other)) return true;
  return sign === 1 ? value < other : value > other;
}

function comparedValues(left: number, right: number, sign: 1 | -1): number {
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : 1;
  if (Number.isNaN(right)) return -1;
  if (left === right) return 0;
  return left < right ? -sign : sign;
}
