import { annotationText } from '#shared/promql/annotation-text.ts';
import { queryInstant, queryRange, type QueryOutcome } from '#shared/promql/engine.ts';
import type { QueryAnswer } from '#shared/promql/evaluate/answer.ts';
import type { QueryOptions } from '#shared/promql/evaluate/options.ts';
import type { SampleSource } from '#shared/promql/model/samples.ts';
import type { QueryProblem } from '#shared/promql/problem.ts';
import { success, type Result } from '#shared/result.ts';
import type { Range } from './script.ts';

/** Asks the engine as Prometheus' engine tests are asked: with the settings of their engine. */
const options: Partial<QueryOptions> = {
  semantics: 'v3',
  subqueryStepMs: 60_000,
  delayedNameRemoval: true,
  startTimestamps: true,
  maxSamples: 10_000,
};

export interface Asked {
  readonly query: string;
  /** For people, in the words of the tests. */
  readonly when: string;
  readonly outcome: Outcome;
}

export type Outcome = Result<Answered, QueryProblem>;

export interface Answered {
  readonly answer: QueryAnswer;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

export function askInstant(source: SampleSource, query: string, atMs: number): Asked {
  const outcome = answered(query, queryInstant(source, query, atMs, options));
  return { query, when: `instant ${atMs}ms`, outcome };
}

export function askRange(source: SampleSource, query: string, range: Range): Asked {
  const outcome = answered(query, queryRange(source, query, range, options));
  return { query, when: `range ${range.startMs}ms to ${range.endMs}ms step ${range.stepMs}ms`, outcome };
}

function answered(query: string, outcome: Result<QueryOutcome, QueryProblem>): Outcome {
  if (!outcome.ok) return outcome;
  const { value, annotations } = outcome.value;
  const texts = (wanted: 'warning' | 'info'): string[] =>
    annotations.filter(({ level }) => level === wanted).map((one) => annotationText(one, query));
  return success({ answer: value, warnings: texts('warning'), infos: texts('info') });
}
