import type { RawData, WebSocket } from 'ws';
import type { WireFrame } from '#shared/wire.ts';

/**
 * One window's WebSocket after it proved who it is: frames in and out, a heartbeat that finds dead
 * connections, and an end for a window that no longer reads. It does not know what the frames mean.
 */

export interface WindowLinkListener {
  opened(link: WindowLink): void;
  frame(link: WindowLink, frame: WireFrame): void;
  closed(link: WindowLink): void;
}

export interface WindowLinkLimits {
  readonly tickMs: number;
  /** Between pings; one that is not answered until the next ends the link. */
  readonly pingMs: number;
  /** What may wait to be read by the window, in bytes, for at most `behindMs`. */
  readonly behindBytes: number;
  readonly behindMs: number;
  /** What may wait at any time, in bytes. */
  readonly mostBytes: number;
}

export const windowLinkLimits: WindowLinkLimits = {
  tickMs: 1_000,
  pingMs: 15_000,
  behindBytes: 8 * 1_048_576,
  behindMs: 10_000,
  mostBytes: 64 * 1_048_576,
};

const policyViolation = 1008;
const maxReasonBytes = 120;
const closeGraceMs = 500;

export class WindowLink {
  readonly id: number;
  readonly #socket: WebSocket;
  readonly #limits: WindowLinkLimits;
  readonly #tick: NodeJS.Timeout;
  #sinceAnsweredPingMs = 0;
  #awaitsPong = false;
  #behindSinceMs = 0;

  constructor(id: number, socket: WebSocket, listener: WindowLinkListener, limits: WindowLinkLimits) {
    this.id = id;
    this.#socket = socket;
    this.#limits = limits;
    this.#tick = setInterval(() => this.#check(), limits.tickMs);
    socket.on('pong', () => (this.#awaitsPong = false));
    socket.on('message', (data, isBinary) => {
      // Until the other end answers a close, what it sends still arrives; it is not heard any more.
      if (socket.readyState === socket.OPEN) listener.frame(this, frameOf(data, isBinary));
    });
    socket.on('close', () => {
      clearInterval(this.#tick);
      listener.closed(this);
    });
    listener.opened(this);
  }

  send(frame: WireFrame): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(frame);
    if (this.#socket.bufferedAmount > this.#limits.mostBytes) this.#socket.terminate();
  }

  /** Ends the link; the window may connect again. */
  close(reason: string, code = policyViolation): void {
    closeSocket(this.#socket, code, reason);
  }

  #check(): void {
    const { tickMs, pingMs, behindBytes, behindMs } = this.#limits;
    this.#behindSinceMs = this.#socket.bufferedAmount > behindBytes ? this.#behindSinceMs + tickMs : 0;
    this.#sinceAnsweredPingMs += tickMs;
    if (this.#behindSinceMs > behindMs) return this.#socket.terminate();
    if (this.#sinceAnsweredPingMs < pingMs) return;
    if (this.#awaitsPong) return this.#socket.terminate();
    this.#sinceAnsweredPingMs = 0;
    this.#awaitsPong = true;
    this.#socket.ping();
  }
}

/** Closes with a reason, cut to what a close frame holds, and makes sure of it when the other end is silent. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, Buffer.from(reason).subarray(0, maxReasonBytes).toString());
  const silent = setTimeout(() => socket.terminate(), closeGraceMs);
  socket.once('close', () => clearTimeout(silent));
}

/** With the server's settings `ws` gives every message as one Buffer. */
function frameOf(data: RawData, isBinary: boolean): WireFrame {
  const bytes = data as Buffer;
  return isBinary ? new Uint8Array(bytes) : bytes.toString('utf8');
}
