import type { Link } from '#shared/link.ts';

/** One core's end of whatever carries it, as a link that ends once and says nothing after its end. */
export class CoreLink implements Link {
  readonly #out: (message: unknown) => void;
  readonly #closeCarrier: (reason: string) => void;
  #listener: ((message: unknown) => void) | undefined;
  #closeListener: (reason: string) => void = () => undefined;
  /** What came before anybody listened: of a core its greeting alone, as all else is asked for. */
  #early: unknown[] = [];
  #endReason: string | undefined;

  constructor(out: (message: unknown) => void, closeCarrier: (reason: string) => void) {
    this.#out = out;
    this.#closeCarrier = closeCarrier;
  }

  send(message: unknown): void {
    if (this.#endReason === undefined) this.#out(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    for (const message of this.#early) listener(message);
    this.#early = [];
  }

  onClose(listener: (reason: string) => void): void {
    this.#closeListener = listener;
    if (this.#endReason !== undefined) listener(this.#endReason);
  }

  close(reason: string): void {
    if (this.#endReason !== undefined) return;
    this.end(reason);
    this.#closeCarrier(reason);
  }

  receive(message: unknown): void {
    if (this.#endReason !== undefined) return;
    if (this.#listener === undefined) this.#early.push(message);
    else this.#listener(message);
  }

  end(reason: string): void {
    if (this.#endReason !== undefined) return;
    this.#endReason = reason;
    this.#closeListener(reason);
  }
}
