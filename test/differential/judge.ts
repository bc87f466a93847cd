import type { Dice } from './dice.ts';
import { dataEndMs, dataStartMs } from './data-times.ts';
import type { GeneratedQuery, QueryMaker, Semantics } from './queries.ts';
import { queryInstant, queryRange } from '#shared/promql/engine.ts';
import type { SampleSource } from '#shared/promql/model/samples.ts';
import { answerOfEngine, answerOfServer, differenceOf, differenceOfRemarks, type Answer } from './answers.ts';

/** One query asked of both sides. */
export interface Question {
  readonly query: GeneratedQuery;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 for an instant query. */
  readonly stepMs: number;
}

/** Moments anywhere, or just at a sample, where it is decided on which side of a border it lies. */
export function makeQuestion(maker: QueryMaker, dice: Dice): Question {
  const spanMs = dataEndMs - dataStartMs;
  const startMs = dice.chance(0.4) ? maker.momentMs() : dataStartMs + Math.floor(dice.next() * spanMs * 1.02);
  if (dice.chance(0.5)) return { query: maker.instant(), startMs, endMs: startMs, stepMs: 0 };
  const stepMs = dice.of(stepsMs);
  const endMs = startMs + stepMs * dice.between(0, 40) + dice.of([0, 0, Math.min(500, stepMs - 1)]);
  return { query: maker.range(), startMs, endMs, stepMs };
}

/** Finer than samples come, as they come, and wider than all data. */
const stepsMs = [1, 250, 1_000, 5_000, 15_000, 15_000, 30_000, 60_000, 137_000, 300_000, 86_400_000] as const;

function askEngine(source: SampleSource, question: Question, semantics: Semantics): Answer {
  const { query, startMs, endMs, stepMs } = question;
  const options = { semantics };
  const outcome =
    stepMs === 0
      ? queryInstant(source, query.text, startMs, options)
      : queryRange(source, query.text, { startMs, endMs, stepMs }, options);
  return answerOfEngine(outcome, query.text);
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
  /** Whether the server's own answer changes, by the order in which it happens to add. */
  readonly isUnsettled: boolean;
  /** What the server answered. */
  readonly outcome: 'error' | 'empty' | 'values';
}

export async function judge(
  url: string,
  source: SampleSource,
  question: Question,
  semantics: Semantics,
): Promise<Judgement> {
  const engine = askEngine(source, question, semantics);
  const differs = (answer: Answer): string | null => differenceBetween(answer, engine, question, semantics);
  const server = await askServer(url, question);
  const outcome = server.kind === 'error' ? 'error' : server.series.length === 0 ? 'empty' : 'values';
  const difference = differs(server);
  if (difference === null) return { difference, outcome, isUnsettled: false };
  if (await isUnsettled(url, question, server, engine))
    return { difference: null, outcome, isUnsettled: true };
  const story = [
    question.query.text,
    `  curl -s '${url}${pathOf(question)}' -d '${String(parametersOf(question))}'`,
    `  ${difference}`,
  ];
  return { difference: story.join('\n'), outcome, isUnsettled: false };
}

/** Relative; what order alone may make of a sum of usual numbers. */
const looseTolerance = 1e-6;

/**
 * In range queries a server adds what functions gave in an order of chance: whether it contradicts itself, and
 * gives the engine's answer too, or one that is off by as little as order can do.
 */
async function isUnsettled(
  url: string,
  question: Question,
  server: Answer,
  engine: Answer,
): Promise<boolean> {
  const isClose = differenceOf(server, engine, false, looseTolerance) === null;
  for (let again = 0; again < 12; again++) {
    const other = await askServer(url, question);
    if (differenceOf(other, server, false) === null) continue;
    if (isClose || differenceOf(other, engine, false) === null) return true;
  }
  return false;
}

function differenceBetween(
  server: Answer,
  engine: Answer,
  { query, stepMs }: Question,
  semantics: Semantics,
): string | null {
  const difference = differenceOf(server, engine, query.isOrdered && stepMs === 0);
  // Servers of the older generation make no remarks.
  if (difference !== null || semantics === 'v2' || !query.hasComparableRemarks) return difference;
  return differenceOfRemarks(server, engine);
}
