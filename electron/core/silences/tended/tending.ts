import type { AlertRecord } from '#core/store/records.ts';
import { drop } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import { AcknowledgementKeeper } from './acknowledgement-keeper.ts';
import { ReminderKeeper } from './reminder-keeper.ts';
import { SelfEndingKeeper } from './self-ending-keeper.ts';
import type { TendingOptions } from './tending-options.ts';

/**
 * Looks after silences: at every change soon, and else every few seconds. One look at a time; what has to be done
 * is asked of the outbox, which holds it, sends it and writes it down (ADR 0024).
 */
const lookEveryMs = 5 * secondMs;
const soonMs = secondMs;

export class Tending {
  readonly #options: TendingOptions;
  readonly #acknowledgements: AcknowledgementKeeper;
  readonly #selfEnding: SelfEndingKeeper;
  readonly #reminders: ReminderKeeper;
  #cancel: () => void = () => undefined;
  #isSoon = false;
  #isStopped = true;
  #last: Promise<void> = Promise.resolve();
  #stopListening: () => void = () => undefined;

  constructor(options: TendingOptions) {
    this.#options = options;
    this.#acknowledgements = new AcknowledgementKeeper(options);
    this.#selfEnding = new SelfEndingKeeper(options);
    this.#reminders = new ReminderKeeper(options);
  }

  /** Once the silences and the outbox are as they were left. */
  async start(): Promise<void> {
    this.#isStopped = false;
    await this.#reminders.restore();
    if (this.#isStopped) return;
    this.#stopListening = this.#options.silences.onOutcome((entry) => {
      this.#acknowledgements.heard(entry);
      this.#selfEnding.heard(entry);
      this.soon();
    });
    this.soon();
  }

  /** A look that is under way has ended when this resolves. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopListening();
    this.#cancel();
    await this.#last;
  }

  /** Incidents or alerts changed. */
  applied(touched: Iterable<AlertRecord>): void {
    if (this.#isStopped) return;
    this.#selfEnding.touched(touched);
    this.soon();
  }

  /** Something changed: looked at once for all that changes together. */
  soon(): void {
    if (this.#isSoon || this.#isStopped) return;
    this.#isSoon = true;
    this.#wait(soonMs);
  }

  #wait(delayMs: number): void {
    this.#cancel();
    this.#cancel = this.#options.clock.after(delayMs, () => {
      this.#isSoon = false;
      this.#last = this.#last.catch(() => undefined).then(() => this.#look());
      drop(this.#last, 'what could not be done is found again at the next look');
    });
  }

  async #look(): Promise<void> {
    if (this.#isStopped) return;
    await this.#acknowledgements.look();
    await this.#selfEnding.look();
    this.#reminders.look();
    if (!this.#isSoon && !this.#isStopped) this.#wait(lookEveryMs);
  }
}
