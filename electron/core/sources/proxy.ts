import { request } from 'node:http';
import { isIP, type Socket } from 'node:net';
import tls, { type SecureContext, type TLSSocket } from 'node:tls';
import type { Duplex } from 'node:stream';
import { messageOf } from '#shared/result.ts';
import { plainText } from './plain-text.ts';
import { ProxyFailed } from './proxy-failure.ts';
import { isTlsCode } from './tls-failure.ts';

/** An HTTP proxy, and tunnels through it (RFC 9110, CONNECT). Used by the connector only. */

export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** Whether the proxy itself is spoken to in TLS. */
  readonly secure: boolean;
  /** The value of `Proxy-Authorization`, or null. */
  readonly authorization: string | null;
  /** Host and port, without credentials: for messages. */
  readonly name: string;
}

/** @param address of a checked configuration: http or https, with a host. */
export function proxyOf(address: string): Proxy {
  const url = new URL(address);
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    secure,
    authorization: credentials === ':' ? null : `Basic ${Buffer.from(credentials).toString('base64')}`,
    name: `${url.hostname}:${port}`,
  };
}

const maxHeaderBytes = 16_384;

/**
 * A connection to `target` through the proxy, on which nothing has been said yet.
 * @param target host and port.
 * @throws ProxyFailed.
 */
export function openTunnel(
  proxy: Proxy,
  target: string,
  context: SecureContext | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const options = {
    method: 'CONNECT',
    host: proxy.host,
    port: proxy.port,
    path: target,
    maxHeaderSize: maxHeaderBytes,
    headers: {
      host: target,
      'user-agent': 'OpsSight',
      ...(proxy.authorization === null ? {} : { 'proxy-authorization': proxy.authorization }),
    },
    signal,
  } as const;
  return new Promise((resolve, reject) => {
    const asked = request({
      ...options,
      // With a connection of its own there is no agent, which would keep it.
      ...(proxy.secure ? { createConnection: () => connectToProxy(proxy, context) } : { agent: false }),
    });
    asked.once('connect', ({ statusCode = 0 }, socket, head) => {
      const wrong = refusalOf(proxy, statusCode, head.length);
      if (wrong === null) return resolve(asSocket(socket));
      socket.destroy();
      reject(wrong);
    });
    asked.once('response', (response) => {
      response.destroy();
      reject(new ProxyFailed('wrong-answer', proxy.name, 'does not make tunnels'));
    });
    asked.once('error', (error) => reject(proxyTrouble(error, proxy)));
    asked.end();
  });
}

/** A TLS connection to a proxy, which is checked as every server is. */
export function connectToProxy({ host, port }: Proxy, context: SecureContext | undefined): TLSSocket {
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return tls.connect({ host, port, ...servername, secureContext: context, ALPNProtocols: ['http/1.1'] });
}

function refusalOf(proxy: Proxy, status: number, extraBytes: number): ProxyFailed | null {
  if (status === 407)
    return new ProxyFailed('authentication', proxy.name, 'wants credentials, or other ones (407)', 407);
  if (status < 200 || status > 299)
    return new ProxyFailed('denied', proxy.name, `refuses the connection with status ${status}`, status);
  if (extraBytes > 0)
    return new ProxyFailed('wrong-answer', proxy.name, 'sends an answer in the place of a tunnel');
  return null;
}

/** An error on the way to the proxy, named as the proxy's. */
export function proxyTrouble(error: Error, proxy: Proxy): ProxyFailed {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const words = plainText(messageOf(error), 160);
  if (code.startsWith('HPE_'))
    return new ProxyFailed('wrong-answer', proxy.name, `does not speak as a proxy (${words})`);
  if (code === 'ETIMEDOUT' || code === 'ABORT_ERR')
    return new ProxyFailed('timeout', proxy.name, 'did not answer in time');
  if (isTlsCode(code)) return new ProxyFailed('tls', proxy.name, `cannot be trusted (${words})`);
  return new ProxyFailed('unreachable', proxy.name, `cannot be reached (${words})`);
}

function asSocket(stream: Duplex): Socket {
  // Node hands out the connection itself; its types promise less.
  return stream as Socket;
}
