import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { KeyPair } from './certificates.ts';
import type { Cleanup } from './cleanup.ts';

/** A small real HTTP proxy: forwards requests with a whole address, and makes tunnels. */
export interface ProxyDouble {
  /** `http://127.0.0.1:PORT`, or https where it has a certificate. */
  readonly url: string;
  readonly host: string;
  /** What was asked of it: `GET http://…` and `CONNECT host:port`. */
  readonly asked: string[];
  /** The `Proxy-Authorization` of each. */
  readonly credentials: (string | undefined)[];
}

export interface ProxyOptions {
  /** `user:password` to insist on. */
  readonly credentials?: string;
  readonly certificate?: KeyPair;
  /** Answers this to every wish. */
  readonly status?: number;
  /** Says this in the place of an answer to CONNECT. */
  readonly says?: string;
  /** Never answers CONNECT. */
  readonly silent?: boolean;
}

export async function startProxy(options: ProxyOptions, cleanup: Cleanup): Promise<ProxyDouble> {
  const { certificate, credentials, status = 0 } = options;
  const asked: string[] = [];
  const shown: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const wanted = credentials === undefined ? '' : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const refusal = (message: IncomingMessage): number => {
    asked.push(`${message.method} ${message.url}`);
    shown.push(message.headers['proxy-authorization']);
    if (status !== 0) return status;
    return wanted !== '' && message.headers['proxy-authorization'] !== wanted ? 407 : 0;
  };
  const forward = (message: IncomingMessage, response: ServerResponse): void => {
    const refused = refusal(message);
    if (refused !== 0) return void response.writeHead(refused).end('no');
    const headers = { ...message.headers };
    delete headers['proxy-authorization'];
    const passed = request(message.url ?? '', { method: message.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.writeHead(502).end());
    message.pipe(passed);
  };
  const server =
    certificate === undefined
      ? createServer(forward)
      : createSecureServer({ cert: certificate.certificate, key: certificate.key }, forward);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (message: IncomingMessage, socket: Socket) => {
    socket.on('error', () => undefined);
    const refused = refusal(message);
    if (options.silent === true) return;
    if (options.says !== undefined) return void socket.end(options.says);
    if (refused !== 0) return void socket.end(`HTTP/1.1 ${refused} No\r\n\r\n`);
    const [host = '', port = ''] = (message.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    sockets.add(onward);
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://${host}`,
    host,
    asked,
    credentials: shown,
  };
}
