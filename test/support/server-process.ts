import { spawn, type ChildProcess } from 'node:child_process';
import type { Cleanup } from './cleanup.ts';
import { eventually } from './eventually.ts';

export interface ServerOptions {
  readonly name: string;
  /** The program with its first arguments. */
  readonly command: readonly [file: string, ...args: string[]];
  readonly args: readonly string[];
  /** Where it answers its clients. */
  readonly url: string;
  /** Answers 200 once the server serves. */
  readonly readyUrl: string;
}

/** A real server in a process of its own, which can be ended and started again on its port and data. */
export class ServerProcess {
  readonly url: string;
  readonly #options: ServerOptions;
  #child: ChildProcess | undefined;
  #output = '';

  constructor(options: ServerOptions, cleanup: Cleanup) {
    this.#options = options;
    this.url = options.url;
    cleanup.add(() => this.kill());
  }

  /** Resolves when it serves. */
  async start(): Promise<this> {
    const { name, args, readyUrl } = this.#options;
    const [file, ...first] = this.#options.command;
    const child = spawn(file, [...first, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-20_000);
      });
    await eventually(`${name} serves at ${readyUrl}`, async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended: ${this.#output}`);
      const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) });
      return answer.ok ? true : undefined;
    });
    return this;
  }

  /** Ends it in order, as a restart of the service would. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Ends it at once, as a lost machine would. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  }
}
