import type { HostToWindow } from '#shared/host-window.ts';
import type { Link } from '#shared/link.ts';
import type { Connection, ConnectionState } from './connection.ts';

/**
 * A connection that is opened before anybody listens: what it says meanwhile is said, in its order, when the
 * window opens it for its part.
 */
export class HeldConnection implements Connection {
  readonly notifiesItself: boolean;
  readonly #early: Connection;
  #held: (() => void)[] | undefined = [];
  #onCore: (core: Link) => void = () => undefined;
  #onState: (state: ConnectionState) => void = () => undefined;
  #onHostMessage: (message: HostToWindow) => void = () => undefined;

  constructor(early: Connection) {
    this.#early = early;
    this.notifiesItself = early.notifiesItself ?? false;
    early.onCore((core) => this.#say(() => this.#onCore(core)));
    early.onState((state) => this.#say(() => this.#onState(state)));
    early.host.onMessage((message) => this.#say(() => this.#onHostMessage(message)));
    early.open();
  }

  readonly host: Connection['host'] = {
    send: (message) => this.#early.host.send(message),
    onMessage: (listener) => {
      this.#onHostMessage = listener;
    },
  };

  onCore(listener: (core: Link) => void): void {
    this.#onCore = listener;
  }

  onState(listener: (state: ConnectionState) => void): void {
    this.#onState = listener;
  }

  open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const said of held) said();
  }

  retry(): void {
    this.#early.retry();
  }

  #say(said: () => void): void {
    if (this.#held === undefined) said();
    else this.#held.push(said);
  }
}
