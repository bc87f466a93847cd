import { isIP, connect as connectTcp, type Socket } from 'node:net';
import tls, { type SecureContext, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import { messageOf } from '#shared/result.ts';
import type { SourceSettings } from './source-settings.ts';
import { handshakeClosed, pinMismatch, unusableTlsFiles } from './tls-failure.ts';

/**
 * Opens the connections of one source: TCP, TLS with the source's authorities and client certificate,
 * and the check of a pinned certificate, all before the HTTP client gets the socket and sends a byte.
 * Used by `SourceHttp` and by the step-by-step test of a connection. There is no way to switch the
 * check of certificates off; a pin replaces the check of the chain by a stricter one.
 */
export class SourceConnector {
  readonly #tls: SourceSettings['tls'];
  readonly #deadlineMs: number;
  readonly #opening = new Set<Socket>();
  #context: SecureContext | undefined;
  #opened = 0;
  #refusal: Error | null = null;

  constructor(settings: Pick<SourceSettings, 'tls' | 'timeoutMs'>) {
    this.#tls = settings.tls;
    this.#deadlineMs = Math.min(settings.timeoutMs, 10_000);
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
    let socket: Socket;
    try {
      socket = options.protocol === 'https:' ? this.#openTls(options) : openTcp(options);
    } catch (error) {
      queueMicrotask(() => callback(toError(error), null));
      return;
    }
    this.#watch(socket, options.protocol === 'https:', callback);
  };

  /** Ends the connections that are still being opened. */
  destroy(): void {
    for (const socket of this.#opening) socket.destroy(coded('UND_ERR_CLOSED', 'the source was closed'));
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

  #openTls(options: buildConnector.Options): TLSSocket {
    this.#context ??= secureContext(this.#tls);
    const expectedName = this.#tls.serverName ?? options.hostname;
    return tls.connect({
      host: options.hostname,
      port: Number(options.port === '' ? 443 : options.port),
      ...(isIP(expectedName) === 0 ? { servername: expectedName } : {}),
      secureContext: this.#context,
      ALPNProtocols: ['http/1.1'],
      // With a pin the chain does not matter: #pinProblem decides, before any byte is sent.
      rejectUnauthorized: this.#tls.pinnedSha256 === null,
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(expectedName, certificate),
    });
  }

  #pinProblem(socket: TLSSocket): Error | null {
    const pinned = this.#tls.pinnedSha256;
    if (pinned === null) return null;
    const shown = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase();
    if (shown === pinned) return null;
    return coded(pinMismatch, `pinned is ${pinned}, shown was ${shown ?? 'none'}`);
  }
}

function openTcp(options: buildConnector.Options): Socket {
  return connectTcp({ host: options.hostname, port: Number(options.port === '' ? 80 : options.port) });
}

let knownAuthorities: readonly string[] | undefined;

/** Node's own authorities and the system's; read once, for it takes some 50 ms. */
function authorities(): readonly string[] {
  knownAuthorities ??= [...tls.getCACertificates('bundled'), ...tls.getCACertificates('system')];
  return knownAuthorities;
}

/** @throws an error coded `unusableTlsFiles` where OpenSSL cannot use what the source gives. */
function secureContext(settings: SourceSettings['tls']): SecureContext {
  try {
    return tls.createSecureContext({
      minVersion: 'TLSv1.2',
      ca: [...authorities(), ...(settings.ca === null ? [] : [settings.ca])],
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
