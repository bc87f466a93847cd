/**
 * Finds what a person probably meant to type, for the problems of the configuration file.
 */

/**
 * The known name nearest to what was written, by insertions, deletions, replacements and swaps of
 * neighbours; null where none is near (more than a third of the letters, and more than two, differ).
 */
export function nearestName(written: string, known: readonly string[]): string | null {
  if (written.length === 0 || written.length > 64) return null;
  const limit = Math.max(2, Math.floor(written.length / 3));
  let nearest: string | null = null;
  let least = limit + 1;
  for (const name of known) {
    const distance = editDistance(written.toLowerCase(), name.toLowerCase());
    if (distance < least && distance < name.length) {
      nearest = name;
      least = distance;
    }
  }
  return nearest;
}

/** Accepted names in one text, with the one that was probably meant. */
export function acceptedNames(written: string, known: readonly string[]): string {
  const nearest = nearestName(written, known);
  return known.join(', ') + (nearest === null ? '' : ` (did you mean "${nearest}"?)`);
}

/** The optimal string alignment distance of two short texts. */
export function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}
