import type { MessageChannelMain, MessageEvent, MessagePortMain, WebContents } from 'electron';
import * as v from 'valibot';
import { windowToHostSchema, type HostToWindow, type WindowToHost } from '#shared/host-window.ts';
import type { CoreState } from '../supervisor.ts';
import type { DesktopShell } from './desktop-parts.ts';
import { RateLimit } from './rate-limit.ts';

/**
 * The window's two ports. One ends here: what the host and the window tell each other, checked as if it
 * were from a stranger, because a page that was taken over would speak through it. The other one's end is
 * handed to the core, and nothing of it is ever seen here. Each load of the page gets new ones, and each
 * core that comes to run gets a new one of the second kind.
 */

export interface WindowPortsOptions {
  readonly makeChannel: () => MessageChannelMain;
  /** Gives the core its end. @returns false where no core runs. */
  readonly handToCore: (port: MessagePortMain) => boolean;
  readonly coreState: () => CoreState;
  readonly onMessage: (message: WindowToHost) => void;
  readonly onLinked: () => void;
  readonly log: DesktopShell['log'];
}

/** A window says little; a thousand messages in a second are no person's doing. */
const burst = 200;
const perSecond = 100;

interface Linked {
  readonly contents: WebContents;
  readonly generation: number;
  readonly host: MessagePortMain;
  readonly limit: RateLimit;
}

export class WindowPorts {
  readonly #options: WindowPortsOptions;
  #linked: Linked | undefined;
  #generation = 0;

  constructor(options: WindowPortsOptions) {
    this.#options = options;
  }

  get isLinked(): boolean {
    return this.#linked !== undefined;
  }

  /** The page in this window asked for its ports. Those of the page before it are closed. */
  connect(contents: WebContents): void {
    this.close();
    const { port1: host, port2: theirs } = this.#options.makeChannel();
    this.#generation++;
    const linked = { contents, generation: this.#generation, host, limit: new RateLimit(burst, perSecond) };
    this.#linked = linked;
    host.on('message', (event) => this.#receive(linked, event));
    host.on('close', () => {
      if (this.#linked === linked) this.#linked = undefined;
    });
    host.start();
    const core = this.#corePort();
    const ports = core === undefined ? [theirs] : [theirs, core];
    contents.postMessage('opssight:ports', { generation: linked.generation }, ports);
    this.send(this.#options.coreState());
    this.#options.onLinked();
  }

  coreStateChanged(state: CoreState): void {
    if (this.#linked === undefined) return;
    this.send(state);
    if (state.state !== 'running') return;
    const core = this.#corePort();
    const { contents, generation } = this.#linked;
    if (core !== undefined && !contents.isDestroyed())
      contents.postMessage('opssight:core-port', { generation }, [core]);
  }

  /** Dropped where the window is not linked; what must not be lost is said again in `onLinked`. */
  send(message: HostToWindow): void {
    this.#linked?.host.postMessage(message);
  }

  /** The page is gone or its ports are to be renewed. */
  close(): void {
    const linked = this.#linked;
    this.#linked = undefined;
    linked?.host.close();
  }

  /** @returns the window's end of a channel whose other end the core now has. */
  #corePort(): MessagePortMain | undefined {
    if (this.#options.coreState().state !== 'running') return undefined;
    const { port1, port2 } = this.#options.makeChannel();
    if (this.#options.handToCore(port1)) return port2;
    port1.close();
    return undefined;
  }

  #receive(linked: Linked, event: MessageEvent): void {
    if (this.#linked !== linked) return;
    if (!linked.limit.take()) return this.#refuse(linked, 'too many messages');
    // SECURITY: ports sent along are of no use here, and not closing them would keep them alive.
    for (const port of event.ports) port.close();
    const parsed = v.safeParse(windowToHostSchema, event.data);
    if (!parsed.success) return this.#refuse(linked, 'a message that is not of this protocol');
    this.#options.onMessage(parsed.output);
  }

  /** Ends the link; a window in its right mind asks for a new one. */
  #refuse(linked: Linked, reason: string): void {
    this.#options.log('window.refused', { reason });
    if (this.#linked === linked) this.close();
  }
}
