import { Worker } from 'node:worker_threads';
import { threadEnvironment } from '#core/threads/thread-environment.ts';
import type { SourceFailure } from '#shared/failure.ts';
import { drop, failed, messageOf, success, type Result } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import type { AnswerName } from './answers.ts';
import type { Listing } from './checked.ts';
import type { FromParser, ToParser } from './parse-protocol.ts';
import { malformed, sourceFailure } from './source-failure.ts';

/**
 * The core's end of the parsing thread: one thread, started when a large answer comes and ended when
 * none has come for a while; one answer at a time, the others wait in a bounded queue. A thread that
 * dies fails the answer that it had and no other. Used by `AnswerReader` only.
 */

export interface ParsingThreadOptions {
  readonly idleMs: number;
  /** An answer that takes longer is given up, and the thread with it. */
  readonly longestJobMs: number;
  readonly maxWaitingBytes: number;
  readonly script: URL;
}

const defaults: ParsingThreadOptions = {
  idleMs: 30 * secondMs,
  longestJobMs: 30 * secondMs,
  maxWaitingBytes: 96 * 1_048_576,
  script: new URL('./parse-worker.ts', import.meta.url),
};

type Answer = Result<Listing<unknown, unknown>, SourceFailure>;

interface Job {
  readonly name: AnswerName;
  readonly body: Uint8Array;
  readonly bytes: number;
  readonly mediaType: string;
  readonly isPacked: boolean;
  readonly rows: unknown[];
  /** Settles the caller's promise; later calls do nothing. */
  settle(answer: Answer): void;
}

export class ParsingThread {
  readonly #options: ParsingThreadOptions;
  readonly #waiting: Job[] = [];
  #current: Job | null = null;
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(options: Partial<ParsingThreadOptions> = {}) {
    this.#options = { ...defaults, ...options };
  }

  /** Whether a thread is running, idle or not. */
  get running(): boolean {
    return this.#worker !== null;
  }

  /** Reads one body on the thread. The body's buffer is transferred and gone for the caller. */
  async read(
    name: AnswerName,
    body: Uint8Array,
    mediaType: string,
    signal?: AbortSignal,
    isPacked = false,
  ): Promise<Answer> {
    const waitingBytes = this.#waiting.reduce((sum, job) => sum + job.bytes, 0);
    if (waitingBytes + body.byteLength > this.#options.maxWaitingBytes) return failed(tooManyAtOnce());
    return new Promise((resolve) => {
      const cancel = (): void => job.settle(failed(cancelled()));
      const job: Job = {
        name,
        body,
        bytes: body.byteLength,
        mediaType,
        isPacked,
        rows: [],
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

  /** Ends the thread; what it had and what waits fails as cancelled. */
  async close(): Promise<void> {
    for (const job of this.#waiting.splice(0)) job.settle(failed(cancelled()));
    this.#current?.settle(failed(cancelled()));
    this.#current = null;
    await this.#endThread();
  }

  #startNext(): void {
    if (this.#current !== null) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#current = job;
    clearTimeout(this.#idle);
    this.#deadline = setTimeout(() => {
      const failure = sourceFailure(
        'timeout',
        `The answer could not be read within ${this.#options.longestJobMs} ms.`,
        'Ask for less: fewer series or a shorter range.',
      );
      this.#giveUp(this.#worker, failure);
    }, this.#options.longestJobMs);
    this.#worker ??= this.#startThread();
    this.#worker.ref();
    const { name, body, mediaType, isPacked } = job;
    this.#send({ kind: 'parse', name, body, mediaType, isPacked }, [body.buffer as ArrayBuffer]);
  }

  #startThread(): Worker {
    const worker = new Worker(this.#options.script, {
      name: 'parse',
      env: threadEnvironment(),
      resourceLimits: { maxOldGenerationSizeMb: 768 },
    });
    worker.on('message', (message: FromParser) => this.#take(message));
    worker.on('error', (error) => this.#giveUp(worker, failureOfCrash(error)));
    worker.on('exit', () => this.#giveUp(worker, failureOfCrash(new Error('it ended'))));
    return worker;
  }

  #take(message: FromParser): void {
    const job = this.#current;
    if (job === null) return;
    if (message.kind === 'failed') this.#finish(failed(message.failure));
    else {
      job.rows.push(...message.rows);
      if (message.last) this.#finish(success({ head: message.head, rows: job.rows }));
      // A turn of the loop between two pieces: whatever else the core has to do comes first.
      else setImmediate(() => this.#send({ kind: 'next' }));
    }
  }

  #finish(answer: Answer): void {
    clearTimeout(this.#deadline);
    this.#current?.settle(answer);
    this.#current = null;
    this.#startNext();
    if (this.#current !== null) return;
    this.#worker?.unref();
    this.#idle = setTimeout(
      () => drop(this.#endThread(), 'nobody waits for the end of an idle thread'),
      this.#options.idleMs,
    );
    this.#idle.unref();
  }

  /** The thread is gone, or must go: its answer fails, the others get a new thread. */
  #giveUp(worker: Worker | null, failure: SourceFailure): void {
    if (worker === null || worker !== this.#worker) return;
    drop(this.#endThread(), 'a thread that has failed is not waited for');
    this.#finish(failed(failure));
  }

  async #endThread(): Promise<void> {
    clearTimeout(this.#idle);
    clearTimeout(this.#deadline);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #send(message: ToParser, transfer: ArrayBuffer[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }
}

function failureOfCrash(error: unknown): SourceFailure {
  const outOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  if (outOfMemory) {
    return sourceFailure(
      'too-large',
      'The answer needs more memory than one answer may take.',
      'Ask for less: fewer series, a shorter range or a coarser step.',
    );
  }
  return malformed(`the thread that read it broke down (${messageOf(error)}).`);
}

function tooManyAtOnce(): SourceFailure {
  return sourceFailure(
    'too-large',
    'Too many large answers came at once.',
    'Ask for less at a time, or poll fewer large sources at the same moment.',
  );
}

function cancelled(): SourceFailure {
  return sourceFailure('cancelled', 'The request was cancelled.', 'Ask again if it is still wanted.');
}
