import { expect, test } from 'vitest';
import { QueryThreads, type ThreadAnswer } from '#core/metrics/query-threads.ts';
import { openSourceHttp } from '#core/sources/http.ts';
import { PrometheusClient } from '#core/sources/prometheus/client.ts';
import { openStore, type Store } from '#core/store/store.ts';
import { compareUtf8 } from '#shared/promql/model/label-set.ts';
import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { remoteWrite } from '#support/remote-write.ts';
import { startSampleServer } from '#support/sample-server.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { generations, type Generation } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from '../real/generations.ts';
import { differenceOf, type Answer } from './answers.ts';
import { dataEndMs, dataStartMs, inOrderOfTime, makeData, sourceOf } from './data.ts';
import { Dice } from './dice.ts';
import { askServer, judge, makeQuestion, type Question } from './judge.ts';
import { walkedNeeds } from './needed-walk.ts';
import { QueryMaker, type Semantics } from './queries.ts';

/**
 * With the server gone, over what was fetched of it, holes included: every query answers as the server did,
 * or that it is unknown, which it is exactly where something that it needs was not fetched.
 */
const isFull = process.env['OPSSIGHT_FULL'] !== undefined;
const seed = Number(process.env['OPSSIGHT_SEED'] ?? 20_261_121);
const queryCount = Number(process.env['OPSSIGHT_QUERIES'] ?? (isFull ? 2_000 : 200));

const semanticsOf: Readonly<Record<Generation, Semantics>> = { old: 'v2', new: 'v3' };

interface Stretch {
  readonly metric: string;
  readonly fromMs: number;
  readonly toMs: number;
}

test.for(generations.map((generation) => ({ generation, name: generationNames[generation] })))(
  'without the server: as $name did, or unknown',
  { timeout: isFull ? 900_000 : 120_000 },
  async ({ generation }, context) => {
    const place = await placeFor(generation, context);
    const server = await startSampleServer(place);
    const data = makeData(seed);
    await remoteWrite(server.url, inOrderOfTime(data));
    const store = await open(place.folder);
    place.cleanup.add(() => store.close());
    const dice = new Dice(seed + 2);
    const names = new Set(data.map(({ labels }) => labels['__name__'] ?? ''));
    const stretches = [...names].flatMap((metric) => stretchesOf(metric, dice));
    await fetchInto(store, server.url, stretches);

    const semantics = semanticsOf[generation];
    const maker = new QueryMaker(dice, semantics);
    const questions = Array.from({ length: queryCount }, () => makeQuestion(maker, dice));
    const answers: Answer[] = [];
    const whole = sourceOf(data, semantics);
    const unsettled = new Set<Question>();
    for (const question of questions) {
      answers.push(await askServer(server.url, question));
      const { isUnsettled } = await judge(server.url, whole, question, semantics);
      if (isUnsettled) unsettled.add(question);
    }
    await server.kill();

    const threads = new QueryThreads({ dataDirectory: place.folder });
    place.cleanup.add(() => threads.close());
    const problems: string[] = [];
    let [unknown, parts] = [0, 0];
    for (const [index, question] of questions.entries()) {
      // What the server itself answers now so, now so is no measure.
      if (unsettled.has(question)) continue;
      const kept = await askKept(threads, question, semantics);
      if (kept.kind === 'uncovered') unknown += 1;
      const part = kept.kind === 'uncovered' ? await askKept(threads, question, semantics, true) : kept;
      if (part.kind === 'answered' && part.part !== null) parts += 1;
      const problem =
        problemOf(question, answers[index], kept, stretches, semantics) ??
        problemOfPart(answers[index], part);
      if (problem !== null)
        problems.push(`query ${index} of seed ${seed}: ${question.query.text}\n  ${problem}`);
    }
    expect(problems.length, problems.slice(0, 10).join('\n\n')).toBe(0);
    expect(unsettled.size).toBeLessThanOrEqual(Math.ceil(queryCount / 1_000));
    // Neither kind of answer is rare, or little would be shown.
    expect(unknown, `${unknown} of ${queryCount} are unknown`).toBeGreaterThan(queryCount / 10);
    expect(unknown, `${unknown} of ${queryCount} are unknown`).toBeLessThan((queryCount * 9) / 10);
    expect(parts, `${parts} of ${unknown} are known in part`).toBeGreaterThan(unknown / 20);
  },
);

async function open(dataDirectory: string): Promise<Store> {
  const opened = await openStore({
    dataDirectory,
    safeMode: false,
    onNotice: ({ message }) => expect.unreachable(message),
    // Its samples are of now: older ones are not kept for long.
    nowMs: () => dataEndMs,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}

/** All of the time there are samples of, and then some, but for a few holes. */
function stretchesOf(metric: string, dice: Dice): Stretch[] {
  const stretches: Stretch[] = [];
  let fromMs = dataStartMs - 2 * 3_600_000;
  while (fromMs < dataEndMs + 2 * 3_600_000) {
    const toMs = fromMs + dice.between(20, 200) * 60_000;
    stretches.push({ metric, fromMs, toMs });
    fromMs = toMs + dice.of([1, 1, 2, 60_000, 900_000]);
  }
  return stretches;
}

async function fetchInto(store: Store, url: string, stretches: readonly Stretch[]): Promise<void> {
  const http = openSourceHttp(sourceSettings({ kind: 'prometheus', url }));
  const client = new PrometheusClient(http);
  for (const { metric, fromMs, toMs } of stretches) {
    const matchers: LabelMatcher[] = [{ name: '__name__', operator: '=', value: metric }];
    const answer = await client.remoteRead({ matchers, fromMs, toMs });
    if (!answer.ok) throw new Error(answer.failure.message);
    const kept = await store.putSamples({
      source: 'prometheus',
      selector: metric,
      fromMs,
      toMs,
      fetchedAtMs: Date.now(),
      incidentId: null,
      series: answer.value,
    });
    if (!kept.ok) throw new Error(kept.failure.message);
  }
  await http.close();
}

function askKept(
  threads: QueryThreads,
  question: Question,
  semantics: Semantics,
  mayBePart = false,
): Promise<ThreadAnswer> {
  const { query, startMs, endMs, stepMs } = question;
  return threads.ask(
    {
      source: 'prometheus',
      query: query.text,
      times: { fromMs: startMs, toMs: endMs, stepMs },
      traits: { semantics, lookbackMs: 300_000, subqueryStepMs: 60_000 },
      explain: false,
      mayBePart,
    },
    30_000,
  );
}

function problemOf(
  question: Question,
  server: Answer | undefined,
  kept: ThreadAnswer,
  stretches: readonly Stretch[],
  semantics: Semantics,
): string | null {
  if (server === undefined) return 'it was never asked';
  const isUncovered = lacks(question, stretches, semantics);
  if (isUncovered !== (kept.kind === 'uncovered'))
    return `${isUncovered ? 'something is missing' : 'nothing is missing'}, yet it is ${kept.kind}`;
  if (kept.kind === 'uncovered') return null;
  return differenceOf(server, answerOf(kept), question.query.isOrdered && question.stepMs === 0);
}

/** A part has at its steps what the server had there; a step that is not known can fail a query on either side. */
function problemOfPart(server: Answer | undefined, kept: ThreadAnswer): string | null {
  if (kept.kind !== 'answered' || kept.part === null) return null;
  if (server?.kind !== 'series') return null;
  const { runs } = kept.part;
  const series = server.series.flatMap(({ labels, points }) => {
    const known = points.filter(([seconds]) =>
      runs.some(
        ({ firstMs, lastMs }) => firstMs <= Math.round(seconds * 1_000) && seconds * 1_000 <= lastMs + 0.5,
      ),
    );
    return known.length === 0 ? [] : [{ labels, points: known }];
  });
  const difference = differenceOf({ ...server, series }, answerOf(kept), false);
  return difference === null ? null : `in part: ${difference}`;
}

/** Whether something that the query needs was not fetched. */
function lacks(question: Question, stretches: readonly Stretch[], semantics: Semantics): boolean {
  return walkedNeeds(question.query.text, { ...question, semantics }).some(({ matchers, fromMs, toMs }) => {
    // Stretches are of whole metrics, one each: what selects by anything else may mean another that was not fetched.
    const own = stretches.filter(({ metric }) =>
      matchers.some(
        ({ name, operator, value }) => name === '__name__' && operator === '=' && value === metric,
      ),
    );
    let missingFromMs = fromMs;
    for (const stretch of own) {
      if (stretch.fromMs > missingFromMs) break;
      missingFromMs = Math.max(missingFromMs, stretch.toMs + 1);
    }
    return missingFromMs <= toMs;
  });
}

function answerOf(kept: ThreadAnswer): Answer {
  if (kept.kind === 'refused') return { kind: 'error', text: kept.problem.message };
  if (kept.kind !== 'answered') return { kind: 'error', text: `it is ${kept.kind}` };
  const { result } = kept;
  if (result.kind === 'string')
    return { kind: 'series', type: 'string', series: [{ labels: JSON.stringify(result.value), points: [] }] };
  if (result.kind === 'scalar')
    return {
      kind: 'series',
      type: 'scalar',
      series: [{ labels: '', points: [[result.timeMs / 1_000, result.value]] }],
    };
  return {
    kind: 'series',
    type: result.kind,
    series: result.series.map(({ labels, timesMs, values }) => ({
      labels: JSON.stringify(Object.entries(labels).sort(([left], [right]) => compareUtf8(left, right))),
      points: Array.from(timesMs, (timeMs, index) => [timeMs / 1_000, values[index] ?? 0] as const),
    })),
  };
}
