import { isIP, connect as connectTcp, type Socket } from 'node:net';
import tls, { type ConnectionOptions, type SecureContext, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import { messageOf } from '#shared/result.ts';
import { systemAuthorities, type ReadAuthorities } from './authorities.ts';
import { connectToProxy, openTunnel, proxyOf, proxyTrouble, type Proxy } from './proxy.ts';
import type { SourceSettings } from './source-settings.ts';
import { handshakeClosed, pinMismatch, unusableTlsFiles } from './tls-failure.ts';

export interface ConnectorOptions {
  /** Also for http: what is spoken then is more than single requests. */
  readonly alwaysTunnel: boolean;
  readonly authorities: ReadAuthorities;
}

/**
 * Opens the connections of one source: TCP, the tunnel of a proxy, TLS with the source's authorities and
 * client certificate, and the check of a pinned certificate, all before the HTTP client gets the socket and
 * sends a byte. Used by `SourceHttp` and by the step-by-step test of a connection. There is no way to switch
 * the check of certificates off; a pin replaces the check of the chain by a stricter one.
 */
export class SourceConnector {
  readonly #tls: SourceSettings['tls'];
  readonly #deadlineMs: number;
  readonly #proxy: Proxy | null;
  readonly #options: ConnectorOptions;
  readonly #opening = new Set<Socket>();
  readonly #ending = new AbortController();
  #context: Promise<SecureContext> | undefined;
  #opened = 0;
  #refusal: Error | null = null;

  constructor(
    settings: Pick<SourceSettings, 'tls' | 'timeoutMs' | 'proxy'>,
    options: Partial<ConnectorOptions> = {},
  ) {
    this.#tls = settings.tls;
    this.#deadlineMs = Math.min(settings.timeoutMs, 10_000);
    this.#proxy = settings.proxy === null ? null : proxyOf(settings.proxy);
    this.#options = { alwaysTunnel: false, authorities: systemAuthorities, ...options };
  }

  /** How many connections have been opened so far. */
  get opened(): number {
    return this.#opened;
  }

  /**
   * Why the server refused a connection after the handshake, if the last one ended so. In TLS 1.3 a server
   * says only then that it wants another client certificate, and the HTTP client loses its words.
   */
  get refusal(): Error | null {
    return this.#refusal;
  }

  /** Undici's connector. Calls back once: with a socket that is safe to speak on, or with the error. */
  readonly connect = (options: buildConnector.Options, callback: buildConnector.Callback): void => {
    this.#open(options, callback).catch((error: unknown) => callback(toError(error), null));
  };

  /** Ends the connections that are still being opened. */
  destroy(): void {
    this.#ending.abort(coded('UND_ERR_CLOSED', 'the source was closed'));
    for (const socket of this.#opening) socket.destroy(coded('UND_ERR_CLOSED', 'the source was closed'));
  }

  /** Each socket is watched in the turn that makes it: its first error may come in the next one. */
  async #open(options: buildConnector.Options, callback: buildConnector.Callback): Promise<void> {
    const secure = options.protocol === 'https:';
    const proxy = this.#proxy;
    const context = secure || proxy?.secure === true ? await this.#secureContext() : undefined;
    if (proxy !== null && (secure || this.#options.alwaysTunnel)) {
      const tunnel = await this.#tunnel(proxy, options, context);
      if (this.#ending.signal.aborted) tunnel.destroy();
      this.#ending.signal.throwIfAborted();
      if (!secure) {
        this.#opened++;
        return callback(null, tunnel);
      }
      return this.#watch(this.#openTls(options, context, { socket: tunnel }), true, callback);
    }
    this.#ending.signal.throwIfAborted();
    if (proxy === null) {
      const address = { host: options.hostname, port: portOf(options) };
      const socket = secure ? this.#openTls(options, context, address) : connectTcp(address);
      return this.#watch(socket, secure, callback);
    }
    const { host, port } = proxy;
    const socket = proxy.secure ? connectToProxy(proxy, context) : connectTcp({ host, port });
    this.#watch(socket, proxy.secure, (...[error, opened]: Parameters<buildConnector.Callback>) => {
      if (error === null) callback(null, opened);
      else callback(proxyTrouble(error, proxy), null);
    });
  }

  #tunnel(
    proxy: Proxy,
    options: buildConnector.Options,
    context: SecureContext | undefined,
  ): Promise<Socket> {
    const host = options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname;
    const deadline = AbortSignal.timeout(this.#deadlineMs);
    const signal = AbortSignal.any([this.#ending.signal, deadline]);
    return openTunnel(proxy, `${host}:${portOf(options)}`, context, signal);
  }

  #watch(socket: Socket, secure: boolean, callback: buildConnector.Callback): void {
    this.#opening.add(socket);
    const deadline = setTimeout(() => {
      socket.destroy(coded('ETIMEDOUT', `no connection within ${this.#deadlineMs} ms`));
    }, this.#deadlineMs);
    const settle = (): boolean => {
      clearTimeout(deadline);
      return this.#opening.delete(socket);
    };
    socket.setNoDelay(true);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      const wrong = secure ? this.#pinProblem(socket as TLSSocket) : null;
      if (wrong !== null) socket.destroy(wrong);
      else if (settle()) {
        this.#opened++;
        this.#refusal = null;
        callback(null, socket);
      }
    });
    socket.on('error', (error) => {
      if (settle()) callback(secure ? nameHandshakeEnd(error) : error, null);
      else if (codeOf(error).startsWith('ERR_SSL_')) this.#refusal = error;
    });
  }

  #openTls(
    options: buildConnector.Options,
    context: SecureContext | undefined,
    way: Pick<ConnectionOptions, 'host' | 'port' | 'socket'>,
  ): TLSSocket {
    const expectedName = this.#tls.serverName ?? options.hostname;
    return tls.connect({
      ...way,
      ...serverNameOf(expectedName),
      secureContext: context,
      ALPNProtocols: ['http/1.1'],
      // With a pin the chain does not matter: #pinProblem decides, before any byte is sent.
      rejectUnauthorized: this.#tls.pinnedSha256 === null,
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(expectedName, certificate),
    });
  }

  #secureContext(): Promise<SecureContext> {
    this.#context ??= this.#options.authorities().then((known) => secureContext(this.#tls, known));
    return this.#context;
  }

  #pinProblem(socket: TLSSocket): Error | null {
    const pinned = this.#tls.pinnedSha256;
    if (pinned === null) return null;
    const shown = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase();
    if (shown === pinned) return null;
    return coded(pinMismatch, `pinned is ${pinned}, shown was ${shown ?? 'none'}`);
  }
}

function portOf({ protocol, port }: buildConnector.Options): number {
  return Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port);
}

function serverNameOf(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

/** @throws an error coded `unusableTlsFiles` where OpenSSL cannot use what the source gives. */
function secureContext(settings: SourceSettings['tls'], known: readonly string[]): SecureContext {
  try {
    return tls.createSecureContext({
      minVersion: 'TLSv1.2',
      ca: [...known, ...(settings.ca === null ? [] : [settings.ca])],
      ...(settings.certificate === null ? {} : { cert: settings.certificate }),
      ...(settings.key === null ? {} : { key: settings.key }),
    });
  } catch (error) {
    throw coded(unusableTlsFiles, messageOf(error));
  }
}

/** Node says ECONNRESET for a server that hangs up within the handshake; that is a matter of TLS. */
function nameHandshakeEnd(error: Error): Error {
  return codeOf(error) === 'ECONNRESET' ? coded(handshakeClosed, error.message) : error;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
