/** What differs between two versions of a list whose unchanged parts are the same objects. */
export interface ListChanges<Row> {
  /** New ones, and those that are another object now. */
  readonly put: readonly Row[];
  readonly gone: readonly Row[];
}

/**
 * Goes over both lists once. A list that was changed in place and added to at its end, as the topics are,
 * costs a comparison a row; any other order gives the same answer, with rows put that did not change.
 */
export function changesBetween<Row>(
  before: readonly Row[],
  after: readonly Row[],
  idOf: (row: Row) => number,
): ListChanges<Row> {
  const put: Row[] = [];
  const left: Row[] = [];
  let at = 0;
  for (const row of after) {
    if (before[at] === row) {
      at += 1;
      continue;
    }
    const id = idOf(row);
    let old = before[at];
    while (old !== undefined && idOf(old) !== id) {
      left.push(old);
      at += 1;
      old = before[at];
    }
    at += 1;
    if (old !== row) put.push(row);
  }
  for (const row of before.slice(at)) left.push(row);
  if (left.length === 0) return { put, gone: [] };
  const stay = new Set(after.map(idOf));
  return { put, gone: left.filter((row) => !stay.has(idOf(row))) };
}
