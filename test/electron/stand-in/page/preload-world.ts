import type { CloneCodec } from '../clone-codec.ts';
import type { PortPacket } from '../port-ends.ts';
import type { DesktopPorts } from './lost-transfers.ts';
import type { FromPage, ToPage, WorldNames } from './messages.ts';

/**
 * What a sandboxed preload finds: `require('electron')` with contextBridge and ipcRenderer, and nothing of
 * Node. It runs in an isolated world of the page, as in Electron. Its source is put into the page, so it
 * refers to nothing outside of itself.
 */
type Preload = (require: (name: string) => unknown, module: { exports: object }, exports: object) => void;

export function installPreloadWorld(
  codec: CloneCodec,
  bridgeCodec: CloneCodec,
  desktopPorts: DesktopPorts,
  names: WorldNames,
  preload: Preload,
): void {
  if (window !== window.top) return;
  const world = globalThis as unknown as Record<string, unknown>;
  const tellHost = world[names.binding] as (text: string) => void;
  const tell = (message: FromPage): void => tellHost(codec.encode({ ...message, href: location.href }));

  // Ports: one end stays here, wired to the main process; the other goes to whoever gets the message.
  const ports = new Map<string, MessagePort>();
  let nextPort = 1;

  function serve(name: string, port: MessagePort): void {
    ports.set(name, port);
    port.addEventListener('message', (event) => {
      const sent = { port: name, kind: 'mail', data: event.data as unknown, ports: event.ports.map(moveOut) };
      tell({ kind: 'port', packet: sent as PortPacket });
    });
    port.addEventListener('close', () => {
      if (ports.delete(name)) tell({ kind: 'port', packet: { port: name, kind: 'close' } });
    });
    port.start();
  }
  function moveOut(port: MessagePort): string {
    const name = `w${nextPort++}`;
    serve(name, port);
    return name;
  }
  function takeIn(name: string): MessagePort {
    const { port1, port2 } = new MessageChannel();
    serve(name, port2);
    desktopPorts.mark(port1);
    return port1;
  }
  function portPacket(packet: PortPacket): void {
    const port = ports.get(packet.port);
    if (port === undefined) return;
    if (packet.kind === 'mail') return desktopPorts.post(port, packet.data, packet.ports.map(takeIn));
    ports.delete(packet.port);
    port.close();
  }

  function strict<T extends object>(name: string, target: T): T {
    return new Proxy(target, {
      get(_target, key) {
        if (key in target || typeof key === 'symbol') return Reflect.get(target, key) as unknown;
        throw new Error(`the electron stand-in does not model ${name}.${key}`);
      },
    });
  }

  type Listener = (event: object, ...args: unknown[]) => void;
  const listeners = new Map<string, { listener: Listener; once: boolean }[]>();
  const calls = new Map<number, (answer: { ok: boolean; value: unknown }) => void>();
  let nextCall = 1;
  const add = (channel: string, listener: Listener, once: boolean): object => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listener, once }]);
    return ipcRenderer;
  };
  const remove = (channel: string, listener: Listener): object => {
    const left = (listeners.get(channel) ?? []).filter((one) => one.listener !== listener);
    listeners.set(channel, left);
    return ipcRenderer;
  };
  const plainArgs = (args: unknown[]): unknown[] => structuredClone(args);
  const ipcRenderer: object = strict('ipcRenderer', {
    send: (channel: string, ...args: unknown[]) =>
      tell({ kind: 'send', channel, args: plainArgs(args), ports: [] }),
    postMessage(channel: string, message: unknown, transfer: readonly unknown[] = []) {
      const moved = transfer.map((one) => {
        if (!(one instanceof MessagePort)) throw new TypeError('Only MessagePorts can be transferred');
        return moveOut(one);
      });
      tell({ kind: 'send', channel, args: [message], ports: moved });
    },
    invoke(channel: string, ...args: unknown[]) {
      const id = nextCall++;
      return new Promise((resolve, reject) => {
        calls.set(id, ({ ok, value }) => {
          if (ok) resolve(value);
          else reject(new Error(`Error invoking remote method '${channel}': ${String(value)}`));
        });
        tell({ kind: 'invoke', id, channel, args: plainArgs(args) });
      });
    },
    on: (channel: string, listener: Listener) => add(channel, listener, false),
    addListener: (channel: string, listener: Listener) => add(channel, listener, false),
    once: (channel: string, listener: Listener) => add(channel, listener, true),
    off: remove,
    removeListener: remove,
    removeAllListeners(channel: string) {
      listeners.delete(channel);
      return ipcRenderer;
    },
  });

  function deliver(channel: string, args: readonly unknown[], portNames: readonly string[]): void {
    const event = strict('IpcRendererEvent', { sender: ipcRenderer, ports: portNames.map(takeIn) });
    for (const { listener, once } of listeners.get(channel) ?? []) {
      if (once) remove(channel, listener);
      listener(event, ...args);
    }
  }
  world[names.receive] = (text: string): void => {
    const message = codec.decode(text) as ToPage;
    if (message.kind === 'port') return portPacket(message.packet);
    if (message.kind === 'send') return deliver(message.channel, message.args, message.ports);
    calls.get(message.id)?.(message);
    calls.delete(message.id);
  };

  // contextBridge: descriptions of values cross; functions are called by number, through events of the DOM.
  const exposed = new Map<number, (...args: unknown[]) => unknown>();
  let nextFunction = 1;
  const say = (what: string, detail: unknown): void => {
    window.dispatchEvent(new CustomEvent(names.token + what, { detail: bridgeCodec.encode(detail) }));
  };
  const shapeOf = (value: unknown): unknown => {
    if (typeof value === 'function') {
      const id = nextFunction++;
      exposed.set(id, value as (...args: unknown[]) => unknown);
      return { function: id };
    }
    const isPlain =
      typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
    if (!isPlain) return { value };
    return { fields: Object.entries(value).map(([key, child]) => [key, shapeOf(child)]) };
  };
  window.addEventListener(`${names.token}call`, (event) => {
    const asked = bridgeCodec.decode((event as CustomEvent<string>).detail) as {
      readonly call: number;
      readonly id: number;
      readonly args: readonly unknown[];
    };
    const answer = (what: string, value: unknown): void => {
      try {
        say(what, { call: asked.call, ok: true, value });
      } catch (error) {
        refuse(what, error);
      }
    };
    const refuse = (what: string, error: unknown): void =>
      say(what, {
        call: asked.call,
        ok: false,
        error: error instanceof Error ? error.message : String(error),
      });
    try {
      const value = exposed.get(asked.id)?.(...asked.args);
      if (!(value instanceof Promise)) return answer('answer', value);
      say('answer', { call: asked.call, isPromise: true });
      value.then(
        (settled) => answer('settled', settled),
        (error: unknown) => refuse('settled', error),
      );
    } catch (error) {
      refuse('answer', error);
    }
  });
  window.addEventListener(`${names.token}ask`, (event) => {
    const asked = bridgeCodec.decode((event as CustomEvent<string>).detail) as {
      readonly call: number;
      readonly permission: string;
    };
    const id = nextCall++;
    calls.set(id, ({ value }) => say('settled', { call: asked.call, value }));
    tell({ kind: 'permission', id, name: asked.permission });
  });
  const taken = new Set<string>();
  const contextBridge = strict('contextBridge', {
    exposeInMainWorld(key: string, api: unknown) {
      if (taken.has(key))
        throw new Error(`Cannot bind an API on top of an existing property on the window object: ${key}`);
      taken.add(key);
      say('expose', { key, shape: shapeOf(api) });
    },
  });

  const electron = strict("require('electron')", { contextBridge, ipcRenderer });
  const require = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name}`);
  };
  tell({ kind: 'hello' });
  try {
    const module = { exports: {} };
    preload(require, module, module.exports);
  } catch (error) {
    tell({ kind: 'preload-error', message: String((error as Error).stack ?? error) });
  }
}
