import { portOf } from './ports.ts';
import type { PortEnd } from './port-ends.ts';
import { modelled, StandInEmitter } from './unmodelled.ts';

/** `ipcMain`. */

type Handler = (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown;

export interface Sender {
  readonly contents: Electron.WebContents;
  readonly frame: Electron.WebFrameMain | null;
}

class StandInIpcMain
  extends StandInEmitter
  implements Pick<Electron.IpcMain, 'handle' | 'handleOnce' | 'removeHandler'>
{
  readonly #handlers = new Map<string, Handler>();

  constructor() {
    super('ipcMain', 'any');
  }

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.#handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel);
      return handler(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** A window sent something. */
  deliver(sender: Sender, channel: string, args: readonly unknown[], ends: readonly PortEnd[]): void {
    const reply = (to: string, ...values: unknown[]): void => sender.contents.send(to, ...values);
    const event = { type: 'frame', ...eventOf(sender), ports: ends.map(portOf), reply };
    this.emit(channel, modelled('IpcMainEvent', event), ...args);
  }

  async answer(sender: Sender, channel: string, args: readonly unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    const event = modelled('IpcMainInvokeEvent', { type: 'frame', ...eventOf(sender) });
    return handler(event as unknown as Electron.IpcMainInvokeEvent, ...args);
  }
}

function eventOf({ contents, frame }: Sender) {
  return {
    sender: contents,
    senderFrame: frame,
    processId: frame?.processId ?? -1,
    frameId: frame?.routingId ?? -1,
  } satisfies Partial<Electron.IpcMainInvokeEvent>;
}

export const standInIpcMain = new StandInIpcMain();
export const ipcMain = modelled('ipcMain', standInIpcMain);
