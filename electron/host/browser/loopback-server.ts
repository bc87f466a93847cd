import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import type { FileTable } from '../window-files.ts';
import { readCookie } from './cookie.ts';
import { judge, type Refusal } from './door.ts';
import type { LinkDoor } from './link-door.ts';
import { answerFile, answerRefusal, refuseConnection } from './answers.ts';
import { answerSession } from './session-endpoint.ts';
import type { Session, Sessions } from './sessions.ts';

/**
 * The HTTP server of the browser host: on 127.0.0.1 only, and behind the door. It gives files of two
 * fixed tables, sessions, and links; there is nothing else that it can do.
 */

export interface LoopbackServerOptions {
  /** The one port to use, or undefined for the default and, where that is taken, the next free one. */
  readonly port: number | undefined;
  readonly sessions: Sessions;
  readonly links: LinkDoor;
  /** What a session gets. */
  readonly files: FileTable;
  /** What anybody on this machine gets. */
  readonly openingFiles: FileTable;
  readonly timeouts?: ServerTimeouts;
}

/** How long a client may take for its headers and for its whole request, and how often that is checked. */
export interface ServerTimeouts {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly checkMs: number;
}

export interface LoopbackServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

const loopback = '127.0.0.1';
const defaultPort = 4780;
const defaultPortTries = 20;
const defaultTimeouts: ServerTimeouts = { headersMs: 5_000, requestMs: 10_000, checkMs: 1_000 };
const maxHeaderBytes = 16_384;
const maxHeaders = 64;
const maxConnections = 128;

/** @returns the listening server, or why it could not listen. */
export async function startLoopbackServer(
  options: LoopbackServerOptions,
): Promise<Result<LoopbackServer, string>> {
  const timeouts = options.timeouts ?? defaultTimeouts;
  const server = createServer({
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    connectionsCheckingInterval: timeouts.checkMs,
    maxHeaderSize: maxHeaderBytes,
    // The door refuses a request without a host, with all of the headers that a refusal carries.
    requireHostHeader: false,
    insecureHTTPParser: false,
  });
  server.maxHeadersCount = maxHeaders;
  server.maxConnections = maxConnections;
  const listening = await listen(server, options.port);
  if (!listening.ok) return listening;
  const desk = new Desk(options, listening.value);
  server.on('request', (request, response) => desk.request(request, response));
  server.on('checkContinue', (request, response) => desk.request(request, response));
  server.on('checkExpectation', (request, response) => desk.request(request, response));
  server.on('upgrade', (request, connection, head) => desk.upgrade(request, connection, head));
  server.on('clientError', (error, connection) => desk.clientError(error, connection));
  return success({ port: listening.value, close: () => closeServer(server, options.links) });
}

class Desk {
  readonly #options: LoopbackServerOptions;
  readonly #port: number;
  readonly #authority: string;

  constructor(options: LoopbackServerOptions, port: number) {
    this.#options = options;
    this.#port = port;
    this.#authority = `${loopback}:${port}`;
  }

  request(request: IncomingMessage, response: ServerResponse): void {
    const verdict = judge(headOf(request), this.#authority, false);
    if (verdict.kind === 'refused') return answerRefusal(response, verdict.refusal, this.#authority);
    const session = this.#sessionOf(request);
    if (verdict.kind === 'session') {
      const context = {
        sessions: this.#options.sessions,
        session,
        port: this.#port,
        authority: this.#authority,
      };
      return answerSession(request, response, context);
    }
    const ownFile = session === undefined ? undefined : this.#options.files.get(verdict.path);
    const file = ownFile ?? this.#options.openingFiles.get(verdict.path);
    if (file !== undefined) return answerFile(response, file, request.method === 'HEAD', this.#authority);
    const refusal = session === undefined ? noSession : { status: 404, reason: 'no such file' };
    answerRefusal(response, refusal, this.#authority);
  }

  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    // Until the handshake is over nobody else listens for the connection's errors.
    connection.on('error', () => connection.destroy());
    const verdict = judge(headOf(request), this.#authority, true);
    if (verdict.kind === 'refused') return refuseConnection(connection, verdict.refusal, this.#authority);
    const session = this.#sessionOf(request);
    if (session === undefined) return refuseConnection(connection, noSession, this.#authority);
    if (this.#options.links.isFull) return refuseConnection(connection, tooManyLinks, this.#authority);
    this.#options.links.accept(request, connection, head, session);
  }

  clientError(error: NodeJS.ErrnoException, connection: Duplex): void {
    refuseConnection(connection, clientRefusals.get(error.code ?? '') ?? unreadable, this.#authority);
  }

  #sessionOf(request: IncomingMessage): Session | undefined {
    return this.#options.sessions.find(readCookie(request.headers.cookie, this.#port));
  }
}

const noSession: Refusal = { status: 403, reason: 'open the address that the console printed' };
const tooManyLinks: Refusal = { status: 503, reason: 'too many windows are open' };
const unreadable: Refusal = { status: 400, reason: 'the request cannot be read' };
const clientRefusals = new Map<string, Refusal>([
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, reason: 'the request took too long' }],
  ['HPE_HEADER_OVERFLOW', { status: 431, reason: 'the headers are too large' }],
]);

function headOf(request: IncomingMessage) {
  return { method: request.method ?? '', target: request.url ?? '', rawHeaders: request.rawHeaders };
}

async function listen(server: Server, port: number | undefined): Promise<Result<number, string>> {
  const last = defaultPort + defaultPortTries;
  const candidates =
    port === undefined ? [...Array(defaultPortTries).keys()].map((offset) => defaultPort + offset) : [port];
  for (const candidate of candidates) {
    const problem = await tryListen(server, candidate);
    if (problem === undefined) return success((server.address() as AddressInfo).port);
    if (problem.code !== 'EADDRINUSE' && problem.code !== 'EACCES') return failed(messageOf(problem));
  }
  return failed(
    port === undefined
      ? `the ports ${defaultPort} to ${last - 1} are all taken; choose one with --port`
      : `port ${port} is taken or not allowed; choose another with --port, or leave it out`,
  );
}

function tryListen(server: Server, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException): void => resolve(error);
    server.once('error', fail);
    server.listen({ host: loopback, port }, () => {
      server.off('error', fail);
      resolve(undefined);
    });
  });
}

function closeServer(server: Server, links: LinkDoor): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    links.close();
    server.closeAllConnections();
  });
}
