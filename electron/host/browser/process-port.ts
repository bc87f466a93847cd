import type { CommandFailure } from '#shared/failure.ts';
import type { Link } from '#shared/link.ts';
import type { Attention } from '#shared/model/attention.ts';
import { decodeWire, encodeWire, type WireFrame } from '#shared/wire.ts';
import type { CoreToHost, HostToCore } from '../core-messages.ts';
import type {
  HostNotification,
  HostPort,
  NotificationAction,
  NotificationOutcome,
  PowerEvent,
} from '../port.ts';

/**
 * The core's side of the browser host: the host port over the messages of a process. Windows' links come
 * through it as frames with a number; here they become links.
 */
export class ProcessPort implements HostPort {
  readonly #send: (message: CoreToHost) => void;
  readonly #links = new Map<number, FrameLink>();
  #linkListener: (link: Link) => void = () => undefined;
  #outcomeListener: (id: string, outcome: NotificationOutcome, atMs: number) => void = () => undefined;
  #actionListener: (id: string, action: NotificationAction, atMs: number) => void = () => undefined;
  #pauseListener: (untilMs: number | null) => void = () => undefined;
  #powerListener: (event: PowerEvent, atMs: number) => void = () => undefined;
  #stopListener: () => void = () => undefined;

  constructor(send: (message: CoreToHost) => void) {
    this.#send = send;
  }

  onLink(listener: (link: Link) => void): void {
    this.#linkListener = listener;
  }

  onNotificationOutcome(listener: (id: string, outcome: NotificationOutcome, atMs: number) => void): void {
    this.#outcomeListener = listener;
  }

  onNotificationAction(listener: (id: string, action: NotificationAction, atMs: number) => void): void {
    this.#actionListener = listener;
  }

  onPauseNotifications(listener: (untilMs: number | null) => void): void {
    this.#pauseListener = listener;
  }

  onPower(listener: (event: PowerEvent, atMs: number) => void): void {
    this.#powerListener = listener;
  }

  onStop(listener: () => void): void {
    this.#stopListener = listener;
  }

  attention(attention: Attention): void {
    this.#send({ kind: 'attention', attention });
  }

  notify(notification: HostNotification): void {
    this.#send({ kind: 'notify', notification });
  }

  withdraw(notificationId: string): void {
    this.#send({ kind: 'withdraw', id: notificationId });
  }

  ready(): void {
    this.#send({ kind: 'ready' });
  }

  refuse(failure: CommandFailure): void {
    this.#send({ kind: 'refuse', failure });
  }

  /** Takes one message of the host; `start` and `stop` are the process's business as well. */
  receive(message: HostToCore): void {
    switch (message.kind) {
      case 'start':
        return;
      case 'ping':
        return this.#send({ kind: 'pong' });
      case 'stop':
        return this.#stopListener();
      case 'notification-outcome':
        return this.#outcomeListener(message.id, message.outcome, message.atMs);
      case 'notification-action':
        return this.#actionListener(message.id, message.action, message.atMs);
      case 'pause-notifications':
        return this.#pauseListener(message.untilMs);
      case 'power':
        return this.#powerListener(message.event, message.atMs);
      case 'link-opened':
        return this.#open(message.link);
      case 'link-frame':
        return this.#links.get(message.link)?.receive(message.frame);
      case 'link-closed':
        return this.#links.get(message.link)?.closed(message.reason);
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
    this.#linkListener(link);
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
