/**
 * The completion that an arrow key marks next, around the ends of the list.
 * @param chosen -1 while none is marked: down marks the first then, up the last.
 */
export function nextChoice(chosen: number, step: number, count: number): number {
  const fromNone = chosen < 0 && step < 0 ? 1 : 0;
  return (chosen + step + count + fromNone) % count;
}
