import { Worker } from 'node:worker_threads';
import { holdAddon } from '#core/store/database.ts';
import { threadEnvironment } from '#core/threads/thread-environment.ts';
import type { Series } from '#shared/model/series.ts';
import { drop, messageOf } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import type { KeptQuestion } from './kept-query.ts';
import type { FromQueryThread, KeptReading, ToQueryThread } from './query-protocol.ts';

/**
 * The core's end of the query threads: started when there is something to ask, ended when nothing has been for
 * a while. A thread has one question at a time; the others wait in a bounded queue. One that dies fails
 * the question that it had and no other.
 */
export interface QueryThreadsOptions {
  readonly dataDirectory: string;
  readonly threads: number;
  readonly maxWaiting: number;
  readonly idleMs: number;
  /** Past its own deadline a thread gets so much longer before it is given up. */
  readonly graceMs: number;
  readonly script: URL;
}

export type ThreadAnswer =
  | KeptReading
  /** The question got no answer: cancelled, too many waiting, or its thread failed. */
  | {
      readonly kind: 'unanswered';
      readonly cause: 'cancelled' | 'busy' | 'broken';
      readonly message: string;
    };

interface Job {
  readonly question: KeptQuestion;
  readonly timeoutMs: number;
  readonly cancelled: SharedArrayBuffer;
  /** Those that came before the rest of the answer. */
  readonly series: Series[];
  /** Settles the caller's promise; later calls do nothing. */
  settle(answer: ThreadAnswer): void;
}

interface Thread {
  readonly worker: Worker;
  job: Job | null;
  timer: NodeJS.Timeout | undefined;
}

const defaults: Omit<QueryThreadsOptions, 'dataDirectory'> = {
  threads: 2,
  maxWaiting: 200,
  idleMs: 60 * secondMs,
  graceMs: 5 * secondMs,
  script: new URL('./query-worker.ts', import.meta.url),
};

export class QueryThreads {
  readonly #options: QueryThreadsOptions;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Job[] = [];

  constructor(options: Pick<QueryThreadsOptions, 'dataDirectory'> & Partial<QueryThreadsOptions>) {
    this.#options = { ...defaults, ...options };
  }

  /** Threads that are running, idle or not. */
  get running(): number {
    return this.#threads.size;
  }

  ask(question: KeptQuestion, timeoutMs: number, signal?: AbortSignal): Promise<ThreadAnswer> {
    if (this.#waiting.length >= this.#options.maxWaiting) {
      const message = `${this.#options.maxWaiting} queries are already waiting for their turn`;
      return Promise.resolve({ kind: 'unanswered', cause: 'busy', message });
    }
    return new Promise((resolve) => {
      const cancelled = new SharedArrayBuffer(4);
      const cancel = (): void => {
        Atomics.store(new Int32Array(cancelled), 0, 1);
        job.settle({ kind: 'unanswered', cause: 'cancelled', message: 'the query was cancelled' });
      };
      const job: Job = {
        question,
        timeoutMs,
        cancelled,
        series: [],
        settle: (answer) => {
          signal?.removeEventListener('abort', cancel);
          const index = this.#waiting.indexOf(job);
          if (index >= 0) this.#waiting.splice(index, 1);
          resolve(answer);
        },
      };
      this.#waiting.push(job);
      signal?.addEventListener('abort', cancel, { once: true });
      if (signal?.aborted === true) cancel();
      this.#startNext();
    });
  }

  /** Ends the threads; what they had and what waits is unanswered. */
  close(): void {
    const closed: ThreadAnswer = {
      kind: 'unanswered',
      cause: 'cancelled',
      message: 'the console is closing',
    };
    for (const job of this.#waiting.splice(0)) job.settle(closed);
    for (const thread of this.#threads) {
      if (thread.job !== null) Atomics.store(new Int32Array(thread.job.cancelled), 0, 1);
      thread.job?.settle(closed);
      this.#end(thread);
    }
  }

  #startNext(): void {
    const [job] = this.#waiting;
    if (job === undefined) return;
    const idle = [...this.#threads].find((thread) => thread.job === null);
    if (idle === undefined && this.#threads.size >= this.#options.threads) return;
    this.#waiting.shift();
    const thread = idle ?? this.#startThread();
    thread.job = job;
    clearTimeout(thread.timer);
    const mostMs = job.timeoutMs + this.#options.graceMs;
    thread.timer = setTimeout(() => this.#stopStuck(thread, `no answer came within ${mostMs} ms`), mostMs);
    thread.worker.ref();
    const { dataDirectory } = this.#options;
    const { question, timeoutMs, cancelled } = job;
    this.#send(thread, { kind: 'ask', dataDirectory, question, timeoutMs, cancelled });
  }

  #startThread(): Thread {
    holdAddon();
    const worker = new Worker(this.#options.script, {
      name: 'query',
      env: threadEnvironment(),
      resourceLimits: { maxOldGenerationSizeMb: 1_024 },
    });
    const thread: Thread = { worker, job: null, timer: undefined };
    worker.on('message', (message: FromQueryThread) => this.#take(thread, message));
    worker.on('error', (error) => this.#giveUp(thread, messageOf(error)));
    worker.on('exit', () => this.#giveUp(thread, 'its thread ended'));
    this.#threads.add(thread);
    return thread;
  }

  #take(thread: Thread, message: FromQueryThread): void {
    const { job } = thread;
    // A thread that was given up may still have had something to say.
    if (job === null) return;
    if (message.kind === 'piece') {
      for (const one of message.series) job.series.push(one);
      // A turn of the loop between two pieces: whatever else the core has to do comes first.
      setImmediate(() => this.#send(thread, { kind: 'next' }));
      return;
    }
    clearTimeout(thread.timer);
    job.settle(withSeries(message.reading, job.series));
    thread.job = null;
    this.#startNext();
    if (thread.job !== null) return;
    thread.worker.unref();
    thread.timer = setTimeout(() => this.#end(thread), this.#options.idleMs);
    thread.timer.unref();
  }

  /** It asks its own clock in every loop: one that does not answer has a bug, and would keep a core busy. */
  #stopStuck(thread: Thread, cause: string): void {
    this.#giveUp(thread, cause);
    drop(thread.worker.terminate(), 'nobody waits for the end of a thread that was given up');
  }

  /** The thread is gone, or must go: its question fails, the others get a new thread. */
  #giveUp(thread: Thread, cause: string): void {
    if (!this.#threads.has(thread)) return;
    const message = `the query could not be evaluated (${cause})`;
    thread.job?.settle({ kind: 'unanswered', cause: 'broken', message });
    thread.job = null;
    this.#end(thread);
    this.#startNext();
  }

  /**
   * A thread ends by itself once it has answered what it has: one that is stopped from outside while SQLite
   * works can take the process along. Whoever does not listen is left behind and keeps no process alive.
   */
  #end(thread: Thread): void {
    this.#threads.delete(thread);
    clearTimeout(thread.timer);
    this.#send(thread, { kind: 'end' });
    thread.worker.unref();
  }

  #send({ worker }: Thread, message: ToQueryThread): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(message);
  }
}

function withSeries(reading: KeptReading, before: readonly Series[]): KeptReading {
  if (before.length === 0 || reading.kind !== 'answered' || !('series' in reading.result)) return reading;
  return { ...reading, result: { ...reading.result, series: [...before, ...reading.result.series] } };
}
