import { Worker } from 'node:worker_threads';
import { threadEnvironment } from '#core/threads/thread-environment.ts';
import { drop, failed, messageOf, success, type Result } from '#shared/result.ts';
import type { MatcherMode } from '#shared/routing/matchers/read-matchers.ts';
import type { RoutingConfiguration } from '#shared/routing/model.ts';
import { secondMs } from '#shared/time.ts';
import type { FromRoutingThread, ToRoutingThread } from './routing-protocol.ts';

/**
 * Reads configurations on a thread, which there is only while there is something to read: they change seldom,
 * and a large one takes longer than the core may stand still. One at a time; whoever asks waits in turn.
 */
export interface ConfigurationReaderOptions {
  /** A text that takes longer is given up. */
  readonly longestMs: number;
  readonly script: URL;
}

const defaults: ConfigurationReaderOptions = {
  longestMs: 20 * secondMs,
  script: new URL('./routing-worker.ts', import.meta.url),
};
const mostWaiting = 16;

/** @returns what the text says, or a sentence about why it could not be read at all. */
export type ReadConfiguration = (
  text: string,
  version: string,
) => Promise<Result<RoutingConfiguration, string>>;

export class ConfigurationReader {
  readonly #options: ConfigurationReaderOptions;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #worker: Worker | null = null;
  #isClosed = false;

  constructor(options: Partial<ConfigurationReaderOptions> = {}) {
    this.#options = { ...defaults, ...options };
  }

  /** @param version of the server that told the text; empty for the newest. */
  read(text: string, version: string): ReturnType<ReadConfiguration> {
    if (this.#waiting >= mostWaiting)
      return Promise.resolve(failed('too many configurations wait to be read'));
    this.#waiting += 1;
    const reading = this.#turn.then(() => this.#readNow({ text, mode: matcherModeOf(version) }));
    this.#turn = reading.finally(() => (this.#waiting -= 1));
    return reading;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
    await this.#turn;
  }

  #readNow(request: ToRoutingThread): Promise<Result<RoutingConfiguration, string>> {
    if (this.#isClosed) return Promise.resolve(failed('the console is ending'));
    const worker = new Worker(this.#options.script, {
      name: 'routing',
      env: threadEnvironment(),
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    this.#worker = worker;
    return new Promise((resolve) => {
      const end = (outcome: Result<RoutingConfiguration, string>): void => {
        clearTimeout(deadline);
        this.#worker = null;
        drop(worker.terminate(), 'nobody waits for the end of a thread that has answered');
        resolve(outcome);
      };
      const deadline = setTimeout(
        () => end(failed(`it could not be read within ${this.#options.longestMs / secondMs} s`)),
        this.#options.longestMs,
      );
      worker.once('message', (configuration: FromRoutingThread) => end(success(configuration)));
      worker.once('error', (error) => end(failed(`the thread that read it broke down: ${messageOf(error)}`)));
      worker.once('exit', () => end(failed('the thread that read it ended')));
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(request);
    });
  }
}

/** From 0.27 a server reads matchers by both syntaxes, unless it was told otherwise, which it does not say. */
function matcherModeOf(version: string): MatcherMode {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major === '0' && Number(minor) < 27 ? 'classic' : 'fallback';
}
