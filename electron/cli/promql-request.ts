import * as v from 'valibot';
import { queryInstant, queryRange, type QueryRange } from '#shared/promql/engine.ts';
import type { QueryOptions } from '#shared/promql/evaluate/options.ts';
import { answerJson, problemJson } from '#shared/promql/http/answer-json.ts';
import { readRange, readTime, type Parameter } from '#shared/promql/http/parameters.ts';
import type { SampleSource } from '#shared/promql/model/samples.ts';
import { messageOf, success } from '#shared/result.ts';

/** One question of the command line, answered with the JSON of Prometheus' HTTP API. */
export interface QueryRequest {
  readonly query: string;
  readonly time?: Parameter | undefined;
  readonly start?: Parameter | undefined;
  readonly end?: Parameter | undefined;
  readonly step?: Parameter | undefined;
}

export interface Answerer {
  readonly source: SampleSource;
  /** The time of a question that names none, Unix milliseconds. */
  readonly defaultTimeMs: number;
  readonly semantics: QueryOptions['semantics'];
}

/** As long as a Prometheus server lets a query run unless told otherwise. */
const longestMs = 120_000;

export interface AnswerText {
  readonly text: string;
  readonly ok: boolean;
}

const parameter = v.optional(v.union([v.number(), v.string()]));
const requestSchema = v.object({
  query: v.string(),
  time: parameter,
  start: parameter,
  end: parameter,
  step: parameter,
});

/** @param line one JSON object: `{"query","time"}` or `{"query","start","end","step"}`. */
export function answerLine(line: string, answerer: Answerer): AnswerText {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch (error) {
    return refusal(`the line is not JSON: ${messageOf(error)}`);
  }
  const request = v.safeParse(requestSchema, given);
  if (request.success) return answer(request.output, answerer);
  return refusal('the line is not {"query","time"} or {"query","start","end","step"}');
}

export function answer(request: QueryRequest, answerer: Answerer): AnswerText {
  const { query, time, start, end, step } = request;
  if (start === undefined && end === undefined && step === undefined) {
    const atMs = time === undefined ? null : readTime(time, 'time');
    if (atMs !== null && !atMs.ok) return { text: problemJson(atMs.failure), ok: false };
    return ask(query, atMs?.value ?? answerer.defaultTimeMs, answerer);
  }
  if (time !== undefined || start === undefined || end === undefined || step === undefined)
    return refusal('a range has start, end and step, and no time');
  const range = readRange(start, end, step);
  return range.ok ? ask(query, range.value, answerer) : { text: problemJson(range.failure), ok: false };
}

function ask(query: string, when: number | QueryRange, { source, semantics }: Answerer): AnswerText {
  const nowMs = (): number => performance.now();
  const options = { semantics, nowMs, deadlineMs: nowMs() + longestMs };
  const outcome =
    typeof when === 'number'
      ? queryInstant(source, query, when, options)
      : queryRange(source, query, when, options);
  if (!outcome.ok) return { text: answerJson(outcome, query), ok: false };
  // Servers of the older generation make no remarks.
  const annotations = semantics === 'v2' ? [] : outcome.value.annotations;
  return { text: answerJson(success({ ...outcome.value, annotations }), query), ok: true };
}

function refusal(message: string): AnswerText {
  return { text: problemJson({ kind: 'bad-data', message }), ok: false };
}
