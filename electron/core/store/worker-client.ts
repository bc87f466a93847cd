import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';
import { failed, messageOf, type Result } from '#shared/result.ts';
import type { CallName, CommitPart, InputOf, OutputOf, StoreAnswer, StoreRequest } from './calls.ts';
import { holdAddon } from './database.ts';
import { storageEndedFailure } from './failures.ts';

/**
 * The core's end of one storage thread: numbers calls, matches answers, and turns the thread's death into
 * a named failure of everything that waits for it or comes after. `store-client.ts` starts another.
 */
export interface WorkerClientOptions {
  readonly onNotice: (notice: Notice) => void;
  readonly onAnswered: (name: CallName, tookMs: number) => void;
  /** Called once, unless it was closed. */
  readonly onEnded: (cause: string) => void;
  readonly nowMs: () => number;
}

/** For a thread that has closed its files to end by itself. */
const exitGraceMs = 5_000;

type Outcome = Result<unknown, CommandFailure>;

export class WorkerClient {
  readonly #worker = startThread();
  /** Fulfilled once the thread is gone, and with it its hold on the files. */
  readonly exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
  readonly #options: WorkerClientOptions;
  readonly #waiting = new Map<
    number,
    { readonly name: CallName; readonly settle: (outcome: Outcome) => void }
  >();
  readonly #unsent: (StoreRequest | CommitPart)[] = [];
  #isSending = false;
  #sequence = 0;
  #ended: CommandFailure | null = null;
  #isClosing = false;

  constructor(options: WorkerClientOptions) {
    this.#options = options;
    this.#worker.on('message', (answer: StoreAnswer) => this.#answered(answer));
    this.#worker.on('messageerror', (error) => this.#unreadable(messageOf(error)));
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
      this.#unsent.push(...inParts(request));
      if (!this.#isSending) this.#send();
    });
  }

  /** Sends what there is in its order; of a commit in parts one for each turn of the event loop. */
  #send(): void {
    for (let next = this.#unsent.shift(); next !== undefined; next = this.#unsent.shift()) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage(next);
      this.#isSending = 'partOf' in next;
      if (this.#isSending) return void setImmediate(() => this.#send());
    }
  }

  get isBusy(): boolean {
    return this.#waiting.size > 0;
  }

  /** What each call answers from now on, of a thread that has ended. */
  failWith(failure: CommandFailure): void {
    this.#ended = failure;
  }

  /**
   * Ends the thread once it has answered `close`; its exit is then not worth a notice. It ends by itself, as
   * it listens no more: a thread that is stopped from outside while native code cleans up behind it can take
   * the whole process along. One that stays is left behind, and keeps no process alive.
   */
  async close(): Promise<void> {
    if (this.#ended !== null) return;
    this.#isClosing = true;
    await this.call('close', null);
    const grace = AbortSignal.timeout(exitGraceMs);
    await Promise.race([this.exited, once(grace, 'abort')]);
    this.#worker.unref();
  }

  #answered({ sequence, outcome, tookMs, notices }: StoreAnswer): void {
    notices.forEach(this.#options.onNotice);
    const call = this.#waiting.get(sequence);
    if (call === undefined) return;
    this.#waiting.delete(sequence);
    this.#options.onAnswered(call.name, tookMs);
    call.settle(outcome);
  }

  /** Nobody knows which call that answer was to; the thread is still there and must let go of its files. */
  #unreadable(cause: string): void {
    void this.call('close', null);
    this.#end(cause);
  }

  #end(cause: string): void {
    if (this.#ended !== null) return;
    const failure = storageEndedFailure(this.#isClosing ? 'the store was closed' : cause);
    this.#ended = failure;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    if (!this.#isClosing) this.#options.onEnded(cause);
    for (const { settle } of waiting) settle(failed(this.#ended));
  }
}

/** Copied within a few milliseconds. */
const partChanges = 500;

function inParts(request: StoreRequest): (StoreRequest | CommitPart)[] {
  if (request.name !== 'commit' || request.input.length <= partChanges) return [request];
  const parts: CommitPart[] = [];
  let from = 0;
  for (; from + partChanges < request.input.length; from += partChanges)
    parts.push({ partOf: request.sequence, changes: request.input.slice(from, from + partChanges) });
  return [...parts, { ...request, input: request.input.slice(from) }];
}

function startThread(): Worker {
  holdAddon();
  return new Worker(new URL('./store-worker.ts', import.meta.url), {
    name: 'store',
    // A small nursery: rows are short-lived, and the whole core has little memory to spend.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
}
