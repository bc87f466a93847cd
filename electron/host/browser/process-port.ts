import { decodeWire, encodeWire, type WireFrame } from '#shared/wire.ts';
import type { Link } from '#shared/link.ts';
import { CorePort } from '../core-port.ts';
import type { CoreToHost, HostToCore } from '../core-messages.ts';

/**
 * The core's side of the browser host. Windows' links come through the messages of the process as frames
 * with a number; here they become links.
 */
export class ProcessPort extends CorePort {
  readonly #send: (message: CoreToHost) => void;
  readonly #links = new Map<number, FrameLink>();

  constructor(send: (message: CoreToHost) => void) {
    super(send);
    this.#send = send;
  }

  override receive(message: HostToCore): void {
    switch (message.kind) {
      case 'link-opened':
        return this.#open(message.link);
      case 'link-frame':
        return this.#links.get(message.link)?.receive(message.frame);
      case 'link-closed':
        return this.#links.get(message.link)?.closed(message.reason);
      default:
        return super.receive(message);
    }
  }

  #open(id: number): void {
    const link = new FrameLink({
      send: (frame) => this.#send({ kind: 'link-frame', link: id, frame }),
      closed: (reason) => {
        this.#links.delete(id);
        this.#send({ kind: 'link-closed', link: id, reason });
      },
    });
    this.#links.set(id, link);
    this.linkOpened(link);
  }
}

/** One window's link as frames of the wire format. */
class FrameLink implements Link {
  readonly #out: { readonly send: (frame: WireFrame) => void; readonly closed: (reason: string) => void };
  #listener: (message: unknown) => void = () => undefined;
  #closeListener: (reason: string) => void = () => undefined;
  #isClosed = false;

  constructor(out: { readonly send: (frame: WireFrame) => void; readonly closed: (reason: string) => void }) {
    this.#out = out;
  }

  send(message: unknown): void {
    if (!this.#isClosed) this.#out.send(encodeWire('core', message));
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  onClose(listener: (reason: string) => void): void {
    this.#closeListener = listener;
  }

  close(reason: string): void {
    this.closed(reason);
  }

  receive(frame: WireFrame): void {
    if (this.#isClosed) return;
    const decoded = decodeWire(frame);
    if (decoded?.channel === 'core') this.#listener(decoded.message);
    else this.closed('a frame that is not of the wire format');
  }

  /** Ends the link, whichever end began it. */
  closed(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#out.closed(reason);
    this.#closeListener(reason);
  }
}
