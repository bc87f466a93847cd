import { execFileSync } from 'node:child_process';
import { QueryThreads } from '#core/metrics/query-threads.ts';
import type { Cleanup } from '#support/cleanup.ts';
import type { ServerProcess } from '#support/server-process.ts';
import { minuteMs } from '#shared/time.ts';
import { encodeWire } from '#shared/wire.ts';
import { askPrometheus, resultOfServer } from './prometheus.ts';
import { questionOf, QueryProcess } from './query-process.ts';
import { benchQueries, panelQuery, type BenchQuery } from './queries.ts';
import { differenceOf } from './same-answer.ts';

/** Both sides side by side: each query in turn, a run of one after a run of the other. */

export interface Sides {
  readonly server: ServerProcess;
  readonly dataDirectory: string;
  readonly cleanup: Cleanup;
}

/** Milliseconds of each run, in order. */
export interface QueryRuns {
  readonly query: BenchQuery;
  /** The server's own figure. */
  readonly serverMs: readonly number[];
  readonly httpMs: readonly number[];
  readonly warmMs: readonly number[];
  /** The first question of a fresh process, which opens the cache for it. */
  readonly coldMs: readonly number[];
  /** Processor time of the same runs, which others' work on the machine does not lengthen. */
  readonly coldProcessorMs: readonly number[];
}

const runs = 9;
/** Of either side, before its first run that counts: of both, what is asked again and again is of interest. */
const warmUps = 12;
/** And for so long, as short queries are compiled only after hundreds of runs: rules ask them all day. */
const warmUpMs = 400;
const panelTimeoutMs = minuteMs;

/** @returns which query is answered otherwise than the server answers it, and how. */
export async function differences({ server, dataDirectory, cleanup }: Sides): Promise<readonly string[]> {
  const own = await QueryProcess.start(dataDirectory, cleanup);
  const found: string[] = [];
  for (const query of benchQueries) {
    const expected = resultOfServer(await askPrometheus(server, query));
    const { answer } = await own.ask(query, true);
    const difference = answer?.kind === 'answered' ? differenceOf(expected, answer.result) : 'no answer';
    if (difference !== null) found.push(`${query.name}: ${difference}`);
  }
  await own.end();
  return found;
}

async function warmUp(ask: () => Promise<unknown>): Promise<void> {
  const startedAtMs = performance.now();
  for (let run = 0; run < warmUps || performance.now() - startedAtMs < warmUpMs; run++) await ask();
}

export async function measureQuery(sides: Sides, own: QueryProcess, query: BenchQuery): Promise<QueryRuns> {
  const { server, dataDirectory, cleanup } = sides;
  await warmUp(() => askPrometheus(server, query));
  await warmUp(() => own.ask(query));
  const measured = {
    serverMs: [] as number[],
    httpMs: [] as number[],
    warmMs: [] as number[],
    coldMs: [] as number[],
    coldProcessorMs: [] as number[],
  };
  for (let run = 0; run < runs; run++) {
    // Of either side the second of two in a row: the first finds the processor's caches full of the other's.
    await askPrometheus(server, query);
    const { evaluationMs, httpMs } = await askPrometheus(server, query);
    measured.serverMs.push(evaluationMs);
    measured.httpMs.push(httpMs);
    await own.ask(query);
    measured.warmMs.push((await own.ask(query)).tookMs);
    const fresh = await QueryProcess.start(dataDirectory, cleanup);
    const first = await fresh.ask(query);
    measured.coldMs.push(first.tookMs);
    measured.coldProcessorMs.push(first.processorMs);
    await fresh.end();
  }
  return { query, ...measured };
}

export interface PanelRuns {
  /** From the core's question to the frame for the window, by way of a query thread. */
  readonly ownMs: readonly number[];
  readonly httpMs: readonly number[];
}

export async function measurePanel({ server, dataDirectory, cleanup }: Sides): Promise<PanelRuns> {
  const threads = new QueryThreads({ dataDirectory, threads: 1 });
  cleanup.add(() => threads.close());
  const [ownMs, httpMs]: [number[], number[]] = [[], []];
  for (let run = 0; run < warmUps + runs; run++) {
    const asked = await askPrometheus(server, panelQuery);
    const startedAtMs = performance.now();
    const answer = await threads.ask(questionOf(panelQuery), panelTimeoutMs);
    if (answer.kind !== 'answered') throw new Error(`the panel is not answered: ${JSON.stringify(answer)}`);
    encodeWire('core', answer);
    const tookMs = performance.now() - startedAtMs;
    if (run < warmUps) continue;
    ownMs.push(tookMs);
    httpMs.push(asked.httpMs);
  }
  threads.close();
  return { ownMs, httpMs };
}

/** The most that a process held that was asked all queries again and again, over one that does nothing. */
export async function measureResident({ dataDirectory, cleanup }: Sides): Promise<number> {
  const script = 'process.stdout.write(String(process.resourceUsage().maxRSS / 1024))';
  const emptyMb = Number(execFileSync(process.execPath, ['--eval', script], { encoding: 'utf8' }));
  const own = await QueryProcess.start(dataDirectory, cleanup);
  let mostMb = 0;
  for (let run = 0; run < runs; run++)
    for (const query of benchQueries) mostMb = Math.max(mostMb, (await own.ask(query)).residentMb);
  await own.end();
  return mostMb - emptyMb;
}
