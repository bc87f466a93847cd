import type { QueryAnswer } from '#shared/promql/evaluate/answer.ts';
import type { MemorySource } from '#shared/promql/model/memory-source.ts';
import type { Expression } from '#shared/promql/syntax/ast.ts';
import { parseExpression } from '#shared/promql/syntax/parse.ts';
import { printExpression } from '#shared/promql/syntax/printer.ts';
import { askInstant, askRange, type Asked, type Outcome } from './ask.ts';
import { differenceOf, remarkDifference, unsortedSeries, type Difference } from './compare.ts';
import { fixedAt } from './rewrite-at.ts';
import type { Evaluation, Range } from './script.ts';

/**
 * One evaluation of the engine tests, asked in all the ways in which Prometheus' runner asks it: an instant
 * also at other times with `@`, and each of these also as the middle of a range.
 */
export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'not-supported'; readonly reason: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What was asked when the answer was wrong, ready to be asked again. */
export interface Failure {
  readonly query: string;
  readonly when: string;
  readonly difference: Difference;
}

const passed: Verdict = { kind: 'passed' };
const minuteMs = 60_000;

export function runEvaluation(source: MemorySource, evaluation: Evaluation): Verdict {
  const { query, when } = evaluation;
  if (when.kind === 'range') {
    const asked = askRange(source, query, when);
    return judge(source, evaluation, asked, when);
  }
  const parsed = parseExpression(query, { experimental: true });
  if (!parsed.ok) return wrong(query, 'parsed', { expected: 'an expression', got: parsed.failure.message });
  for (const one of instantsOf(query, parsed.value, when.atMs)) {
    const verdict = runInstant(source, evaluation, one);
    if (verdict.kind !== 'passed') return verdict;
  }
  return passed;
}

interface Instant {
  readonly query: string;
  readonly atMs: number;
}

function instantsOf(query: string, expression: Expression, atMs: number): Instant[] {
  const fixed = fixedAt(expression, atMs);
  if (fixed === null) return [{ query, atMs }];
  const text = printExpression(fixed);
  const times = atMs === 0 ? [-1_000, 0, 1_000] : [-10 * atMs, 0, Math.trunc(atMs / 5), atMs, 10 * atMs];
  return [{ query, atMs }, ...times.map((time) => ({ query: text, atMs: time }))];
}

/** These answer for the query's own range, so they answer otherwise in another. */
const followsRange = /(?:start|end|range|step)\(\)/;

function runInstant(source: MemorySource, evaluation: Evaluation, { query, atMs }: Instant): Verdict {
  const { expected } = evaluation;
  const asked = askInstant(source, query, atMs);
  const range = expected.value.kind === 'series' ? expected.value.range : null;
  const verdict = judge(source, evaluation, asked, range);
  if (verdict.kind !== 'passed' || expected.failure !== null) return verdict;
  if (range !== null || expected.value.kind === 'string' || followsRange.test(query)) return verdict;
  const around = { startMs: atMs - minuteMs, endMs: atMs + minuteMs, stepMs: minuteMs };
  const again = askRange(source, query, around);
  if (!again.outcome.ok) return refusalOf(again, again.outcome);
  const { answer } = again.outcome.value;
  if (expected.ordered || answer.kind !== 'matrix') return verdict;
  const unsorted = unsortedSeries(answer.series);
  if (unsorted !== null) return wrong(again.query, again.when, unsorted);
  const isScalar = asked.outcome.ok && asked.outcome.value.answer.kind === 'scalar';
  const middle = middleOf(answer, atMs, isScalar);
  const difference = differenceOf(middle, expected, null, source.labels);
  return difference === null ? passed : wrong(again.query, `${again.when}, its middle`, difference);
}

/** What a range of three steps answered at the middle one. */
function middleOf(
  { series }: Extract<QueryAnswer, { kind: 'matrix' }>,
  atMs: number,
  isScalar: boolean,
): QueryAnswer {
  const samples = series.flatMap(({ labels, timesMs, values }) => {
    const index = timesMs.indexOf(atMs);
    return index === -1 ? [] : [{ labels, value: values[index] ?? Number.NaN, timeMs: atMs }];
  });
  return isScalar
    ? { kind: 'scalar', value: samples[0]?.value ?? Number.NaN, timeMs: atMs }
    : { kind: 'vector', samples };
}

function judge(source: MemorySource, { expected }: Evaluation, asked: Asked, range: Range | null): Verdict {
  const { outcome, query, when } = asked;
  if (!outcome.ok) {
    const { kind, message } = outcome.failure;
    if (kind === 'not-supported' || expected.failure === null) return refusalOf(asked, outcome);
    return expected.failure.passes(message)
      ? passed
      : wrong(query, when, { expected: `the error ${expected.failure.description}`, got: message });
  }
  const { answer, warnings, infos } = outcome.value;
  if (expected.failure !== null)
    return wrong(query, when, { expected: `the error ${expected.failure.description}`, got: answer.kind });
  const difference =
    remarkDifference('warning', expected.warnings, warnings) ??
    remarkDifference('info', expected.infos, infos) ??
    differenceOf(answer, expected, range, source.labels);
  return difference === null ? passed : wrong(query, when, difference);
}

function refusalOf({ query, when }: Asked, { failure }: Extract<Outcome, { ok: false }>): Verdict {
  if (failure.kind === 'not-supported') return { kind: 'not-supported', reason: failure.message };
  return wrong(query, when, { expected: 'an answer', got: `${failure.kind}: ${failure.message}` });
}

function wrong(query: string, when: string, difference: Difference): Verdict {
  return { kind: 'failed', failure: { query, when, difference } };
}
