import type { Dice } from './dice.ts';
import { dataEndMs, dataStartMs } from './data.ts';
import type { GeneratedQuery, QueryMaker, Semantics } from './queries.ts';
import { queryInstant, queryRange } from '#shared/promql/engine.ts';
import type { SampleSource } from '#shared/promql/model/samples.ts';
import { answerOfEngine, answerOfServer, differenceOf, type Answer } from './answers.ts';

/** One query asked of both sides. */
export interface Question {
  readonly query: GeneratedQuery;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 for an instant query. */
  readonly stepMs: number;
}

export function makeQuestion(maker: QueryMaker, dice: Dice): Question {
  const spanMs = dataEndMs - dataStartMs;
  const startMs = dataStartMs + Math.floor(dice.next() * spanMs * 1.02);
  if (dice.chance(0.5)) return { query: maker.instant(), startMs, endMs: startMs, stepMs: 0 };
  const stepMs = dice.of([1_000, 15_000, 15_000, 30_000, 60_000, 137_000, 300_000]);
  const endMs = startMs + stepMs * dice.between(0, 40) + dice.of([0, 0, 500]);
  return { query: maker.range(), startMs, endMs, stepMs };
}

export function askEngine(source: SampleSource, question: Question, semantics: Semantics): Answer {
  const { query, startMs, endMs, stepMs } = question;
  const options = { semantics };
  return answerOfEngine(
    stepMs === 0
      ? queryInstant(source, query.text, startMs, options)
      : queryRange(source, query.text, { startMs, endMs, stepMs }, options),
  );
}

export async function askServer(url: string, question: Question): Promise<Answer> {
  const answer = await fetch(`${url}${pathOf(question)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(parametersOf(question)),
  });
  return answerOfServer(await answer.json());
}

function pathOf({ stepMs }: Question): string {
  return stepMs === 0 ? '/api/v1/query' : '/api/v1/query_range';
}

function parametersOf({ query, startMs, endMs, stepMs }: Question): URLSearchParams {
  const seconds = (ms: number): string => String(ms / 1_000);
  const times =
    stepMs === 0
      ? { time: seconds(startMs) }
      : { start: seconds(startMs), end: seconds(endMs), step: seconds(stepMs) };
  return new URLSearchParams({ query: query.text, ...times });
}

export interface Judgement {
  /** What differs, with all that is needed to see it again; null where nothing does. */
  readonly difference: string | null;
  /** What the server answered. */
  readonly outcome: 'error' | 'empty' | 'values';
}

export async function judge(
  url: string,
  source: SampleSource,
  question: Question,
  semantics: Semantics,
): Promise<Judgement> {
  const server = await askServer(url, question);
  const engine = askEngine(source, question, semantics);
  const difference = differenceOf(server, engine, question.query.isOrdered && question.stepMs === 0);
  const outcome = server.kind === 'error' ? 'error' : server.series.length === 0 ? 'empty' : 'values';
  if (difference === null) return { difference, outcome };
  const story = [
    question.query.text,
    `  curl -s '${url}${pathOf(question)}' -d '${String(parametersOf(question))}'`,
    `  ${difference}`,
  ];
  return { difference: story.join('\n'), outcome };
}
