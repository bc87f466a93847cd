import type { IpcMain, IpcMainEvent, WebContents } from 'electron';
import { isConsoleAddress } from './console-address.ts';
import type { DesktopShell } from './desktop-parts.ts';
import { RateLimit } from './rate-limit.ts';

/**
 * The one doorway from a page to this process. Who may come in: the window that was admitted, its main
 * frame, with our page in it. Anybody else is ignored and noted; there is no answer to learn from.
 */

export interface DoorwayOptions {
  readonly ipcMain: Pick<IpcMain, 'on'>;
  readonly log: DesktopShell['log'];
}

/** A window asks once after each load; more is a fault or an attack. */
const burst = 10;
const perSecond = 1;

export class Doorway {
  readonly #options: DoorwayOptions;
  readonly #admitted = new Map<number, RateLimit>();

  constructor(options: DoorwayOptions) {
    this.#options = options;
  }

  /** From here on this window may knock, until it is destroyed. */
  admit(contents: WebContents): void {
    const { id } = contents;
    this.#admitted.set(id, new RateLimit(burst, perSecond));
    contents.once('destroyed', () => this.#admitted.delete(id));
  }

  /** @param listener gets the window; whatever else it sent along is never looked at. */
  on(channel: string, listener: (contents: WebContents) => void): void {
    this.#options.ipcMain.on(channel, (event) => {
      const refusal = this.#refusalOf(event);
      if (refusal === null) return listener(event.sender);
      this.#options.log('ipc.refused', { channel, refusal });
    });
  }

  #refusalOf(event: IpcMainEvent): string | null {
    const limit = this.#admitted.get(event.sender.id);
    // SECURITY: another page of this process, should there ever be one, is not the window.
    if (limit === undefined) return 'not the window';
    if (event.sender.isDestroyed()) return 'the window is gone';
    const frame = event.senderFrame;
    // SECURITY: null where the frame has navigated or gone since: it is not known who that was.
    if (frame === null) return 'the frame is gone';
    if (frame !== event.sender.mainFrame) return 'not the main frame';
    // SECURITY: also nothing of about:blank, which inherits an origin.
    if (!isConsoleAddress(frame.url)) return 'not our page';
    return limit.take() ? null : 'too often';
  }
}
