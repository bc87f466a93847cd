import { WebSocket } from 'ws';
import { eventually } from '#support/eventually.ts';

/**
 * Looks into a running core from outside, by Node's inspector, how long its event loop stood still. The core is
 * the product's own, started as a person starts it: nothing of this is in it.
 */
const inspectorUrl = 'http://127.0.0.1:9229/json';

export class CoreStalls {
  readonly #socket: WebSocket;
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async watch(corePid: number): Promise<CoreStalls> {
    process.kill(corePid, 'SIGUSR1');
    const address = await eventually('the core’s inspector answers', async () => {
      const answer = await fetch(inspectorUrl).catch(() => undefined);
      const [target] = ((await answer?.json()) ?? []) as { webSocketDebuggerUrl: string }[];
      return target?.webSocketDebuggerUrl;
    });
    const socket = new WebSocket(address);
    await new Promise((resolve) => socket.once('open', resolve));
    const stalls = new CoreStalls(socket);
    await stalls.#evaluate(
      `const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
       globalThis.stalls = monitorEventLoopDelay({ resolution: 1 }); globalThis.stalls.enable(); 0`,
    );
    return stalls;
  }

  /** The longest since it was asked last, milliseconds. */
  async longestMs(): Promise<number> {
    return await this.#evaluate(`(() => { const max = stalls.max; stalls.reset(); return max / 1e6; })()`);
  }

  close(): void {
    this.#socket.close();
  }

  async #evaluate(expression: string): Promise<number> {
    const { result, exceptionDetails } = await this.ask('Runtime.evaluate', { expression });
    if (exceptionDetails !== undefined)
      throw new Error(`the core could not be looked into: ${exceptionDetails.text}`);
    return result?.value ?? Number.NaN;
  }

  ask(method: string, params: object): Promise<Evaluated> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const listener = (data: Buffer): void => {
        const answer = JSON.parse(data.toString()) as { id?: number; result?: Evaluated };
        if (answer.id !== id) return;
        this.#socket.off('message', listener);
        resolve(answer.result ?? {});
      };
      this.#socket.on('message', listener);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

interface Evaluated {
  readonly result?: { readonly value?: number };
  readonly exceptionDetails?: { readonly text: string };
}
