/** Where the rows of a long list are, by arithmetic where all are of one height. */
export interface RowHeights {
  readonly height: number;
  readonly count: number;
  /** Top of each row and, last, the bottom of all; null where all are of one height. */
  readonly offsets: Float64Array | null;
}

export function offsetsOf<Item>(items: readonly Item[], heightOfItem: (item: Item) => number): Float64Array {
  const offsets = new Float64Array(items.length + 1);
  for (const [index, item] of items.entries()) {
    offsets[index + 1] = (offsets[index] ?? 0) + heightOfItem(item);
  }
  return offsets;
}

/** @param index up to the count, which gives the bottom of all. */
export function topOf({ height, offsets }: RowHeights, index: number): number {
  return offsets === null ? index * height : (offsets[index] ?? 0);
}

export function heightOf(heights: RowHeights, index: number): number {
  return heights.offsets === null ? heights.height : topOf(heights, index + 1) - topOf(heights, index);
}

/** Index of the row at a distance from the first one's top, within the list. */
export function indexAt({ height, count, offsets }: RowHeights, distance: number): number {
  const last = Math.max(0, count - 1);
  if (offsets === null) return Math.min(last, Math.max(0, Math.floor(distance / height)));
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((offsets[middle] ?? 0) <= distance) low = middle;
    else high = middle - 1;
  }
  return low;
}
