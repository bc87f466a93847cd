import type { HostNotification, NotificationOutcome } from '#shared/host-window.ts';
import type { RateWindow } from './rate-window.ts';

/**
 * What a person is told that is about no incident: that the console itself is blind somewhere. Each is told
 * once for as long as it holds, within the same bound as everything else. Not in the journal: whoever
 * announces it finds it out again after a restart.
 */
export class Announcements {
  readonly #window: RateWindow;
  readonly #send: (notification: HostNotification) => void;
  readonly #withdraw: (id: string) => void;
  readonly #known = new Map<string, { readonly notification: HostNotification; isAsked: boolean }>();

  constructor(
    window: RateWindow,
    send: (notification: HostNotification) => void,
    withdraw: (id: string) => void,
  ) {
    this.#window = window;
    this.#send = send;
    this.#withdraw = withdraw;
  }

  get isWaiting(): boolean {
    return [...this.#known.values()].some(({ isAsked }) => !isAsked);
  }

  put(notification: HostNotification): void {
    if (!this.#known.has(notification.id)) this.#known.set(notification.id, { notification, isAsked: false });
  }

  /** It no longer holds. */
  takeBack(id: string, runningMs: number): void {
    const known = this.#known.get(id);
    if (known === undefined) return;
    this.#known.delete(id);
    if (!known.isAsked) return;
    // The host may be showing it just now.
    this.#window.settle(id, false, runningMs);
    this.#withdraw(id);
  }

  /** Asks for as many as there is room for now. */
  ask(runningMs: number): void {
    for (const known of this.#known.values()) {
      if (known.isAsked) continue;
      if (this.#window.singles(runningMs) === 0) return;
      known.isAsked = true;
      this.#window.take(known.notification.id, false, runningMs);
      this.#send(known.notification);
    }
  }

  /** @returns whether it is one of these. */
  confirmed(id: string, outcome: NotificationOutcome, runningMs: number): boolean {
    if (!this.#known.has(id)) return false;
    if (outcome === 'denied') this.#window.free(id);
    else this.#window.settle(id, false, runningMs);
    return true;
  }
}
