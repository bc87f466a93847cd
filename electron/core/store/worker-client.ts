import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';
import { failed, messageOf, type Result } from '#shared/result.ts';
import type { CallName, InputOf, OutputOf, StoreAnswer, StoreRequest } from './calls.ts';
import { storageEndedFailure } from './failures.ts';
import { storageEndedNotice } from './notices.ts';

/**
 * The core's end of the storage thread: numbers calls, matches answers, and turns the thread's death into
 * a named failure of everything that waits for it or comes after. Used by `store.ts` alone.
 */
export interface SlowCalls {
  readonly count: number;
  readonly longestMs: number;
}

export interface WorkerClientOptions {
  readonly onNotice: (notice: Notice) => void;
  readonly nowMs: () => number;
}

const slowCallMs = 40;

/** For a thread that has closed its files to end by itself. */
const exitGraceMs = 5_000;

type Outcome = Result<unknown, CommandFailure>;

export class WorkerClient {
  readonly #worker = new Worker(new URL('./store-worker.ts', import.meta.url), {
    name: 'store',
    // A small nursery: rows are short-lived, and the whole core has little memory to spend.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  readonly #options: WorkerClientOptions;
  readonly #waiting = new Map<
    number,
    { readonly name: CallName; readonly settle: (outcome: Outcome) => void }
  >();
  readonly #slow = new Map<CallName, SlowCalls>();
  #sequence = 0;
  #ended: CommandFailure | null = null;
  #isClosing = false;

  constructor(options: WorkerClientOptions) {
    this.#options = options;
    this.#worker.on('message', (answer: StoreAnswer) => this.#answered(answer));
    this.#worker.on('messageerror', (error) => this.#end(messageOf(error)));
    this.#worker.on('error', (error) => this.#end(messageOf(error)));
    this.#worker.on('exit', (code) => this.#end('it exited with code ' + String(code)));
  }

  /** Every call is answered: by the thread, or with the failure that ended it. */
  call<Name extends CallName>(
    name: Name,
    input: InputOf<Name>,
  ): Promise<Result<OutputOf<Name>, CommandFailure>> {
    const ended = this.#ended;
    if (ended !== null) return Promise.resolve(failed(ended));
    const sequence = ++this.#sequence;
    const request = { sequence, name, input, nowMs: this.#options.nowMs() } as StoreRequest;
    return new Promise((resolve) => {
      const settle = resolve as (outcome: Outcome) => void;
      this.#waiting.set(sequence, { name, settle });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage(request);
    });
  }

  /** By name of the call: how many took longer than 40 ms on the thread. */
  slowCalls(): Readonly<Record<string, SlowCalls>> {
    return Object.fromEntries(this.#slow);
  }

  get isBusy(): boolean {
    return this.#waiting.size > 0;
  }

  /**
   * Ends the thread once it has answered `close`; its exit is then not worth a notice. It ends by itself, as
   * it listens no more: a thread that is stopped from outside while native code cleans up behind it can take
   * the whole process along. One that stays is left behind, and keeps no process alive.
   */
  async close(): Promise<void> {
    if (this.#ended !== null) return;
    this.#isClosing = true;
    const hasExited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    await this.call('close', null);
    const grace = AbortSignal.timeout(exitGraceMs);
    await Promise.race([hasExited, once(grace, 'abort')]);
    this.#worker.unref();
  }

  #answered({ sequence, outcome, tookMs, notices }: StoreAnswer): void {
    notices.forEach(this.#options.onNotice);
    const call = this.#waiting.get(sequence);
    if (call === undefined) return;
    this.#waiting.delete(sequence);
    if (tookMs > slowCallMs) {
      const known = this.#slow.get(call.name) ?? { count: 0, longestMs: 0 };
      this.#slow.set(call.name, { count: known.count + 1, longestMs: Math.max(known.longestMs, tookMs) });
    }
    call.settle(outcome);
  }

  #end(cause: string): void {
    if (this.#ended !== null) return;
    const failure = storageEndedFailure(this.#isClosing ? 'the store was closed' : cause);
    this.#ended = failure;
    for (const { settle } of this.#waiting.values()) settle(failed(failure));
    this.#waiting.clear();
    if (!this.#isClosing) this.#options.onNotice(storageEndedNotice(failure, this.#options.nowMs()));
  }
}
