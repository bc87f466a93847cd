import { compareUtf8 } from '../model/label-set.ts';

/**
 * Order of texts by their runs of digits as numbers and all else as text. As the natsort library that
 * Prometheus uses: a text comes before those that it begins.
 */
export function comesBefore(left: string, right: string): boolean {
  const leftRuns = left.match(/\d+|\D+/g) ?? [];
  const rightRuns = right.match(/\d+|\D+/g) ?? [];
  for (const [index, ofLeft] of leftRuns.entries()) {
    const ofRight = rightRuns[index];
    if (ofRight === undefined) return false;
    const numbers = [integerOf(ofLeft), integerOf(ofRight)] as const;
    const areNumbers = numbers[0] !== null && numbers[1] !== null;
    const isEqual = areNumbers ? numbers[0] === numbers[1] : ofLeft === ofRight;
    if (!isEqual) {
      if (numbers[0] !== null && numbers[1] !== null) return numbers[0] < numbers[1];
      return compareUtf8(ofLeft, ofRight) < 0;
    }
    if (index === leftRuns.length - 1) return true;
    if (index === rightRuns.length - 1) return false;
  }
  return false;
}

/** Null where it is no number or more than 64 bits hold. */
function integerOf(run: string): bigint | null {
  if (!/^\d+$/.test(run)) return null;
  const value = BigInt(run);
  return value < 2n ** 63n ? value : null;
}
