import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { linkGreeting, linkProtocol } from '#shared/browser-link.ts';
import { sameSecret, type Session } from './sessions.ts';
import {
  closeSocket,
  WindowLink,
  windowLinkLimits,
  type WindowLinkLimits,
  type WindowLinkListener,
} from './window-link.ts';

/**
 * Turns accepted upgrades into window links: the WebSocket handshake, the greeting with the session's
 * link token, and a bound on how many there are. Host, Origin and cookie were checked before it.
 */

export interface LinkDoorLimits extends WindowLinkLimits {
  readonly maxLinks: number;
  readonly maxFrameBytes: number;
  readonly greetingMs: number;
}

export const linkDoorLimits: LinkDoorLimits = {
  ...windowLinkLimits,
  maxLinks: 16,
  maxFrameBytes: 2 * 1_048_576,
  greetingMs: 5_000,
};

const goingAway = 1001;
const policyViolation = 1008;

export class LinkDoor {
  readonly #listener: WindowLinkListener;
  readonly #limits: LinkDoorLimits;
  readonly #server: WebSocketServer;
  readonly #sockets = new Set<WebSocket>();
  #nextId = 1;

  constructor(listener: WindowLinkListener, limits: LinkDoorLimits = linkDoorLimits) {
    this.#listener = listener;
    this.#limits = limits;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: limits.maxFrameBytes,
      handleProtocols: () => linkProtocol,
    });
  }

  get isFull(): boolean {
    return this.#sockets.size >= this.#limits.maxLinks;
  }

  /** Completes the handshake of a request that may come in. */
  accept(request: IncomingMessage, connection: Duplex, head: Buffer, session: Session): void {
    this.#server.handleUpgrade(request, connection, head, (socket) => {
      this.#sockets.add(socket);
      // What breaks the protocol (size, UTF-8, masking) is answered and closed by `ws`; 'close' follows.
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
      this.#awaitGreeting(socket, session);
    });
  }

  /** Ends all links; windows try again by themselves. */
  close(): void {
    for (const socket of this.#sockets) closeSocket(socket, goingAway, 'the host ends');
  }

  #awaitGreeting(socket: WebSocket, session: Session): void {
    const late = setTimeout(
      () => closeSocket(socket, policyViolation, 'no greeting'),
      this.#limits.greetingMs,
    );
    socket.once('close', () => clearTimeout(late));
    socket.once('message', (data, isBinary) => {
      clearTimeout(late);
      const greeting = isBinary ? '' : (data as Buffer).toString('utf8');
      if (!sameSecret(greeting, linkGreeting(session.linkToken)))
        return closeSocket(socket, policyViolation, 'wrong greeting');
      session.links++;
      socket.once('close', () => {
        session.links--;
        session.lastUsedAtMs = Date.now();
      });
      // The link lives with the socket's own events.
      void new WindowLink(this.#nextId++, socket, this.#listener, this.#limits);
    });
  }
}
