import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { linkPath, linkProtocol, sessionPath } from '#shared/browser-link.ts';
import { windowToHostSchema, type HostToWindow, type WindowToHost } from '#shared/host-window.ts';
import type { Link } from '#shared/link.ts';
import { decodeWire, encodeWire } from '#shared/wire.ts';
import { readWindowFiles } from '#host/window-files.ts';
import { securityHeaders } from '#host/browser/headers.ts';
import { bodyWithNonce, newNonce } from '#host/window-headers.ts';
import * as v from 'valibot';
import type { Cleanup } from './cleanup.ts';

/** A core that serves windows: a scripted one, or a part of the real one. */
interface WindowServer {
  attach(link: Link): void;
}

/**
 * The built window in front of a scripted core, with the real content security policy and the real link
 * protocol, and without a door: whoever asks is let in. For tests of what the window shows.
 */
export class ScriptedHost {
  readonly address: string;
  /** What windows have said on the host's channel. */
  readonly heard: WindowToHost[] = [];
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  #core: WindowServer;
  #refusing = false;

  private constructor(server: Server, sockets: WebSocketServer, core: WindowServer) {
    this.#server = server;
    this.#sockets = sockets;
    this.#core = core;
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    sockets.on('connection', (socket: WebSocket) => this.#welcome(socket));
    server.on('upgrade', (request, connection, head) => {
      if (this.#refusing || request.url !== linkPath) connection.destroy();
      else sockets.handleUpgrade(request, connection, head, (socket) => sockets.emit('connection', socket));
    });
  }

  static async start(directory: string, core: WindowServer, cleanup: Cleanup): Promise<ScriptedHost> {
    const files = await readWindowFiles(directory);
    if (!files.ok) throw new Error(files.failure);
    const server = createServer((request, response) => {
      const authority = request.headers.host ?? '';
      const nonce = newNonce();
      const file = files.value.get((request.url ?? '').split('?', 1)[0] ?? '');
      if (request.url === sessionPath) {
        const refused = host.#refusing;
        response.writeHead(refused ? 403 : 200, securityHeaders(nonce, authority));
        response.end(JSON.stringify(refused ? {} : { linkToken: 'scripted' }));
        return;
      }
      response.writeHead(file === undefined ? 404 : 200, {
        ...securityHeaders(nonce, authority),
        ...(file === undefined ? {} : { 'Content-Type': file.contentType }),
      });
      response.end(file === undefined ? undefined : bodyWithNonce(file, nonce));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => linkProtocol });
    const host: ScriptedHost = new ScriptedHost(server, sockets, core);
    cleanup.add(() => host.#close());
    return host;
  }

  /** From here on new windows get this core; those that are open keep theirs until they reconnect. */
  serve(core: WindowServer): void {
    this.#core = core;
  }

  /** Tells every window something on the host's channel. */
  tell(message: HostToWindow): void {
    for (const socket of this.#sockets.clients) socket.send(encodeWire('host', message));
  }

  /** Ends every link and, until further notice, lets nobody in. */
  goDark(): void {
    this.#refusing = true;
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  async #close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #welcome(socket: WebSocket): void {
    let onCore: (message: unknown) => void = () => undefined;
    socket.once('message', () => {
      socket.on('message', (data: Buffer, isBinary) => {
        const wire = decodeWire(isBinary ? new Uint8Array(data) : data.toString());
        if (wire?.channel === 'core') onCore(wire.message);
        else this.heard.push(v.parse(windowToHostSchema, wire?.message));
      });
      const link: Link = {
        send: (message) => socket.send(encodeWire('core', message)),
        onMessage: (listener) => {
          onCore = listener;
        },
        onClose: (listener) => socket.on('close', () => listener('the window is gone')),
        close: (reason) => socket.close(4_000, reason),
      };
      socket.send(
        encodeWire('host', {
          kind: 'core-state',
          state: 'running',
          crashes: 0,
          nextStartAtMs: null,
          safeModeOffered: false,
          message: '',
        } satisfies HostToWindow),
      );
      this.#core.attach(link);
    });
  }
}
