import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, type RawData } from 'ws';
import type { SourceFailure } from '#shared/failure.ts';
import { drop } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import { readBody } from '../body.ts';
import { SourceConnector } from '../connector.ts';
import { failureOfError } from '../failure-of.ts';
import { headerOf } from '../http-message.ts';
import type { SourceHttp } from '../http.ts';
import { plainText } from '../plain-text.ts';
import { retryAfterMs } from '../retry-after.ts';
import { notThisApi, sourceFailure } from '../source-failure.ts';
import type { Clock } from '#core/clock/clock.ts';
import { failureOfLoki } from './failure.ts';
import { lokiHeaders } from './schemas.ts';

/**
 * One WebSocket of one tail, with the source's address, headers and TLS: connections are opened by the
 * same connector as every other, so a pin or an authority holds here too. Used by `LokiTail`.
 */

/** Loki puts at most 100 lines of at most 256 KB into a frame; a larger frame ends the connection. */
const largestFrameBytes = 24 * 1_048_576;
const quotedBytes = 64 * 1_024;
/** The server pings every second: this much silence is a connection that is no more. */
const silenceMs = 30 * secondMs;
const checkEveryMs = 10 * secondMs;

/** How the connection ended, told once. */
export type SocketEnd =
  | { readonly kind: 'refused'; readonly failure: SourceFailure }
  | { readonly kind: 'broken'; readonly failure: SourceFailure }
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string };

export interface SocketEvents {
  readonly onOpen: () => void;
  readonly onFrame: (body: Uint8Array) => void;
  readonly onEnd: (end: SocketEnd) => void;
}

export class TailSocket {
  readonly #http: SourceHttp;
  readonly #events: SocketEvents;
  readonly #clock: Clock;
  readonly #connector: SourceConnector;
  readonly #host: string;
  readonly #socket: WebSocket;
  #heardAtMs: number;
  #cancelCheck: () => void = () => undefined;
  #isOver = false;

  constructor(http: SourceHttp, parameters: URLSearchParams, events: SocketEvents, clock: Clock) {
    this.#http = http;
    this.#events = events;
    this.#clock = clock;
    this.#connector = new SourceConnector(http.settings, { alwaysTunnel: true });
    this.#heardAtMs = clock.monotonicMs();
    const address = addressOf(http.settings.url, parameters);
    this.#host = address.host;
    this.#socket = new WebSocket(address, {
      headers: { 'user-agent': 'OpsSight', ...http.settings.headers, ...lokiHeaders },
      handshakeTimeout: http.settings.timeoutMs,
      maxPayload: largestFrameBytes,
      followRedirects: false,
      perMessageDeflate: false,
      createConnection: this.#connect,
    });
    this.#listen();
  }

  pause(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.pause();
  }

  resume(): void {
    this.#heardAtMs = this.#clock.monotonicMs();
    if (this.#socket.isPaused) this.#socket.resume();
  }

  /** Ends it without a word to anybody. */
  destroy(): void {
    this.#isOver = true;
    this.#cancelCheck();
    this.#connector.destroy();
    this.#socket.terminate();
  }

  #listen(): void {
    const socket = this.#socket;
    const heard = (): void => void (this.#heardAtMs = this.#clock.monotonicMs());
    socket.on('open', () => {
      heard();
      this.#check();
      this.#events.onOpen();
    });
    socket.on('ping', heard);
    socket.on('pong', heard);
    socket.on('message', (data: RawData) => {
      heard();
      if (!this.#isOver) this.#events.onFrame(bytesOf(data));
    });
    socket.on('unexpected-response', (request, response) => {
      drop(this.#refused(request, response), 'it tells its end itself');
    });
    socket.on('error', (error) => {
      const cause = this.#connector.refusal ?? error;
      this.#end({ kind: 'broken', failure: failureOfError(cause, this.#host) });
    });
    socket.on('close', (code, reason) => {
      this.#end({ kind: 'closed', code, reason: plainText(reason.toString('utf8')) });
    });
  }

  readonly #connect = (
    _options: unknown,
    done?: (error: Error | null, socket: Duplex) => void,
  ): undefined => {
    const { protocol, hostname, host, port } = new URL(this.#http.settings.url);
    const bare = hostname.replace(/^\[|\]$/g, '');
    this.#connector.connect({ protocol, hostname: bare, host, port }, (...[error, socket]) => {
      // Node takes an error without a socket; its types do not say so.
      done?.(error, socket as Duplex);
    });
  };

  async #refused(request: ClientRequest, response: IncomingMessage): Promise<void> {
    const { statusCode: status = 0, headers } = response;
    const body = await readBody(response, headerOf(headers, 'content-encoding'), {
      capBytes: quotedBytes,
      past: 'cut',
    });
    request.destroy();
    const failure = failureOfLoki({
      status,
      mediaType: (headerOf(headers, 'content-type').split(';')[0] ?? '').trim().toLowerCase(),
      retryAfterMs: retryAfterMs(headerOf(headers, 'retry-after') || null, this.#clock.nowMs()),
      redirectOrigin: null,
      body: body.bytes,
      isPacked: body.isPacked,
    });
    const told = failure ?? notThisApi(`The server answered ${status} and opened no WebSocket.`, status);
    this.#end({ kind: 'refused', failure: told });
  }

  #check(): void {
    this.#cancelCheck = this.#clock.after(checkEveryMs, () => {
      if (this.#isOver) return;
      if (this.#clock.monotonicMs() - this.#heardAtMs > silenceMs) this.#silent();
      else {
        this.#socket.ping();
        this.#check();
      }
    });
  }

  #silent(): void {
    const failure = sourceFailure(
      'timeout',
      `${this.#host}: the tail has been silent for ${silenceMs / secondMs} s, without even a ping.`,
      'The connection is opened anew; check the network if this repeats.',
    );
    this.#end({ kind: 'broken', failure });
  }

  #end(end: SocketEnd): void {
    if (this.#isOver) return;
    this.destroy();
    const told = end.kind === 'closed' ? end : { ...end, failure: this.#http.redacted(end.failure) };
    this.#events.onEnd(told);
  }
}

function addressOf(url: string, parameters: URLSearchParams): URL {
  const address = new URL(url);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/loki/api/v1/tail`;
  address.search = parameters.toString();
  return address;
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
