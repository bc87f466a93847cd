import type { ServerFrame } from './frames.ts';

/**
 * Back-pressure for one subscription. Patches go out while the window keeps up; once too many are
 * unseen, further ones are only remembered as "something changed", and when the window has seen all that
 * was sent it gets one fresh snapshot. A slow window therefore costs the core a bounded amount of memory
 * and always ends on the newest value.
 */
const maxUnseen = 32;

export class SubscriptionBacklog {
  readonly #id: number;
  readonly #current: () => unknown;
  readonly #send: (frame: ServerFrame) => void;
  #sent = -1;
  #seen = -1;
  /** The newest snapshot's sequence. */
  #snapshot = -1;
  #behind = false;

  constructor(id: number, current: () => unknown, send: (frame: ServerFrame) => void) {
    this.#id = id;
    this.#current = current;
    this.#send = send;
  }

  push(patch: unknown): void {
    if (this.#behind || this.#sent - this.#seen >= maxUnseen) {
      this.#behind = true;
      return;
    }
    this.#sent++;
    this.#send({ frame: 'patch', id: this.#id, sequence: this.#sent, value: patch });
  }

  /**
   * The window has applied everything up to `sequence`.
   * @returns whether that is news: at most once for each frame that was sent.
   */
  seen(sequence: number): boolean {
    const seen = Math.min(this.#sent, Math.max(this.#seen, sequence));
    const isNews = seen > this.#seen;
    this.#seen = seen;
    if (this.#behind && this.#seen === this.#sent) this.resync();
    return isNews;
  }

  /** Sends the value as it is now, from which patches go on; while a snapshot is under way, one more after it. */
  resync(): void {
    if (this.#snapshot > this.#seen) {
      this.#behind = true;
      return;
    }
    this.#behind = false;
    this.#sent++;
    this.#snapshot = this.#sent;
    this.#send({ frame: 'snapshot', id: this.#id, sequence: this.#sent, value: this.#current() });
  }
}
