import type { ExplainedPart, MissingSamples, QueryResult, QueryTimes } from '#shared/model/query.ts';
import type { Series } from '#shared/model/series.ts';
import { annotationText } from '#shared/promql/annotation-text.ts';
import {
  explainInstant,
  explainRange,
  queryInstant,
  queryRange,
  type Explanation,
  type QueryAnswer,
  type QueryOutcome,
  type VectorSample,
} from '#shared/promql/engine.ts';
import type { QueryOptions } from '#shared/promql/evaluate/options.ts';
import type { SampleSource } from '#shared/promql/model/samples.ts';
import type { QueryProblem } from '#shared/promql/problem.ts';
import type { Expression } from '#shared/promql/syntax/ast.ts';
import { parseExpression } from '#shared/promql/syntax/parse.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { withinRuns, type MomentRun } from './covered-moments.ts';
import { keptCoverage, type CoveredSamples, type QueryLimits } from './kept-coverage.ts';

/**
 * A query answered from what is kept, or not at all: where a sample that it needs may exist without being
 * here, the answer is that it is unknown. Runs on the query threads.
 */

/** How the server of a source evaluates, so that the same query gives the same here. */
export interface QueryTraits {
  readonly semantics: 'v2' | 'v3';
  readonly lookbackMs: number;
  /** The step of a subquery that names none. */
  readonly subqueryStepMs: number;
}

export interface KeptQuestion {
  readonly source: string;
  readonly query: string;
  readonly times: QueryTimes;
  readonly traits: QueryTraits;
  /** Whether the tree of its parts is wanted too. */
  readonly explain: boolean;
  /** Whether a range may be answered at some of its steps alone, where others need what is not kept. */
  readonly mayBePart?: boolean;
}

export type KeptAnswer =
  | {
      readonly kind: 'answered';
      readonly result: QueryResult;
      readonly warnings: readonly string[];
      readonly infos: readonly string[];
      /** When the oldest of what it rests on was fetched; null where it rests on no samples. */
      readonly fetchedAtMs: number | null;
      readonly root: ExplainedPart | null;
      /** Null where it is all that was asked for. */
      readonly part: AnsweredPart | null;
    }
  | { readonly kind: 'uncovered'; readonly missing: readonly MissingSamples[] }
  | { readonly kind: 'refused'; readonly problem: QueryProblem };

/** At which steps of the range the answer holds; at the others it is unknown, whatever they would come to. */
export interface AnsweredPart {
  readonly runs: readonly MomentRun[];
  readonly missing: readonly MissingSamples[];
}

/** What crosses to a window at most. */
const mostSeries = 10_000;
const mostPoints = 1_000_000;

/** @param samples of one moment: what is covered while this runs stays there. */
export function answerKept(samples: CoveredSamples, question: KeptQuestion, limits: QueryLimits): KeptAnswer {
  const { query, times, traits } = question;
  const parsed = parseExpression(query, { experimental: true, semantics: traits.semantics });
  if (!parsed.ok) return { kind: 'refused', problem: parsed.failure };
  const coverage = keptCoverage(samples, parsed.value, question, limits);
  if (!coverage.ok) return { kind: 'refused', problem: coverage.failure };
  const { missing, runs, fetchedAtMs } = coverage.value;
  if (missing.length > 0 && runs.length === 0) return { kind: 'uncovered', missing };
  const options = { ...traits, ...limits };
  const evaluated = question.explain
    ? explained(samples, parsed.value, times, options)
    : evaluatedAlone(samples, parsed.value, times, options);
  if (!evaluated.ok) return { kind: 'refused', problem: evaluated.failure };
  const { outcome, root } = evaluated.value;
  const part = missing.length === 0 ? null : { runs, missing };
  const result = resultOf(outcome.value);
  if (!result.ok) return { kind: 'refused', problem: result.failure };
  const told = (level: 'warning' | 'info'): string[] =>
    outcome.annotations.filter((one) => one.level === level).map((one) => annotationText(one, query));
  return {
    kind: 'answered',
    result: part === null ? result.value : partOfResult(result.value, part, times.stepMs),
    warnings: told('warning'),
    infos: told('info'),
    fetchedAtMs,
    root,
    part,
  };
}

type Evaluated = Result<
  { readonly outcome: QueryOutcome; readonly root: ExplainedPart | null },
  QueryProblem
>;

function evaluatedAlone(
  samples: SampleSource,
  expression: Expression,
  times: QueryTimes,
  options: Partial<QueryOptions>,
): Evaluated {
  const outcome =
    times.stepMs === 0
      ? queryInstant(samples, expression, times.fromMs, options)
      : queryRange(samples, expression, rangeOf(times), options);
  return outcome.ok ? success({ outcome: outcome.value, root: null }) : outcome;
}

function explained(
  samples: SampleSource,
  expression: Expression,
  times: QueryTimes,
  options: Partial<QueryOptions>,
): Evaluated {
  const told =
    times.stepMs === 0
      ? explainInstant(samples, expression, times.fromMs, options)
      : explainRange(samples, expression, rangeOf(times), options);
  return told.ok ? success({ outcome: told.value.outcome, root: partOf(told.value.tree) }) : told;
}

function rangeOf({ fromMs, toMs, stepMs }: QueryTimes): { startMs: number; endMs: number; stepMs: number } {
  return { startMs: fromMs, endMs: toMs, stepMs };
}

function partOf({ span, children, ...node }: Explanation['tree']): ExplainedPart {
  return { ...node, start: span.start, end: span.end, parts: children.map(partOf) };
}

function resultOf(answer: QueryAnswer): Result<QueryResult, QueryProblem> {
  switch (answer.kind) {
    case 'scalar':
    case 'string':
      return success(answer);
    case 'vector': {
      const { samples } = answer;
      if (samples.length > mostSeries) return failed(tooMuch(samples.length, samples.length));
      return success({ kind: 'vector', series: columnsOfSamples(samples) });
    }
    case 'matrix': {
      const points = answer.series.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
      if (answer.series.length > mostSeries || points > mostPoints)
        return failed(tooMuch(answer.series.length, points));
      return success({
        kind: 'matrix',
        series: answer.series.map(({ labels, timesMs, values }): Series => ({
          labels: labels.toLabels(),
          timesMs,
          values,
        })),
      });
    }
  }
}

/** Thousands of columns of one number each: views on one, at one column of times. */
function columnsOfSamples(samples: readonly VectorSample[]): Series[] {
  const values = Float64Array.from(samples, ({ value }) => value);
  let timesMs = new Float64Array(0);
  return samples.map(({ labels, timeMs }, index) => {
    if (timesMs[0] !== timeMs) timesMs = Float64Array.of(timeMs);
    return { labels: labels.toLabels(), timesMs, values: values.subarray(index, index + 1) };
  });
}

function partOfResult(result: QueryResult, { runs }: AnsweredPart, stepMs: number): QueryResult {
  if (result.kind !== 'matrix') return result;
  return { kind: 'matrix', series: withinRuns(result.series, runs, stepMs) };
}

function tooMuch(series: number, points: number): QueryProblem {
  const message = `the answer has ${series} series with ${points} points; at most ${mostSeries} and ${mostPoints} are shown`;
  return { kind: 'limit', message, span: null };
}
