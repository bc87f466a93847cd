import type { HostNotification, HostToWindow, NotificationOutcome } from './port.ts';

/**
 * Gets each notification of the core shown in exactly one window, and tells the core what became of it.
 * It outlives cores: one that was killed and asks again for what was shown gets the outcome, and nothing
 * is shown twice. It decides nothing about what is worth a notification; that is the core's business.
 *
 * Where a second showing cannot be ruled out (a window went away without an answer), losing the
 * notification would be worse; windows use the id as the system's `tag`, so that one browser replaces
 * instead of stacking.
 */

export type NotificationPermission = 'granted' | 'denied' | 'default';

/** A connected window, as the relay needs it. */
export interface NotificationWindow {
  send(message: HostToWindow): void;
}

export interface RelayOptions {
  /** Tells the core what became of one of its notifications. */
  readonly confirm: (id: string, outcome: NotificationOutcome, atMs: number) => void;
}

/** A window that was offered a notification and is silent for so long gets company by another one. */
const answerGraceMs = 10_000;
/** How long every connected window must have denied before that is taken for the person's wish. */
const deniedGraceMs = 5_000;
const maxRemembered = 10_000;

interface Guest {
  readonly window: NotificationWindow;
  permission: NotificationPermission;
}

interface Pending {
  readonly notification: HostNotification;
  readonly offeredTo: Set<Guest>;
  withdrawn: boolean;
  /** Runs while the window that was asked last may still answer. */
  overdue: NodeJS.Timeout | undefined;
}

export class NotificationRelay {
  readonly #options: RelayOptions;
  /** In order of activity, the most recently active last. */
  readonly #guests = new Map<NotificationWindow, Guest>();
  readonly #pending = new Map<string, Pending>();
  readonly #outcomes = new Map<string, { readonly outcome: NotificationOutcome; readonly atMs: number }>();
  #denied: NodeJS.Timeout | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** The core asks. What is known is confirmed, what is under way goes on, what is new is offered. */
  notify(notification: HostNotification): void {
    const known = this.#outcomes.get(notification.id);
    if (known !== undefined) return this.#options.confirm(notification.id, known.outcome, known.atMs);
    const present = this.#pending.get(notification.id);
    if (present !== undefined) return this.#wantAgain(present);
    const pending: Pending = { notification, offeredTo: new Set(), withdrawn: false, overdue: undefined };
    this.#pending.set(notification.id, pending);
    this.#offer(pending);
    this.#judgeDenial();
  }

  /** A window that was told to forget it would never answer: it is offered as if it were new. */
  #wantAgain(pending: Pending): void {
    if (!pending.withdrawn) return;
    pending.withdrawn = false;
    pending.offeredTo.clear();
    pending.overdue = undefined;
    this.#offer(pending);
  }

  /** The core no longer wants it shown. What a window may have shown already still gets its outcome. */
  withdraw(id: string): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    pending.withdrawn = true;
    clearTimeout(pending.overdue);
    for (const guest of pending.offeredTo) guest.window.send({ kind: 'withdraw', id });
    if (pending.offeredTo.size === 0) this.#pending.delete(id);
  }

  windowOpened(window: NotificationWindow): void {
    this.#guests.set(window, { window, permission: 'default' });
    this.#judgeDenial();
  }

  /** A window tells its permission: when it connects, when that changes, and when it comes to the front. */
  permissionChanged(window: NotificationWindow, permission: NotificationPermission): void {
    const guest = this.#guests.get(window);
    if (guest === undefined) return;
    guest.permission = permission;
    this.#guests.delete(window);
    this.#guests.set(window, guest);
    for (const pending of this.#pending.values()) if (pending.overdue === undefined) this.#offer(pending);
    this.#judgeDenial();
  }

  /** A window's answer; from one that was not asked it does not count. */
  answered(window: NotificationWindow, id: string, outcome: NotificationOutcome): void {
    const guest = this.#guests.get(window);
    const pending = this.#pending.get(id);
    if (guest === undefined || pending?.offeredTo.has(guest) !== true) return;
    if (outcome === 'shown') return this.#settle(pending, 'shown', guest);
    guest.permission = 'denied';
    this.#release(pending, guest);
    this.#judgeDenial();
  }

  windowClosed(window: NotificationWindow): void {
    const guest = this.#guests.get(window);
    if (guest === undefined) return;
    this.#guests.delete(window);
    for (const pending of this.#pending.values()) {
      if (pending.offeredTo.has(guest)) this.#release(pending, guest);
    }
    this.#judgeDenial();
  }

  /** Ends its timers; for a host that ends. */
  close(): void {
    clearTimeout(this.#denied);
    for (const pending of this.#pending.values()) clearTimeout(pending.overdue);
  }

  /** A window is out of the question for a notification that it was offered: the next one's turn. */
  #release(pending: Pending, guest: Guest): void {
    pending.offeredTo.delete(guest);
    if (pending.offeredTo.size > 0) return;
    clearTimeout(pending.overdue);
    pending.overdue = undefined;
    if (pending.withdrawn) this.#pending.delete(pending.notification.id);
    else this.#offer(pending);
  }

  #offer(pending: Pending): void {
    const guest = [...this.#guests.values()].findLast(
      (candidate) => candidate.permission === 'granted' && !pending.offeredTo.has(candidate),
    );
    if (guest === undefined || pending.withdrawn) return;
    pending.offeredTo.add(guest);
    guest.window.send({ kind: 'notify', notification: pending.notification });
    pending.overdue = setTimeout(() => {
      pending.overdue = undefined;
      this.#offer(pending);
    }, answerGraceMs);
  }

  #settle(pending: Pending, outcome: NotificationOutcome, by?: Guest): void {
    const id = pending.notification.id;
    clearTimeout(pending.overdue);
    this.#pending.delete(id);
    for (const other of pending.offeredTo) {
      if (other !== by) other.window.send({ kind: 'withdraw', id });
    }
    this.#remember(id, outcome);
  }

  #remember(id: string, outcome: NotificationOutcome): void {
    const atMs = Date.now();
    this.#outcomes.set(id, { outcome, atMs });
    const [oldest] = this.#outcomes.keys();
    if (this.#outcomes.size > maxRemembered && oldest !== undefined) this.#outcomes.delete(oldest);
    this.#options.confirm(id, outcome, atMs);
  }

  /** Where windows are there and all of them have denied for a while, that is the answer. */
  #judgeDenial(): void {
    const guests = [...this.#guests.values()];
    const allDenied = guests.length > 0 && guests.every((guest) => guest.permission === 'denied');
    if (!allDenied || this.#pending.size === 0) {
      clearTimeout(this.#denied);
      this.#denied = undefined;
      return;
    }
    this.#denied ??= setTimeout(() => {
      this.#denied = undefined;
      for (const pending of this.#pending.values()) this.#settle(pending, 'denied');
    }, deniedGraceMs);
  }
}
