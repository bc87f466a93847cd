import type { SampleWindows } from '../../evaluate/columns.ts';

/**
 * In how many windows a sample lies, about: the middle window stands for all. Below one, windows leave
 * samples out.
 */
export function overlapOf({ first, end }: SampleWindows): number {
  const middle = first.length >> 1;
  const inWindows = ((end[middle] ?? 0) - (first[middle] ?? 0)) * first.length;
  return inWindows / Math.max(1, (end[end.length - 1] ?? 0) - (first[0] ?? 0));
}
