import type { Steps } from './columns.ts';

/**
 * The moments of a subquery: whole multiples of its step. Division cuts towards zero, so that before 1970 the
 * first is one later than after it, as Prometheus counts. Null where no moment is in the range.
 */
export function alignedSteps(
  firstMs: number,
  lastMs: number,
  stepMs: number,
  isClosed: boolean,
): Steps | null {
  let startMs = stepMs * Math.trunc(firstMs / stepMs);
  if (isClosed ? startMs < firstMs : startMs <= firstMs) startMs += stepMs;
  if (startMs > lastMs) return null;
  const count = Math.floor((lastMs - startMs) / stepMs) + 1;
  return { startMs, stepMs, count };
}
