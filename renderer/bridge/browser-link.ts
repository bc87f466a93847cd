import * as v from 'valibot';
import {
  linkGreeting,
  linkPath,
  linkProtocol,
  sessionAnswerSchema,
  sessionPath,
} from '#shared/browser-link.ts';
import { hostToWindowSchema, type HostToWindow } from '#shared/host-window.ts';
import type { Link } from '#shared/link.ts';
import { decodeWire, encodeWire, type WireChannel, type WireFrame } from '#shared/wire.ts';
import { backoffMs } from './backoff.ts';
import type { Connection, ConnectionState } from './connection.ts';
import { CoreLink } from './core-link.ts';

/**
 * The browser host's connection: a session asked with the cookie, then one WebSocket with two channels,
 * opened again with back-off for as long as the window lives. Every `hello` of a core begins a new link;
 * the one before has ended when the host says that the core does not run.
 */

export interface BrowserConnectionOptions {
  readonly location: { readonly host: string; readonly protocol: string };
}

export function openBrowserConnection(options: BrowserConnectionOptions): Connection {
  return new BrowserConnection(options.location);
}

const refusedRetryMs = 10_000;

class BrowserConnection implements Connection {
  readonly #socketUrl: string;
  #socket: WebSocket | undefined;
  #core: CoreLink | undefined;
  #attempt = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #onCore: (core: Link) => void = () => undefined;
  #onState: (state: ConnectionState) => void = () => undefined;
  #onHostMessage: (message: HostToWindow) => void = () => undefined;

  constructor(location: BrowserConnectionOptions['location']) {
    this.#socketUrl = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${linkPath}`;
  }

  readonly host: Connection['host'] = {
    send: (message) => this.#send('host', message),
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
    void this.#connect();
  }

  retry(): void {
    if (this.#retryTimer === undefined) return;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    void this.#connect();
  }

  async #connect(): Promise<void> {
    const session = await askSession();
    if (session.kind === 'refused') return this.#refused();
    if (session.kind === 'failed') return this.#lost(session.reason);
    const socket = new WebSocket(this.#socketUrl, [linkProtocol]);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.addEventListener('open', () => {
      socket.send(linkGreeting(session.linkToken));
      this.#attempt = 0;
      this.#onState({ kind: 'open' });
    });
    socket.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
      this.#receive(typeof event.data === 'string' ? event.data : new Uint8Array(event.data));
    });
    socket.addEventListener('close', (event) => {
      this.#lost(event.reason === '' ? 'the console’s host does not answer' : event.reason);
    });
  }

  /** Another window of this browser may be let in again, and the cookie is shared: it is worth asking. */
  #refused(): void {
    this.#onState({ kind: 'refused' });
    this.#retryTimer = setTimeout(() => this.retry(), refusedRetryMs);
  }

  #lost(reason: string): void {
    this.#socket = undefined;
    this.#endCore(reason);
    this.#attempt++;
    const delayMs = backoffMs(this.#attempt);
    this.#onState({ kind: 'lost', reason, nextTryAtMs: Date.now() + delayMs });
    this.#retryTimer = setTimeout(() => this.retry(), delayMs);
  }

  #receive(frame: WireFrame): void {
    const wire = decodeWire(frame);
    if (wire === undefined)
      return this.#socket?.close(4_002, 'the host sent a frame that is not of this protocol');
    if (wire.channel === 'core') return this.#receiveCore(wire.message);
    const parsed = v.safeParse(hostToWindowSchema, wire.message);
    if (!parsed.success) return;
    if (parsed.output.kind === 'core-state' && parsed.output.state !== 'running')
      this.#endCore(parsed.output.message);
    this.#onHostMessage(parsed.output);
  }

  #receiveCore(message: unknown): void {
    if (isHello(message)) {
      this.#endCore('the core was started again');
      this.#core = new CoreLink(
        (out) => this.#send('core', out),
        (reason) => this.#socket?.close(4_000, reason.slice(0, 40)),
      );
      this.#onCore(this.#core);
    }
    this.#core?.receive(message);
  }

  #endCore(reason: string): void {
    this.#core?.end(reason);
    this.#core = undefined;
  }

  #send(channel: WireChannel, message: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encodeWire(channel, message));
  }
}

type SessionAnswer =
  | { readonly kind: 'session'; readonly linkToken: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly reason: string };

/** The cookie says who we are; the token it buys opens one socket. */
async function askSession(): Promise<SessionAnswer> {
  try {
    const response = await fetch(sessionPath, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    if (response.status === 401 || response.status === 403) return { kind: 'refused' };
    if (!response.ok) return { kind: 'failed', reason: `the console’s host answered ${response.status}` };
    const parsed = v.safeParse(sessionAnswerSchema, await response.json());
    if (!parsed.success) return { kind: 'failed', reason: 'the console’s host answered what is no session' };
    return { kind: 'session', linkToken: parsed.output.linkToken };
  } catch {
    // fetch and json() reject alike when the host is gone; the browser gives no better reason.
    return { kind: 'failed', reason: 'the console’s host does not answer' };
  }
}

function isHello(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && (message as { frame?: unknown }).frame === 'hello'
  );
}
