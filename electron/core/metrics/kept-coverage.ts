import { selectorOf } from '#core/store/cache/samples/selector.ts';
import type { Window } from '#core/store/cache/samples/windows.ts';
import type { MissingSamples } from '#shared/model/query.ts';
import type { QueryOptions } from '#shared/promql/evaluate/options.ts';
import type { SampleSource } from '#shared/promql/model/samples.ts';
import { neededSamples, type NeededSamples } from '#shared/promql/needed-samples.ts';
import { QueryError, type QueryProblem } from '#shared/promql/problem.ts';
import type { Expression, LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { coveredRuns, type MomentRun } from './covered-moments.ts';
import type { KeptQuestion } from './kept-query.ts';

/** Whether the samples that an answer depends on are kept, before anything is evaluated. */

/** Raw samples with where they are complete. */
export interface CoveredSamples extends SampleSource {
  covered(matchers: readonly LabelMatcher[], fromMs: number, toMs: number): readonly Window[];
  /** Whether summaries are kept there, which outlive the samples that they are of. */
  hasBands(matchers: readonly LabelMatcher[], fromMs: number, toMs: number): boolean;
}

export type QueryLimits = Pick<QueryOptions, 'deadlineMs' | 'nowMs' | 'isCancelled'>;

/** What is kept of that which an answer depends on. */
interface KeptCoverage {
  readonly missing: readonly MissingSamples[];
  /** Where something is missing: the runs of steps for which nothing is, if they are wanted. */
  readonly runs: readonly MomentRun[];
  /** When the oldest of it was fetched; null where nothing is. */
  readonly fetchedAtMs: number | null;
}

/** @param samples of one moment. */
export function keptCoverage(
  samples: CoveredSamples,
  expression: Expression,
  { times, traits, mayBePart = false }: Pick<KeptQuestion, 'times' | 'traits' | 'mayBePart'>,
  limits: QueryLimits,
): Result<KeptCoverage, QueryProblem> {
  const bounds = { startMs: times.fromMs, endMs: times.toMs, stepMs: times.stepMs };
  try {
    const needs = neededSamples(expression, bounds, traits).map((need) => {
      checkLimits(limits);
      return { ...need, windows: samples.covered(need.matchers, need.fromMs, need.toMs) };
    });
    const missing = needs.flatMap((need) => missingOf(need, samples));
    // The same selectors in the same order, but for a subquery that has no step there: that is not counted as covered.
    const isCovered = (firstMs: number, lastMs: number): boolean => {
      checkLimits(limits);
      const own = neededSamples(expression, bounds, traits, { firstMs, lastMs });
      if (own.length !== needs.length) return false;
      return own.every(
        ({ fromMs, toMs }, index) => firstGap(needs[index]?.windows ?? [], fromMs, toMs) === null,
      );
    };
    const isPart = missing.length > 0 && mayBePart && times.stepMs > 0;
    const runs = isPart ? coveredRuns(times, isCovered) : [];
    const fetched = needs.flatMap(({ windows }) =>
      windows.length === 0 ? [] : [Math.max(...windows.map((window) => window.fetchedAtMs))],
    );
    return success({ missing, runs, fetchedAtMs: fetched.length === 0 ? null : Math.min(...fetched) });
  } catch (error) {
    if (error instanceof QueryError) return failed(error.problem);
    throw error;
  }
}

/** Many selectors at thousands of steps take as long as a query. @throws QueryError */
function checkLimits({ isCancelled, nowMs, deadlineMs }: QueryLimits): void {
  const wasCancelled = isCancelled();
  if (!wasCancelled && nowMs() <= deadlineMs) return;
  const [kind, message] = wasCancelled
    ? (['cancelled', 'query was canceled'] as const)
    : (['timeout', 'query timed out'] as const);
  throw new QueryError({ kind, message, span: null });
}

function missingOf(
  { matchers, fromMs, toMs, windows }: NeededSamples & { readonly windows: readonly Window[] },
  samples: CoveredSamples,
): MissingSamples[] {
  const gap = firstGap(windows, fromMs, toMs);
  if (gap === null) return [];
  const isSummarised = samples.hasBands(matchers, gap.missingFromMs, gap.missingToMs);
  return [{ selector: selectorOf(matchers).text, fromMs, toMs, ...gap, isSummarised }];
}

/** @param windows in order of time, none touching the next. @returns null where they leave none. */
export function firstGap(
  windows: readonly Pick<Window, 'fromMs' | 'toMs'>[],
  fromMs: number,
  toMs: number,
): Pick<MissingSamples, 'missingFromMs' | 'missingToMs'> | null {
  let missingFromMs = fromMs;
  for (const window of windows) {
    if (window.toMs < missingFromMs) continue;
    if (window.fromMs > missingFromMs)
      return { missingFromMs, missingToMs: Math.min(toMs, window.fromMs - 1) };
    missingFromMs = window.toMs + 1;
    if (missingFromMs > toMs) return null;
  }
  return { missingFromMs, missingToMs: toMs };
}
