/** Where a label may stand in a plot: off the lines, as far as there is such a place. */

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A line from left to right, broken at null. */
export type Polyline = readonly (readonly [x: number, y: number] | null)[];

/** @returns of the places the first that no line crosses, else the one that is crossed least. */
export function freestPlace(places: readonly [Box, ...Box[]], lines: readonly Polyline[]): Box {
  let best: { readonly place: Box; readonly crossings: number } | null = null;
  for (const place of places) {
    let crossings = 0;
    for (const line of lines) crossings += crossingsOf(line, place);
    if (crossings === 0) return place;
    if (best === null || crossings < best.crossings) best = { place, crossings };
  }
  return best?.place ?? places[0];
}

function crossingsOf(line: Polyline, box: Box): number {
  let crossings = 0;
  for (const [index, point] of line.entries()) {
    if (point === null) continue;
    // A point without a neighbour is a line of its own.
    const from = line[index - 1] ?? point;
    if (isCrossed(from, point, box)) crossings += 1;
  }
  return crossings;
}

function isCrossed(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  box: Box,
): boolean {
  const left = Math.max(x1, box.left);
  const right = Math.min(x2, box.right);
  if (left > right) return false;
  const slope = x2 === x1 ? 0 : (y2 - y1) / (x2 - x1);
  const atLeft = y1 + slope * (left - x1);
  const atRight = x2 === x1 ? y2 : y1 + slope * (right - x1);
  return Math.min(atLeft, atRight) <= box.bottom && Math.max(atLeft, atRight) >= box.top;
}
