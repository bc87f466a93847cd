import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { KeptQueryReader } from '#core/metrics/kept-query-reader.ts';
import type { KeptReading } from '#core/metrics/query-protocol.ts';
import type { KeptQuestion } from '#core/metrics/kept-query.ts';
import { holdAddon } from '#core/store/database.ts';
import type { Cleanup } from '#support/cleanup.ts';
import { inProject } from '../../../scripts/project.ts';
import { benchSource } from './kept-cache.ts';
import type { BenchQuery } from './queries.ts';

/**
 * A process that does what a query thread does, and nothing else: so its memory is the queries', and a
 * fresh one has nothing in it.
 */
export interface Answered {
  /** Of the question, coverage and conversion for the window included; of a first one, opening the cache too. */
  readonly tookMs: number;
  /** Processor time of the thread that evaluates: what is left where others' work takes turns with it. */
  readonly processorMs: number;
  /** The most that the process ever held. */
  readonly residentMb: number;
  /** Null where it is not asked for: handing it over costs memory. */
  readonly answer: KeptReading | null;
}

interface Ask {
  readonly dataDirectory: string;
  readonly question: KeptQuestion;
  readonly wantsAnswer: boolean;
}

export class QueryProcess {
  readonly #child: ChildProcess;
  readonly #dataDirectory: string;

  private constructor(child: ChildProcess, dataDirectory: string) {
    this.#child = child;
    this.#dataDirectory = dataDirectory;
  }

  /** Resolves once it listens. */
  static async start(dataDirectory: string, cleanup: Cleanup): Promise<QueryProcess> {
    // As the hosts start the core.
    const env = { ...process.env, NODE_COMPILE_CACHE: inProject('node_modules/.cache/compiled') };
    const child = fork(import.meta.filename, { serialization: 'advanced', env });
    cleanup.add(() => child.kill());
    await nextMessage(child);
    return new QueryProcess(child, dataDirectory);
  }

  async ask(query: BenchQuery, wantsAnswer = false): Promise<Answered> {
    const message: Ask = { dataDirectory: this.#dataDirectory, question: questionOf(query), wantsAnswer };
    this.#child.send(message);
    return (await nextMessage(this.#child)) as Answered;
  }

  /** Resolves once it is gone: its end must not load what is measured next. */
  async end(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

export function questionOf({ query, times }: BenchQuery): KeptQuestion {
  // As a Prometheus with its own defaults evaluates.
  const traits = { semantics: 'v3', lookbackMs: 300_000, subqueryStepMs: 60_000 } as const;
  return { source: benchSource, query, times, traits, explain: false };
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the process of the queries ended'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}

/** What the start left behind is the start's to clear away. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
}

function serve(): void {
  const reader = new KeptQueryReader();
  const limits = { deadlineMs: Infinity, nowMs: () => performance.now(), isCancelled: () => false };
  process.on('message', ({ dataDirectory, question, wantsAnswer }: Ask) => {
    const before = process.threadCpuUsage();
    const startedAtMs = performance.now();
    const answer = reader.answer(dataDirectory, question, limits);
    const tookMs = performance.now() - startedAtMs;
    const { user, system } = process.threadCpuUsage(before);
    if (answer.kind !== 'answered') throw new Error(`${question.query}: ${JSON.stringify(answer)}`);
    const residentMb = process.resourceUsage().maxRSS / 1_024;
    const said: Answered = {
      tookMs,
      processorMs: (user + system) / 1_000,
      residentMb,
      answer: wantsAnswer ? answer : null,
    };
    process.send?.(said);
  });
  // A query thread starts in a process that has SQLite's addon.
  holdAddon();
  collectGarbage();
  process.send?.('listens');
}

if (import.meta.main) serve();
