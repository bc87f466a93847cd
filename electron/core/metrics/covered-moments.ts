import type { QueryTimes } from '#shared/model/query.ts';
import type { Series } from '#shared/model/series.ts';

/**
 * The part of a range at which an answer is known though something of what the whole range needs is not:
 * what a moment comes to depends on what that moment needs, and on nothing else.
 */

/** Moments of a range one step apart, both ends among them. */
export interface MomentRun {
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * The runs of steps that are covered from the first to the last, each as long as it can be, in order of time.
 * At least a step lies between any two, so that a line from step to step breaks where something is not known.
 * @param isCovered whether all that the moments from one to another need is there, what lies between them
 * included.
 */
export function coveredRuns(
  { fromMs, toMs, stepMs }: QueryTimes,
  isCovered: (firstMs: number, lastMs: number) => boolean,
): MomentRun[] {
  const runs: MomentRun[] = [];
  for (let momentMs = fromMs; momentMs <= toMs; momentMs += stepMs) {
    const last = runs.at(-1);
    // Only the step right after a run can go on with it, and otherwise is the one between it and the next.
    if (last?.lastMs === momentMs - stepMs) {
      if (isCovered(last.firstMs, momentMs)) runs[runs.length - 1] = { ...last, lastMs: momentMs };
    } else if (isCovered(momentMs, momentMs)) runs.push({ firstMs: momentMs, lastMs: momentMs });
  }
  return runs;
}

/** The points of series at steps of the runs; a series that has none is left out. */
export function withinRuns(series: readonly Series[], runs: readonly MomentRun[], stepMs: number): Series[] {
  const known = new Set<number>();
  for (const { firstMs, lastMs } of runs)
    for (let momentMs = firstMs; momentMs <= lastMs; momentMs += stepMs) known.add(momentMs);
  return series.flatMap(({ labels, timesMs, values }) => {
    const isKnown = (_: number, index: number): boolean => known.has(timesMs[index] ?? Number.NaN);
    const knownTimesMs = timesMs.filter(isKnown);
    if (knownTimesMs.length === 0) return [];
    return [{ labels, timesMs: knownTimesMs, values: values.filter(isKnown) }];
  });
}
