import { failed, success, type Result } from '#shared/result.ts';
import type { SampleSource } from '../model/samples.ts';
import { QueryError, type Annotation, type QueryProblem } from '../problem.ts';
import type { Expression } from '../syntax/ast.ts';
import { parseExpression } from '../syntax/parse.ts';
import { answerInstant, answerRange, type QueryAnswer } from './answer.ts';
import { commonKeys } from './common-expressions.ts';
import type { Steps } from './columns.ts';
import { scopeOf } from './evaluate.ts';
import { defaultOptions, type QueryOptions } from './options.ts';
import {
  checkpointOf,
  Remarks,
  SampleBudget,
  type NodeObserver,
  type Query,
  type QueryBounds,
} from './scope.ts';
import { SharedWork } from './shared-work.ts';

export interface QueryOutcome {
  readonly value: QueryAnswer;
  readonly annotations: readonly Annotation[];
}

/** Moments of a range query, Unix milliseconds; the end is one of them where a step falls on it. */
export interface QueryRange {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

export interface QuerySetting {
  readonly source: SampleSource;
  /** One moment, Unix milliseconds, or a range of them. */
  readonly when: number | QueryRange;
  readonly options: Partial<QueryOptions>;
  readonly shared?: SharedWork;
  readonly observer?: NodeObserver;
}

/** Parses where need be and evaluates; whatever a query can fail with becomes a value. */
export function answered(
  query: string | Expression,
  setting: QuerySetting,
): Result<QueryOutcome, QueryProblem> {
  const parsed = parsedQuery(query, setting.options);
  if (!parsed.ok) return parsed;
  try {
    return success(run(parsed.value, setting));
  } catch (error) {
    if (error instanceof QueryError) return failed(error.problem);
    throw error;
  }
}

export function parsedQuery(
  query: string | Expression,
  { semantics = defaultOptions.semantics }: Partial<QueryOptions>,
): Result<Expression, QueryProblem> {
  if (typeof query !== 'string') return success(query);
  return parseExpression(query, { experimental: true, semantics });
}

/** @throws QueryError where the range has no steps. */
function boundsOf(when: number | QueryRange): QueryBounds {
  if (typeof when === 'number') return { startMs: when, endMs: when, stepMs: 0 };
  if (when.stepMs > 0) return when;
  const message = 'zero or negative query resolution step widths are not accepted. Try a positive integer';
  throw new QueryError({ kind: 'bad-data', message, span: null });
}

/** @throws QueryError */
function run(expression: Expression, setting: QuerySetting): QueryOutcome {
  const { source } = setting;
  const bounds = boundsOf(setting.when);
  const options = { ...defaultOptions, ...setting.options };
  const query: Query = {
    source,
    options,
    bounds,
    shared: setting.shared ?? new SharedWork(commonKeys([expression])),
    observer: setting.observer ?? null,
    budget: new SampleBudget(options.maxSamples),
    remarks: new Remarks(),
    checkpoint: checkpointOf(options, source.labels),
  };
  const steps = stepsOf(bounds);
  query.budget.check(steps.count);
  const scope = scopeOf(query, steps);
  const value = bounds.stepMs === 0 ? answerInstant(scope, expression) : answerRange(scope, expression);
  return { value, annotations: query.remarks.all() };
}

function stepsOf({ startMs, endMs, stepMs }: QueryBounds): Steps {
  if (stepMs === 0) return { startMs, stepMs: 0, count: 1 };
  const count = endMs < startMs ? 0 : Math.floor((endMs - startMs) / stepMs) + 1;
  return { startMs, stepMs: count > 1 ? stepMs : 0, count };
}
