import { createServer as createHttpServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Cleanup } from './cleanup.ts';
import type { KeyPair } from './certificates.ts';
import { healthy, type Fault } from './faults.ts';
import type { FakeKind } from './healthy-answers.ts';

/** A server on 127.0.0.1 that behaves as one fault says, remembers what it was asked, and can change. */

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly atMs: number;
}

export interface FaultyServerOptions {
  readonly kind: FakeKind;
  readonly fault?: Fault;
  readonly tls?: KeyPair & {
    /** Ask for a client certificate of this authority and refuse any other. */
    readonly clientAuthority?: string;
  };
  /** Zero or left out for any free port. */
  readonly port?: number;
}

export class FaultyServer {
  readonly requests: ReceivedRequest[] = [];
  fault: Fault;
  readonly #server: Server;
  readonly #scheme: string;
  /** Connections accepted so far. */
  connections = 0;

  constructor({ kind, fault = healthy, tls }: FaultyServerOptions) {
    this.fault = fault;
    this.#scheme = tls === undefined ? 'http' : 'https';
    this.#server = tls === undefined ? createHttpServer() : createHttpsServer(tlsOptions(tls));
    this.#server.on('connection', () => this.connections++);
    this.#server.on('tlsClientError', () => undefined);
    this.#server.on('clientError', (_error, socket) => socket.end('HTTP/1.0 400 Bad Request\r\n\r\n'));
    this.#server.on('request', (request, response) => {
      const { method = '', url: path = '', headers } = request;
      this.requests.push({ method, path, headers, atMs: performance.now() });
      response.on('error', () => undefined);
      this.fault(request, response, kind);
    });
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  async openConnections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
    });
  }

  /** As a crash would: every connection ends at once, the server goes on. */
  dropConnections(): void {
    this.#server.closeAllConnections();
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }
}

function tlsOptions(tls: NonNullable<FaultyServerOptions['tls']>): object {
  return {
    cert: tls.certificate,
    key: tls.key,
    ...(tls.clientAuthority === undefined
      ? {}
      : { ca: tls.clientAuthority, requestCert: true, rejectUnauthorized: true }),
  };
}

/** Starts one and puts it away with the test. */
export async function startFaultyServer(
  options: FaultyServerOptions,
  cleanup: Pick<Cleanup, 'add'>,
): Promise<FaultyServer> {
  const server = new FaultyServer(options);
  await server.listen(options.port ?? 0);
  cleanup.add(() => server.close());
  return server;
}
