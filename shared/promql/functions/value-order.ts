/**
 * The order of samples as Prometheus has it, whose orders are not always ones: NaN comes before NaN, and of
 * a text and none neither comes first. What comes out of those is what Go's sorting makes of them.
 */

/** Up to so many elements Go's sorting is an insertion sort. Source: sort/zsortfunc.go. */
const longestInsertionSort = 12;

/**
 * Sorts in place.
 * @param comesBefore need not be an order.
 */
export function sortAsGo<T>(items: T[], comesBefore: (item: T, other: T) => boolean): void {
  if (items.length > longestInsertionSort) {
    items.sort((left, right) => {
      const isBefore = comesBefore(left, right);
      return isBefore === comesBefore(right, left) ? 0 : isBefore ? -1 : 1;
    });
    return;
  }
  for (let end = 1; end < items.length; end++) {
    for (let at = end; at > 0; at--) {
      const [before, after] = [items[at - 1] as T, items[at] as T];
      if (!comesBefore(after, before)) break;
      items[at - 1] = after;
      items[at] = before;
    }
  }
}

/** Sorts series by their values at one step: the greatest first or last, NaN at the end in both. */
export function sortByValue(
  series: number[],
  valueOf: (series: number) => number,
  direction: 'ascending' | 'descending',
): void {
  sortAsGo(series, (one, other) => {
    const [value, otherValue] = [valueOf(one), valueOf(other)];
    if (Number.isNaN(otherValue)) return true;
    return direction === 'ascending' ? value < otherValue : value > otherValue;
  });
}
