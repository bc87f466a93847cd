import type { Gathered } from './fold.ts';
import type { ServerFrame } from './frames.ts';

/**
 * Back-pressure for topics with a fold, joined over one link: while the window has so many frames to see
 * yet, what changes is gathered, and goes out as one patch for many when it has caught up. A window
 * decides by its own frames how often it is told, and never needs a second snapshot for being slow.
 */
const maxUnseen = 4;
/** Rows of one patch: a longer one would hold up a key between two frames, and four of them go out at once. */
const maxRows = 250;

export interface PacedOptions {
  readonly id: number;
  readonly first: boolean;
  readonly current: () => unknown;
  readonly gathered: Gathered<unknown>;
  readonly send: (frame: ServerFrame) => void;
}

export class PacedSubscription {
  readonly #options: PacedOptions;
  readonly #pace: Pace;
  #sent = -1;
  #seen = -1;
  /** The newest snapshot's sequence. */
  #snapshot = -1;
  #wantsSnapshot = false;

  constructor(options: PacedOptions, pace: Pace) {
    this.#options = options;
    this.#pace = pace;
  }

  get first(): boolean {
    return this.#options.first;
  }

  get unseen(): number {
    return this.#sent - this.#seen;
  }

  push(patch: unknown): void {
    this.#options.gathered.add(patch);
    this.#pace.release();
  }

  /** @returns whether it is news that the window has applied everything up to `sequence`. */
  seen(sequence: number): boolean {
    const seen = Math.min(this.#sent, Math.max(this.#seen, sequence));
    const isNews = seen > this.#seen;
    this.#seen = seen;
    if (this.#wantsSnapshot && this.#snapshot <= this.#seen) this.resync();
    if (isNews) this.#pace.release();
    return isNews;
  }

  /** Sends the value as it is now; while a snapshot is under way, one more after it. */
  resync(): void {
    const { id, gathered, current, send } = this.#options;
    this.#wantsSnapshot = this.#snapshot > this.#seen;
    if (this.#wantsSnapshot) return;
    // What was gathered is part of what is sent now.
    while (gathered.take(Number.POSITIVE_INFINITY) !== null);
    this.#sent++;
    this.#snapshot = this.#sent;
    send({ frame: 'snapshot', id, sequence: this.#sent, value: current() });
  }

  /** Sends what was gathered, or a part of it. @returns whether there was anything. */
  sendGathered(): boolean {
    const { id, gathered, send } = this.#options;
    const patch = gathered.take(maxRows);
    if (patch === null) return false;
    this.#sent++;
    send({ frame: 'patch', id, sequence: this.#sent, value: patch });
    return true;
  }
}

/** The subscriptions of one link that share what the window has to see yet. */
export class Pace {
  readonly #subscriptions = new Set<PacedSubscription>();

  add(options: PacedOptions): PacedSubscription {
    const subscription = new PacedSubscription(options, this);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  remove(subscription: PacedSubscription): void {
    this.#subscriptions.delete(subscription);
    this.release();
  }

  release(): void {
    const all = [...this.#subscriptions];
    const inTurn = [...all.filter(({ first }) => first), ...all.filter(({ first }) => !first)];
    for (const subscription of inTurn) {
      while (this.#unseen() < maxUnseen) if (!subscription.sendGathered()) break;
    }
  }

  #unseen(): number {
    let unseen = 0;
    for (const subscription of this.#subscriptions) unseen += subscription.unseen;
    return unseen;
  }
}
