import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';
import { drop, type Result } from '#shared/result.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import type { CallName, InputOf, OpenInput, OutputOf, StoreMode } from './calls.ts';
import { storageEndedFailure, storageRestartingFailure } from './failures.ts';
import { storageBackNotice, storageEndedNotice } from './notices.ts';
import { WorkerClient } from './worker-client.ts';

/**
 * The core's end of the storage thread over its deaths: one that ends is followed by another on the same
 * files. Calls that waited for it, and those that come before the next one stands, fail by name; the core
 * keeps what it has in memory and writes it later (`incidents/durable-writer.ts`). A commit whose answer the
 * thread's end swallowed counts as failed. Used by `store.ts` alone.
 */
export interface SlowCalls {
  readonly count: number;
  readonly longestMs: number;
}

export interface StoreClientOptions {
  readonly dataDirectory: string;
  readonly safeMode: boolean;
  readonly onNotice: (notice: Notice) => void;
  readonly nowMs: () => number;
  /** Before each attempt to start another thread; after the last one the store stays ended. */
  readonly restartDelaysMs?: readonly number[];
}

const slowCallMs = 40;
const defaultRestartDelaysMs = [200, 2 * secondMs, 10 * secondMs];

/** A thread that ends more often than this is ended by what it is asked, and starting it again helps nobody. */
const mostEndings = 3;
const endingsWithinMs = 10 * minuteMs;

export class StoreClient {
  readonly #options: StoreClientOptions;
  readonly #slow = new Map<CallName, SlowCalls>();
  readonly #closing = new AbortController();
  #thread: WorkerClient;
  #mode: StoreMode | null = null;
  #endedAtMs: number[] = [];
  #restarting: Promise<void> = Promise.resolve();

  constructor(options: StoreClientOptions) {
    this.#options = options;
    this.#thread = this.#startThread();
  }

  async open(): Promise<Result<StoreMode, CommandFailure>> {
    const opened = await this.#thread.call('open', this.#openInput());
    if (opened.ok) this.#mode = opened.value;
    return opened;
  }

  /** Every call is answered: by the thread, or with the failure that ended it. */
  call<Name extends CallName>(
    name: Name,
    input: InputOf<Name>,
  ): Promise<Result<OutputOf<Name>, CommandFailure>> {
    return this.#thread.call(name, input);
  }

  /** By name of the call: how many took longer than 40 ms on the thread. */
  slowCalls(): Readonly<Record<string, SlowCalls>> {
    return Object.fromEntries(this.#slow);
  }

  get isBusy(): boolean {
    return this.#thread.isBusy;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#restarting;
    await this.#thread.close();
  }

  #startThread(): WorkerClient {
    const thread: WorkerClient = new WorkerClient({
      onNotice: this.#options.onNotice,
      nowMs: this.#options.nowMs,
      onAnswered: (name, tookMs) => this.#answered(name, tookMs),
      onEnded: (cause) => this.#ended(thread, cause),
    });
    return thread;
  }

  #openInput(): OpenInput {
    const { dataDirectory, safeMode } = this.#options;
    return { dataDirectory, safeMode, goesOnAs: this.#mode };
  }

  #answered(name: CallName, tookMs: number): void {
    if (tookMs <= slowCallMs) return;
    const known = this.#slow.get(name) ?? { count: 0, longestMs: 0 };
    this.#slow.set(name, { count: known.count + 1, longestMs: Math.max(known.longestMs, tookMs) });
  }

  #ended(thread: WorkerClient, cause: string): void {
    // One that never opened answers whoever opens it.
    if (thread !== this.#thread || this.#mode === null) return;
    const nowMs = this.#options.nowMs();
    this.#endedAtMs = [...this.#endedAtMs.filter((atMs) => nowMs - atMs < endingsWithinMs), nowMs];
    // What was kept in memory alone went with the thread: another one knows none of the core's incidents.
    const isHopeless = this.#mode === 'memory' || this.#endedAtMs.length > mostEndings;
    const failure = isHopeless ? storageEndedFailure(cause) : storageRestartingFailure(cause);
    thread.failWith(failure);
    this.#options.onNotice(storageEndedNotice(failure, nowMs));
    if (isHopeless) return;
    this.#restarting = this.#restart(thread, cause, nowMs);
    drop(this.#restarting, 'each attempt answers its failures as values');
  }

  async #restart(ended: WorkerClient, cause: string, endedAtMs: number): Promise<void> {
    let last = cause;
    for (const delayMs of this.#options.restartDelaysMs ?? defaultRestartDelaysMs) {
      // Two threads would write the same files.
      await Promise.all([this.#pause(delayMs), ended.exited]);
      if (this.#closing.signal.aborted) return;
      const thread = this.#startThread();
      const opened = await thread.call('open', this.#openInput());
      if (opened.ok) return this.#goOnWith(thread, cause, endedAtMs);
      last = `${cause}; it was not started again: ${opened.failure.message}`;
      await thread.close();
    }
    const failure = storageEndedFailure(last);
    ended.failWith(failure);
    this.#options.onNotice(storageEndedNotice(failure, endedAtMs));
  }

  async #goOnWith(thread: WorkerClient, cause: string, endedAtMs: number): Promise<void> {
    this.#thread = thread;
    const notice = storageBackNotice(cause, endedAtMs, this.#options.nowMs());
    this.#options.onNotice(notice);
    // Where the journal is only read the notice is still shown.
    await thread.call('commit', [{ kind: 'notice', record: notice }]);
  }

  async #pause(delayMs: number): Promise<void> {
    const { signal } = this.#closing;
    await sleep(delayMs, undefined, { ref: false, signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
