import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { drop } from '#shared/result.ts';

/**
 * A small HTTP server on the loopback for the demo's APIs: reads a request whole, within bounds, and sends
 * what the handler answers. It knows nothing of either API.
 */
export interface HttpRequest {
  readonly method: string;
  /** Decoded path, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The media type of the body, without parameters, lower case. */
  readonly contentType: string;
  readonly body: string;
  /** Names in lower case; only of requests that came over the network. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
}

export interface HttpResponse {
  readonly status: number;
  /** Empty where the answer has no body. */
  readonly contentType: string;
  readonly body: string;
}

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  close(): Promise<void>;
}

const mostBodyBytes = 1_048_576;
const loopbackNames = new Set(['127.0.0.1', 'localhost']);

export function plainText(status: number, body: string): HttpResponse {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

export function json(status: number, value: unknown): HttpResponse {
  return jsonText(status, JSON.stringify(value));
}

/** @param body JSON as written. */
export function jsonText(status: number, body: string): HttpResponse {
  return { status, contentType: 'application/json', body };
}

/** Takes over a connection that asks for another protocol; has to end the socket where it does not. */
export type UpgradeHandler = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * @param port 0 for any free one.
 * @param upgrade without it, a request to upgrade is answered like any other.
 * @returns a promise that fails where the port cannot be had.
 */
export async function serveOnLoopback(
  port: number,
  handle: (request: HttpRequest) => HttpResponse,
  upgrade?: UpgradeHandler,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    drop(answer(request, response, handle), 'the response carries what went wrong');
  });
  const upgraded = new Set<Duplex>();
  if (upgrade !== undefined) {
    server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      upgraded.add(socket);
      socket.once('close', () => upgraded.delete(socket));
      // A client that goes away is no failure of the server.
      socket.on('error', () => undefined);
      if (isForLoopback(incoming)) upgrade(incoming, socket, head);
      else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    });
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actualPort } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actualPort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (request: HttpRequest) => HttpResponse,
): Promise<void> {
  const { status, contentType, body } = await responseTo(request, handle);
  if (response.destroyed) return;
  response.writeHead(status, {
    ...(contentType === '' ? {} : { 'Content-Type': contentType }),
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function responseTo(
  request: IncomingMessage,
  handle: (request: HttpRequest) => HttpResponse,
): Promise<HttpResponse> {
  if (!isForLoopback(request)) return plainText(403, 'not a loopback host\n');
  const target = URL.parse(request.url ?? '', 'http://127.0.0.1');
  if (target === null) return plainText(400, 'not a request target\n');
  const body = await bodyOf(request);
  if (body === undefined) return plainText(413, 'http: request body too large\n');
  return handle({
    method: request.method ?? 'GET',
    path: decodedPath(target.pathname),
    query: target.searchParams,
    contentType: (request.headers['content-type'] ?? '').replace(/;.*/, '').trim().toLowerCase(),
    body,
    headers: request.headers,
  });
}

/** A page of another site that points its own name at this address must not get to the demo. */
function isForLoopback(request: IncomingMessage): boolean {
  return loopbackNames.has((request.headers.host ?? '').replace(/:\d+$/, ''));
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // Not percent-encoding: the path as it came matches no route.
    return path;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBodyBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    // The client went away in the middle; nobody reads the answer.
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
