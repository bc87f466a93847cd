import * as v from 'valibot';
import { hostToWindowSchema, type HostToWindow, type WindowToHost } from '#shared/host-window.ts';
import type { Link } from '#shared/link.ts';
import { backoffMs } from './backoff.ts';
import type { Connection, ConnectionState } from './connection.ts';
import { CoreLink } from './core-link.ts';

/**
 * The desktop host's connection. The preload's one function asks for ports, and the preload posts them to
 * this window: one to the host, one to the core, and a new one of these for every core that comes to run.
 * Only what this very window posted to itself is taken: a message event says who sent it.
 */

/** What the preload puts on the window, and nothing else. */
export interface DesktopBridge {
  readonly connect: () => void;
}

/** What is used of the page's window; tests have a smaller one. */
export interface PortWindow {
  readonly location: { readonly origin: string };
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

export function openDesktopConnection(bridge: DesktopBridge, page: PortWindow): Connection {
  return new DesktopConnection(bridge, page);
}

/** Ports come at once; a host that is silent for so long is asked again. */
const answerMs = 5_000;

const portMessageSchema = v.object({
  kind: v.picklist(['opssight:ports', 'opssight:core-port']),
  generation: v.number(),
});

class DesktopConnection implements Connection {
  readonly notifiesItself = true;
  readonly #bridge: DesktopBridge;
  readonly #page: PortWindow;
  #generation = -1;
  #hostPort: MessagePort | undefined;
  #corePort: MessagePort | undefined;
  #core: CoreLink | undefined;
  #attempt = 0;
  /** Runs while an answer is awaited, or until the next try. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWaitingToRetry = false;
  #onCore: (core: Link) => void = () => undefined;
  #onState: (state: ConnectionState) => void = () => undefined;
  #onHostMessage: (message: HostToWindow) => void = () => undefined;

  constructor(bridge: DesktopBridge, page: PortWindow) {
    this.#bridge = bridge;
    this.#page = page;
  }

  readonly host: Connection['host'] = {
    send: (message: WindowToHost) => this.#hostPort?.postMessage(message),
    onMessage: (listener) => {
      this.#onHostMessage = listener;
    },
  };

  onCore(listener: (core: Link) => void): void {
    this.#onCore = listener;
  }

  onState(listener: (state: ConnectionState) => void): void {
    this.#onState = listener;
  }

  open(): void {
    this.#page.addEventListener('message', (event) => this.#portsCame(event));
    this.#ask();
  }

  retry(): void {
    if (this.#isWaitingToRetry) this.#ask();
  }

  #ask(): void {
    clearTimeout(this.#timer);
    this.#isWaitingToRetry = false;
    this.#timer = setTimeout(() => this.#lost('the app does not answer'), answerMs);
    this.#bridge.connect();
  }

  #portsCame(event: MessageEvent): void {
    // Another frame or window may post here too, and its ports would speak for host and core.
    if (event.source !== this.#page || event.origin !== this.#page.location.origin) return;
    const parsed = v.safeParse(portMessageSchema, event.data);
    if (!parsed.success) return;
    const { kind, generation } = parsed.output;
    const [first, second] = event.ports;
    if (first === undefined) return;
    if (kind === 'opssight:ports') return this.#linked(generation, first, second);
    // One that was under way while the ports were renewed belongs to the generation before.
    if (generation === this.#generation) this.#takeCorePort(first);
    else first.close();
  }

  #linked(generation: number, host: MessagePort, core: MessagePort | undefined): void {
    clearTimeout(this.#timer);
    this.#dropPorts('the window was linked anew');
    this.#generation = generation;
    this.#attempt = 0;
    this.#hostPort = host;
    host.addEventListener('message', (message) => this.#hostSaid(message.data));
    host.addEventListener('close', () => {
      if (this.#hostPort === host) this.#lost('the app ended the link');
    });
    this.#onState({ kind: 'open' });
    host.start();
    if (core !== undefined) this.#takeCorePort(core);
  }

  #takeCorePort(port: MessagePort): void {
    this.#endCore('the core was started again');
    this.#corePort = port;
    const link = new CoreLink(
      (message) => port.postMessage(message),
      () => this.#lost('a message that is not of this protocol'),
    );
    this.#core = link;
    this.#onCore(link);
    port.addEventListener('message', (message) => link.receive(message.data));
    port.addEventListener('close', () => link.end('the core is gone'));
    port.start();
  }

  #hostSaid(message: unknown): void {
    const parsed = v.safeParse(hostToWindowSchema, message);
    if (!parsed.success) return;
    if (parsed.output.kind === 'core-state' && parsed.output.state !== 'running')
      this.#endCore(parsed.output.message);
    this.#onHostMessage(parsed.output);
  }

  #lost(reason: string): void {
    clearTimeout(this.#timer);
    this.#dropPorts(reason);
    this.#attempt++;
    const delayMs = backoffMs(this.#attempt);
    this.#isWaitingToRetry = true;
    this.#onState({ kind: 'lost', reason, nextTryAtMs: Date.now() + delayMs });
    this.#timer = setTimeout(() => this.#ask(), delayMs);
  }

  #dropPorts(reason: string): void {
    const host = this.#hostPort;
    this.#hostPort = undefined;
    host?.close();
    this.#endCore(reason);
  }

  #endCore(reason: string): void {
    this.#core?.end(reason);
    this.#core = undefined;
    this.#corePort?.close();
    this.#corePort = undefined;
  }
}
